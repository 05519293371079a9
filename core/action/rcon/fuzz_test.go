package rcon

import (
	"bytes"
	"errors"
	"io"
	"runtime"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	codec "github.com/gorcon/rcon"

	"github.com/livecue/livecue/core/action"
)

// packets returns packets as they are on the wire.
func packets(ps ...*codec.Packet) []byte {
	var b bytes.Buffer
	for _, p := range ps {
		_, _ = p.WriteTo(&b)
	}
	return b.Bytes()
}

// FuzzReplies lets a server answer a login and a command with any bytes: nothing panics, nothing outlasts the deadline by
// much, and what is kept is bounded.
func FuzzReplies(f *testing.F) {
	good := packets(codec.NewPacket(2, 2, ""))
	f.Add(good, packets(codec.NewPacket(0, 4, "There are 0 of a max of 20 players online")))
	f.Add(good, packets(codec.NewPacket(0, 4, strings.Repeat("x", 4096)), codec.NewPacket(0, 4, "y"), codec.NewPacket(0, 5, "Unknown request 0")))
	f.Add(good, packets(codec.NewPacket(0, 2, "late"), codec.NewPacket(0, -1, ""), codec.NewPacket(0, 4, "\x00§\xff<--[HERE]")))
	f.Add(good, []byte("\xff\xff\xff\x7f\x04\x00\x00\x00"))
	f.Add(good, []byte("\xff\xff\xff\xff"))
	f.Add(good, []byte{})
	f.Add(packets(codec.NewPacket(2, -1, "")), []byte{})
	f.Add(packets(codec.NewPacket(0, 2, ""), codec.NewPacket(2, 2, "")), packets(codec.NewPacket(0, 4, "")))
	f.Add([]byte("HTTP/1.1 400 Bad Request\r\n\r\n"), []byte{})

	type script struct{ login, reply []byte }
	scripts := make(chan script, 1)
	addr := listen(f, func(p peer) {
		select {
		case s := <-scripts:
			p.read()
			_, _ = p.nc.Write(s.login)
			p.read()
			_, _ = p.nc.Write(s.reply)
		default: // a second try at the login
		}
	})
	f.Fuzz(func(t *testing.T, login, reply []byte) {
		select {
		case <-scripts: // the one before never got a connection
		default:
		}
		scripts <- script{login, reply}
		c := client(t, addr, Options{Timeout: 50 * time.Millisecond})
		c.closedPause = 0
		start := time.Now()
		o, err := c.Do(t.Context(), job("list"))
		if took := time.Since(start); took > 10*time.Second {
			t.Errorf("took %v", took)
		}
		if err == nil && o.State != action.Done && o.State != action.Rejected && o.State != action.Unknown {
			t.Errorf("state %q", o.State)
		}
		if len(o.Reply) > 3*maxAnswer || !utf8.ValidString(o.Reply) || strings.ContainsAny(o.Reply, "\x00\x1b") {
			t.Errorf("kept %d bytes: %.200q", len(o.Reply), o.Reply)
		}
	})
}

// TestPacketsAreBounded reads what claims to be large: no more is allocated than one packet may hold.
func TestPacketsAreBounded(t *testing.T) {
	for _, size := range []string{"\xff\xff\xff\x7f", "\x00\x00\x00\x40", "\x01\x00\x01\x00"} {
		in := newReader(io.MultiReader(strings.NewReader(size), strings.NewReader(strings.Repeat("x", 1<<20))))
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		_, err := readPacket(in)
		runtime.ReadMemStats(&after)
		if !errors.Is(err, errPacket) {
			t.Errorf("%q: error %v", size, err)
		}
		if got := after.TotalAlloc - before.TotalAlloc; got > 1<<20 {
			t.Errorf("%q: allocated %d bytes", size, got)
		}
	}
	largest := codec.NewPacket(0, 1, strings.Repeat("x", maxPacket-10))
	p, err := readPacket(newReader(bytes.NewReader(packets(largest))))
	if err != nil || p.Body() != largest.Body() {
		t.Errorf("the largest packet: %v", err)
	}
}
