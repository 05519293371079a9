//go:build !unix

package rcon

import (
	"errors"
	"net"
	"os"
	"time"
)

const (
	// glanceTakes is how long a read is given that is not meant to wait. With a deadline in the past, Go would not read at all.
	glanceTakes = 500 * time.Microsecond
	// glanceAgain is how long the last one is believed, so that commands that follow each other pay for few of them.
	glanceAgain = 20 * time.Millisecond
)

// glance reads what comes within a moment.
type glance struct {
	nc net.Conn
	// last is when nothing came.
	last time.Time
}

func newGlance(nc net.Conn) (*glance, error) { return &glance{nc: nc}, nil }

// read leaves a deadline behind that has passed.
func (g *glance) read(p []byte) (int, error) {
	now := time.Now()
	if now.Sub(g.last) < glanceAgain {
		return 0, errNothing
	}
	if err := g.nc.SetReadDeadline(now.Add(glanceTakes)); err != nil {
		return 0, err
	}
	n, err := g.nc.Read(p)
	if errors.Is(err, os.ErrDeadlineExceeded) {
		g.last = time.Now()
		err = errNothing
	}
	return n, err
}
