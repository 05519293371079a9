package rcon

import (
	"bufio"
	"net"
	"sync"
	"testing"
	"time"

	codec "github.com/gorcon/rcon"
)

// peer is a server's end of one connection, for what the practice server is too well behaved to do.
type peer struct {
	t  testing.TB
	nc net.Conn
	in *bufio.Reader
}

// listen serves each connection with serve until the test ends, and returns the address.
func listen(t testing.TB, serve func(peer)) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	var wg sync.WaitGroup
	var mu sync.Mutex
	var open []net.Conn
	wg.Go(func() {
		for {
			nc, err := l.Accept()
			if err != nil {
				return
			}
			mu.Lock()
			open = append(open, nc)
			mu.Unlock()
			wg.Go(func() {
				defer func() { _ = nc.Close() }()
				_ = nc.SetDeadline(time.Now().Add(60 * time.Second))
				serve(peer{t: t, nc: nc, in: bufio.NewReader(nc)})
			})
		}
	})
	t.Cleanup(func() {
		_ = l.Close()
		mu.Lock()
		for _, nc := range open {
			_ = nc.Close()
		}
		mu.Unlock()
		wg.Wait()
	})
	return l.Addr().String()
}

// read returns the next packet, or an empty one when the client has left.
func (p peer) read() *codec.Packet {
	packet := &codec.Packet{}
	_, _ = packet.ReadFrom(p.in)
	return packet
}

func (p peer) acceptLogin() {
	_, _ = codec.NewPacket(codec.SERVERDATA_AUTH_RESPONSE, p.read().ID, "").WriteTo(p.nc)
}

// command returns the next command; an end mark on the way is ignored.
func (p peer) command() *codec.Packet {
	for {
		if packet := p.read(); packet.Type != markType || packet.ID == 0 {
			return packet
		}
	}
}

// mark answers the next packet as an end mark.
func (p peer) mark() {
	p.answer(p.read().ID, "Unknown request 0")
}

func (p peer) answer(id int32, body string) { _ = p.try(id, body) }

func (p peer) try(id int32, body string) error {
	_, err := codec.NewPacket(codec.SERVERDATA_RESPONSE_VALUE, id, body).WriteTo(p.nc)
	return err
}

// hold keeps the connection open until the client leaves.
func (p peer) hold() {
	for p.read().ID != 0 {
	}
}
