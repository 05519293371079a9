package words

import (
	"errors"
	"runtime"
	"strings"
	"syscall"

	"fyne.io/fyne/v2/lang"
)

// windowsDiskFull is what Windows says of a full disk: ERROR_DISK_FULL.
const windowsDiskFull = syscall.Errno(112)

// isDiskFull reports whether a write failed for want of room.
func isDiskFull(err error) bool {
	return errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT) || runtime.GOOS == "windows" && errors.Is(err, windowsDiskFull)
}

// Bytes says how large a file is.
func Bytes(n int64) string {
	unit, size := "KB", float64(n)/1e3
	for _, larger := range []string{"MB", "GB"} {
		if size >= 1000 {
			unit, size = larger, size/1e3
		}
	}
	text := decimal(size)
	if size >= 100 || unit == "KB" {
		text = strings.SplitN(text, lang.X("decimal point", "."), 2)[0]
	}
	return text + "\u202f" + unit
}
