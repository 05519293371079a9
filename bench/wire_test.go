package bench

import (
	"log/slog"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/livecue/livecue/core/app"
	"github.com/livecue/livecue/core/profile"
	"github.com/livecue/livecue/core/rehearsal"
	"github.com/livecue/livecue/core/rehearsal/practice"
)

// gifts is a stream of gifts that do not combine, so that each message makes one command, in the same order.
const gifts = `
seed 1
length 20m
viewer pixel_pia "Pixel Pia"
every 10ms pixel_pia gifts "Hand Hearts"
`

// stopwatch pairs the k-th gift that leaves on the socket with the k-th command that arrives.
type stopwatch struct {
	mu      sync.Mutex
	sent    []time.Time
	arrived int
	taken   chan time.Duration
}

// frame notes the time at which a frame with some gifts in it is handed to the socket.
func (s *stopwatch) frame(methods []string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, m := range methods {
		if m == "WebcastGiftMessage" {
			s.sent = append(s.sent, time.Now())
		}
	}
}

func (s *stopwatch) command(practice.Command) {
	now := time.Now()
	s.mu.Lock()
	took := now.Sub(s.sent[s.arrived])
	s.arrived++
	s.mu.Unlock()
	s.taken <- took
}

// BenchmarkWire is the whole way of a gift: from the frame on the socket, through client, bus, rules and queue, to the arrival
// of its command at the game server. Gifts come as TikTok sends them, several to a frame.
func BenchmarkWire(b *testing.B) {
	wire(b, "", "a gift, from the socket's frame to its command at the game")
}

// BenchmarkWireJournalled is the same with everything on disk before it is done.
func BenchmarkWireJournalled(b *testing.B) {
	wire(b, filepath.Join(b.TempDir(), "livecue.db"), "the same, on disk before it is sent")
}

func wire(b *testing.B, storePath, what string) {
	watch := &stopwatch{taken: make(chan time.Duration, 1<<20)}
	script, err := rehearsal.ParseScript("gifts", strings.NewReader(gifts))
	if err != nil {
		b.Fatal(err)
	}
	quiet := slog.New(slog.DiscardHandler)
	live, err := rehearsal.Listen(rehearsal.Options{Script: script, OnFrame: watch.frame, Log: quiet})
	if err != nil {
		b.Fatal(err)
	}
	serve(b, live.Run)
	game := gameServer(b, practice.Options{OnCommand: watch.command})
	a := startApp(b, app.Options{Profile: wireProfile(live, game), StorePath: storePath, Secrets: oneSecret{}, Log: quiet})
	if err := a.Connect(); err != nil {
		b.Fatal(err)
	}
	<-watch.taken // the first dials and logs in
	var taken latencies
	for b.Loop() {
		select {
		case took := <-watch.taken:
			taken = append(taken, took)
		case <-time.After(time.Minute):
			b.Fatalf("no command came: %+v", a.Status())
		}
	}
	taken.report(b, latency, what)
}

func wireProfile(live *rehearsal.Server, game *practice.Server) profile.Profile {
	p := anyGift(game)
	p.TikTok = profile.TikTok{
		Handle: live.Handle(), Door: profile.DoorDirect, SignerURL: live.SignerURL(), ProxyURL: live.ProxyURL(), ProxyInsecure: true,
	}
	return p
}
