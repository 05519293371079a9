//go:build !windows

package speech

import "syscall"

// hidden is for Windows.
func hidden() *syscall.SysProcAttr { return nil }
