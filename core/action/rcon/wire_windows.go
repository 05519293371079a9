package rcon

import (
	"errors"
	"fmt"
	"net"
	"os"
	"syscall"
	"time"
	"unsafe"

	"golang.org/x/sys/windows"
)

const (
	// pollReadable is POLLRDNORM of winsock2.h. That the other side has gone is told unasked.
	pollReadable = 0x0100
	// glanceTakes bounds the read of what is said to be there.
	glanceTakes = 50 * time.Millisecond
)

// glance asks Windows whether there is something to read before it reads.
type glance struct {
	nc   net.Conn
	raw  syscall.RawConn
	poll *windows.LazyProc
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
	poll := windows.NewLazySystemDLL("ws2_32.dll").NewProc("WSAPoll")
	if err := poll.Find(); err != nil {
		return nil, err
	}
	return &glance{nc: nc, raw: raw, poll: poll}, nil
}

// read leaves a deadline behind that has nothing to do with a command's.
func (g *glance) read(p []byte) (int, error) {
	isReady, err := g.isReady()
	if err != nil {
		return 0, err
	}
	if !isReady {
		return 0, errNothing
	}
	if err := g.nc.SetReadDeadline(time.Now().Add(glanceTakes)); err != nil {
		return 0, err
	}
	n, err := g.nc.Read(p)
	if errors.Is(err, os.ErrDeadlineExceeded) {
		err = errNothing
	}
	return n, err
}

// isReady reports whether a read would return at once: with bytes, with the end or with an error. Where the question fails, it
// is the read that tells.
func (g *glance) isReady() (bool, error) {
	asked := struct { // WSAPOLLFD
		socket          uintptr
		events, revents int16
	}{events: pollReadable}
	var ready uintptr
	err := g.raw.Control(func(socket uintptr) {
		asked.socket = socket
		ready, _, _ = g.poll.Call(uintptr(unsafe.Pointer(&asked)), 1, 0)
	})
	return ready != 0, err
}
