package rcon

import (
	"errors"
	"net"
)

// errNothing says that there is nothing to read yet.
var errNothing = errors.New("nothing to read yet")

// wire reads from a connection. While noWait is set it does not wait for what has not come: a Read returns errNothing then.
// So it is seen that a server has closed the connection without a goroutine that sits in a Read.
type wire struct {
	nc     net.Conn
	noWait bool
	glance *glance
}

func newWire(nc net.Conn) (*wire, error) {
	g, err := newGlance(nc)
	if err != nil {
		return nil, err
	}
	return &wire{nc: nc, glance: g}, nil
}

// Read implements io.Reader.
func (w *wire) Read(p []byte) (int, error) {
	if w.noWait {
		return w.glance.read(p)
	}
	return w.nc.Read(p)
}
