//go:build unix

package rcon

import (
	"errors"
	"fmt"
	"io"
	"net"
	"syscall"

	"golang.org/x/sys/unix"
)

// glance reads what has come: a socket of Go's never blocks by itself.
type glance struct {
	raw  syscall.RawConn
	look func(fd uintptr)
	// into, n and err are what look is given and gives.
	into []byte
	n    int
	err  error
}

func newGlance(nc net.Conn) (*glance, error) {
	conn, ok := nc.(syscall.Conn)
	if !ok {
		return nil, fmt.Errorf("a connection of type %T has no socket", nc)
	}
	raw, err := conn.SyscallConn()
	if err != nil {
		return nil, err
	}
	g := &glance{raw: raw}
	g.look = g.readSocket
	return g, nil
}

// read does not heed the connection's deadline, which may be that of a command long done.
func (g *glance) read(p []byte) (int, error) {
	g.into = p
	err := g.raw.Control(g.look)
	g.into = nil
	switch {
	case err != nil:
		return 0, err
	case errors.Is(g.err, unix.EAGAIN):
		return 0, errNothing
	case g.err != nil:
		return 0, fmt.Errorf("read: %w", g.err)
	case g.n == 0:
		return 0, io.EOF
	}
	return g.n, nil
}

func (g *glance) readSocket(fd uintptr) {
	g.err = unix.EINTR
	for errors.Is(g.err, unix.EINTR) {
		g.n, g.err = unix.Read(int(fd), g.into)
	}
}
