//go:build unix && !linux

package process

import "syscall"

// attributes ask for a group.
func attributes() *syscall.SysProcAttr { return &syscall.SysProcAttr{Setpgid: true} }
