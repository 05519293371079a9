//go:build unix

package rcon

import (
	"fmt"
	"io"
	"net"
	"syscall"

	"golang.org/x/sys/unix"
)

// glance reads what has come: a socket of Go's never blocks by itself.
type glance struct{ raw syscall.RawConn }

func newGlance(nc net.Conn) (glance, error) {
	conn, ok := nc.(syscall.Conn)
	if !ok {
		return glance{}, fmt.Errorf("a connection of type %T has no socket", nc)
	}
	raw, err := conn.SyscallConn()
	return glance{raw}, err
}

// read does not heed the connection's deadline, which may be that of a command long done.
func (g glance) read(p []byte) (int, error) {
	var n int
	var err error
	look := func(fd uintptr) {
		for {
			if n, err = unix.Read(int(fd), p); err != unix.EINTR { //nolint:errorlint // a system call returns it bare
				return
			}
		}
	}
	if err := g.raw.Control(look); err != nil {
		return 0, err
	}
	switch {
	case err == unix.EAGAIN: //nolint:errorlint // as above
		return 0, errNothing
	case err != nil:
		return 0, fmt.Errorf("read: %w", err)
	case n == 0:
		return 0, io.EOF
	}
	return n, nil
}
