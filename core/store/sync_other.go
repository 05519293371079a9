//go:build !linux

package store

import "os"

// syncFile brings what was written to the disk.
func syncFile(f *os.File) error { return f.Sync() }
