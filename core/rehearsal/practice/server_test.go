package practice

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"strings"
	"testing"
	"time"

	codec "github.com/gorcon/rcon"
)

const password = "practice makes perfect"

// start runs a server until the test ends.
func start(t *testing.T, opts Options) *Server {
	t.Helper()
	opts.Log = slog.New(slog.DiscardHandler)
	s, err := Listen(opts)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- s.Run(ctx) }()
	t.Cleanup(func() {
		cancel()
		if err := <-done; err != nil {
			t.Errorf("run: %v", err)
		}
		if n := s.Connections(); n != 0 {
			t.Errorf("%d connections are open after Run", n)
		}
	})
	return s
}

// wire is the other end, packet by packet.
type wire struct {
	t  *testing.T
	nc net.Conn
}

func dial(t *testing.T, s *Server) wire {
	t.Helper()
	nc, err := net.Dial("tcp", s.Addr())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = nc.Close() })
	_ = nc.SetDeadline(time.Now().Add(20 * time.Second))
	return wire{t: t, nc: nc}
}

func (w wire) send(kind, id int32, body string) {
	w.t.Helper()
	if _, err := codec.NewPacket(kind, id, body).WriteTo(w.nc); err != nil {
		w.t.Fatal(err)
	}
}

func (w wire) want(kind, id int32, body string) {
	w.t.Helper()
	var p codec.Packet
	if _, err := p.ReadFrom(w.nc); err != nil {
		w.t.Fatalf("read: %v", err)
	}
	if p.Type != kind || p.ID != id || p.Body() != body {
		w.t.Fatalf("got type %d id %d %q, want type %d id %d %q", p.Type, p.ID, p.Body(), kind, id, body)
	}
}

func (w wire) wantClosed() {
	w.t.Helper()
	if n, err := w.nc.Read(make([]byte, 64)); n != 0 || err == nil {
		w.t.Fatalf("read %d bytes, error %v; want a closed connection", n, err)
	}
}

func (w wire) login() {
	w.t.Helper()
	w.send(codec.SERVERDATA_AUTH, 1, password)
	w.want(codec.SERVERDATA_AUTH_RESPONSE, 1, "")
}

func TestVanilla(t *testing.T) {
	s := start(t, Options{Password: password})
	w := dial(t, s)
	w.send(codec.SERVERDATA_EXECCOMMAND, 5, "list")
	w.want(codec.SERVERDATA_AUTH_RESPONSE, -1, "")
	w.send(codec.SERVERDATA_AUTH, 6, "wrong")
	w.want(codec.SERVERDATA_AUTH_RESPONSE, -1, "")
	w.login()
	w.send(codec.SERVERDATA_EXECCOMMAND, 7, "list")
	w.want(codec.SERVERDATA_RESPONSE_VALUE, 7, "There are 2 of a max of 20 players online: pixel_pia, testy_tom")
	w.send(codec.SERVERDATA_EXECCOMMAND, 8, `tellraw @a {"text":"hi"}`)
	w.want(codec.SERVERDATA_RESPONSE_VALUE, 8, "")
	w.send(200, 9, "")
	w.want(codec.SERVERDATA_RESPONSE_VALUE, 9, "Unknown request c8")
	if s.Count() != 2 || s.Logins() != 2 {
		t.Errorf("count %d, logins %d, want 2 and 2", s.Count(), s.Logins())
	}
}

func TestVanillaReadsOnePacketAtOnce(t *testing.T) {
	s := start(t, Options{Password: password})
	t.Run("longest", func(t *testing.T) {
		w := dial(t, s)
		w.login()
		text := "say " + strings.Repeat("x", 1446-4)
		w.send(codec.SERVERDATA_EXECCOMMAND, 2, text)
		w.want(codec.SERVERDATA_RESPONSE_VALUE, 2, "[Rcon] "+text[4:])
	})
	t.Run("too long", func(t *testing.T) {
		w := dial(t, s)
		w.login()
		w.send(codec.SERVERDATA_EXECCOMMAND, 2, "say "+strings.Repeat("x", 1447-4))
		w.wantClosed()
	})
	t.Run("two at once", func(t *testing.T) {
		w := dial(t, s)
		w.login()
		var both strings.Builder
		for id := range int32(2) {
			_, _ = codec.NewPacket(codec.SERVERDATA_EXECCOMMAND, id+2, "list").WriteTo(&both)
		}
		if _, err := io.WriteString(w.nc, both.String()); err != nil {
			t.Fatal(err)
		}
		w.wantClosed()
	})
}

func TestTwoPackets(t *testing.T) {
	s := start(t, Options{Password: password, Dialect: TwoPackets})
	w := dial(t, s)
	w.login()
	w.send(codec.SERVERDATA_EXECCOMMAND, 2, "weather clear")
	w.want(codec.SERVERDATA_RESPONSE_VALUE, 2, "Set the weather to clear")
	w.want(codec.SERVERDATA_RESPONSE_VALUE, 2, "")
	wrong := dial(t, s)
	wrong.send(codec.SERVERDATA_AUTH, 1, "wrong")
	wrong.wantClosed()
}

func TestPerLine(t *testing.T) {
	s := start(t, Options{Password: password, Dialect: PerLine})
	w := dial(t, s)
	w.login()
	w.send(codec.SERVERDATA_EXECCOMMAND, 2, "tellraw @a \"nothing comes back\"")
	w.send(codec.SERVERDATA_EXECCOMMAND, 3, "dance")
	w.want(codec.SERVERDATA_RESPONSE_VALUE, 3, "Unknown or incomplete command, see below for error")
	w.want(codec.SERVERDATA_RESPONSE_VALUE, 3, "dance<--[HERE]")
	wrong := dial(t, s)
	wrong.send(codec.SERVERDATA_AUTH, 1, "wrong")
	wrong.wantClosed()
}

