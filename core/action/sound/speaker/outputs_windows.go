package speaker

import (
	"errors"

	"golang.org/x/sys/windows"
)

// checkOutputs returns an error when Windows has no sound device. oto would play into nothing then, in time, so that the
// moving position looks like sound.
func checkOutputs() error {
	count := windows.NewLazySystemDLL("winmm.dll").NewProc("waveOutGetNumDevs")
	if err := count.Find(); err != nil {
		return nil // a Windows without winmm.dll; oto will tell
	}
	if n, _, _ := count.Call(); n == 0 {
		return errors.New("Windows has no sound output")
	}
	return nil
}
