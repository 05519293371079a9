package speech

import (
	"syscall"

	"golang.org/x/sys/windows"
)

// hidden keeps a console window from flashing up.
func hidden() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{CreationFlags: windows.CREATE_NO_WINDOW}
}