func TestSource(t *testing.T) {
	s := start(t, Options{Password: password, Dialect: Source})
	w := dial(t, s)
	w.send(codec.SERVERDATA_AUTH, 4, "wrong")
	w.want(codec.SERVERDATA_RESPONSE_VALUE, 4, "")
	w.want(codec.SERVERDATA_AUTH_RESPONSE, -1, "")
	w.send(codec.SERVERDATA_AUTH, 5, password)
	w.want(codec.SERVERDATA_RESPONSE_VALUE, 5, "")
	w.want(codec.SERVERDATA_AUTH_RESPONSE, 5, "")
	w.send(codec.SERVERDATA_RESPONSE_VALUE, 6, "")
	w.want(codec.SERVERDATA_RESPONSE_VALUE, 6, "")
	w.want(codec.SERVERDATA_RESPONSE_VALUE, 6, "\x00\x01\x00\x00")
}

func TestHelpComesInParts(t *testing.T) {
	s := start(t, Options{Password: password})
	whole, _ := s.world.run("help")
	w := dial(t, s)
	w.login()
	w.send(codec.SERVERDATA_EXECCOMMAND, 2, "help")
	if len(whole) <= 2*maxPart || len(whole) > 3*maxPart {
		t.Fatalf("help has %d bytes, want three parts", len(whole))
	}
	w.want(codec.SERVERDATA_RESPONSE_VALUE, 2, whole[:maxPart])
	w.want(codec.SERVERDATA_RESPONSE_VALUE, 2, whole[maxPart:2*maxPart])
	w.want(codec.SERVERDATA_RESPONSE_VALUE, 2, whole[2*maxPart:])
}

func TestSplit(t *testing.T) {
	for _, text := range []string{
		"", "short", strings.Repeat("a", maxPart), strings.Repeat("a", maxPart+1), strings.Repeat("é", 3*maxPart),
		strings.Repeat("😀", maxPart), "a" + strings.Repeat("😀", maxPart), strings.Repeat("\xff", 2*maxPart),
	} {
		parts := split(text)
		if strings.Join(parts, "") != text {
			t.Errorf("parts of %d bytes do not make the whole", len(text))
		}
		for _, part := range parts {
			units := 0
			for _, r := range part {
				units++
				if r > 0xFFFF {
					units++
				}
			}
			if units > maxPart || part == "" && len(parts) > 1 {
				t.Errorf("a part has %d characters", units)
			}
		}
	}
}

func TestCommandsAreBounded(t *testing.T) {
	var heard []uint64
	s := start(t, Options{Keep: 10, OnCommand: func(c Command) { heard = append(heard, c.Seq) }})
	for i := range 95 {
		s.run(s.count.Add(1), "nowhere", fmt.Sprintf("say %d", i))
	}
	kept := s.Commands()
	if len(kept) != 10 || kept[0].Text != "say 85" || kept[9].Text != "say 94" || kept[9].Reply != "[Rcon] 94" {
		t.Errorf("kept %d commands: %+v", len(kept), kept)
	}
	if cap(s.kept) > 64 || len(heard) != 95 || s.Count() != 95 {
		t.Errorf("capacity %d, heard %d, count %d", cap(s.kept), len(heard), s.Count())
	}
}

func TestListenRefuses(t *testing.T) {
	for _, addr := range []string{":0", "0.0.0.0:0", "[::]:0", "192.0.2.1:0", "example.org:0"} {
		if _, err := Listen(Options{Addr: addr}); !errors.Is(err, ErrNotLoopback) {
			t.Errorf("%q: error %v", addr, err)
		}
	}
	for _, opts := range []Options{{Addr: "nonsense"}, {Dialect: "klingon"}} {
		if s, err := Listen(opts); err == nil {
			_ = s.Close()
			t.Errorf("%+v: no error", opts)
		}
	}
	s, err := Listen(Options{})
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(s.Close(), s.Close()); err != nil {
		t.Errorf("close twice: %v", err)
	}
	if err := s.Run(t.Context()); !errors.Is(err, net.ErrClosed) {
		t.Errorf("run after close: %v", err)
	}
}

func TestFaults(t *testing.T) {
	s := start(t, Options{Password: password})
	for _, fault := range []Fault{FaultHalfClose, FaultReset} {
		w := dial(t, s)
		s.SetFault(FaultNone)
		w.login()
		s.SetFault(fault)
		w.send(codec.SERVERDATA_EXECCOMMAND, 2, "list")
		w.wantClosed()
	}
	for _, fault := range []Fault{FaultRefuse, FaultCloseLogin} {
		s.SetFault(fault)
		w := dial(t, s)
		w.send(codec.SERVERDATA_AUTH, 1, password)
		if fault == FaultCloseLogin {
			w.wantClosed()
		} else {
			w.want(codec.SERVERDATA_AUTH_RESPONSE, -1, "")
		}
	}
	s.SetFault(FaultNone)
	w := dial(t, s)
	w.login()
	s.SetFault(FaultGarbage)
	w.send(codec.SERVERDATA_EXECCOMMAND, 2, "list")
	head := make([]byte, 4)
	if _, err := io.ReadFull(w.nc, head); err != nil || string(head) != "HTTP" {
		t.Errorf("got %q, error %v", head, err)
	}
	if s.Count() != 3 || len(s.Commands()) != 1 {
		t.Errorf("count %d, run %d; want 3 received and 1 run", s.Count(), len(s.Commands()))
	}
}
