package bench

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/coder/websocket"

	"github.com/livecue/livecue/core/event"
	"github.com/livecue/livecue/core/feed"
	"github.com/livecue/livecue/core/grant"
)

// told is how many events each round of BenchmarkFanOut tells, at tellEvery.
const (
	told      = 1000
	tellEvery = time.Millisecond
)

// BenchmarkFanOut is how long it takes until an event has come to the programs that listen to the event socket, at 1,000 events
// a second; beside a bare WebSocket that echoes as large a message, in the same run.
func BenchmarkFanOut(b *testing.B) {
	b.Run("echo", benchEcho)
	for _, clients := range []int{1, 100, 1000} {
		b.Run(fmt.Sprintf("clients=%d", clients), func(b *testing.B) { benchFanOut(b, clients) })
	}
}

// heard is what one client makes of a round.
type heard struct {
	lags    latencies
	dropped int
}

func benchFanOut(b *testing.B, clients int) {
	book, err := grant.Open(grant.Options{})
	if err != nil {
		b.Fatal(err)
	}
	token, _, err := book.Lend("bench", grant.Read)
	if err != nil {
		b.Fatal(err)
	}
	hub := feed.NewHub()
	server := feed.New(feed.Options{Hub: hub, Book: book})
	door, err := server.Listen(b.Context())
	if err != nil {
		b.Fatal(err)
	}
	ctx, cancel := context.WithCancel(b.Context())
	ended := make(chan error, 1)
	go func() { ended <- server.Run(ctx, door) }()
	defer func() {
		cancel()
		<-ended //nolint:errcheck // it ends as it is told to
	}()
	conns := make([]*bufio.Reader, clients)
	for i := range conns {
		conns[i] = dialFeed(b, server.Port(), token)
	}
	var all latencies
	dropped, rounds := 0, 0
	for b.Loop() {
		rounds++
		heards := make([]heard, clients)
		var group sync.WaitGroup
		for i, in := range conns {
			group.Go(func() { heards[i] = hear(b, in) })
		}
		tick := time.NewTicker(tellEvery)
		for range told {
			<-tick.C
			hub.Publish(event.Chat{Head: event.Head{At: time.Now()}, User: event.User{Handle: "pixel_pia"}, Comment: "hello"}, feed.Origin{})
		}
		tick.Stop()
		group.Wait()
		for _, h := range heards {
			all, dropped = append(all, h.lags...), dropped+h.dropped
		}
	}
	b.ReportMetric(milliseconds(all.quantile(0.99)), "p99-ms")
	b.ReportMetric(float64(dropped)/float64(rounds), "dropped/round")
	share := 100 * float64(len(all)) / float64(rounds*clients*told)
	results.put(row{
		group: fanOut.title, what: fmt.Sprintf("%d programs on the event socket", clients),
		cells: []string{fmt.Sprintf("%.1f %%", share), grouped(dropped / rounds), shown(all.quantile(0.5)), shown(all.quantile(0.99))},
	})
}

func milliseconds(d time.Duration) float64 { return d.Seconds() * 1000 }

// dialFeed connects to the event socket.
func dialFeed(b *testing.B, port int, token string) *bufio.Reader {
	b.Helper()
	nc, err := net.Dial("tcp", fmt.Sprintf("127.0.0.1:%d", port))
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = nc.Close() })
	if _, err := io.WriteString(nc, token+"\n{\"hello\":2,\"events\":[\"chat\"]}\n"); err != nil {
		b.Fatal(err)
	}
	in := bufio.NewReaderSize(nc, 64<<10)
	if _, err := in.ReadSlice('\n'); err != nil {
		b.Fatal(err)
	}
	return in
}

// hear reads a round of events, and what the server says that it has dropped.
func hear(b *testing.B, in *bufio.Reader) (h heard) {
	for len(h.lags)+h.dropped < told {
		line, err := in.ReadSlice('\n')
		if err != nil {
			b.Error(err)
			return h
		}
		var e struct {
			Type  string
			Time  time.Time
			Count int
		}
		if err := json.Unmarshal(line, &e); err != nil {
			b.Error(err)
			return h
		}
		switch e.Type {
		case "event":
			h.lags = append(h.lags, time.Since(e.Time))
		case "dropped":
			h.dropped += e.Count
		}
	}
	return h
}

// benchEcho is the floor: a message of the same size to and fro over a bare WebSocket.
func benchEcho(b *testing.B) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		ws, err := websocket.Accept(w, r, nil)
		if err != nil {
			return
		}
		defer func() { _ = ws.CloseNow() }()
		for {
			kind, body, err := ws.Read(r.Context())
			if err != nil || ws.Write(r.Context(), kind, body) != nil {
				return
			}
		}
	}))
	defer server.Close()
	ws, _, err := websocket.Dial(b.Context(), "ws"+strings.TrimPrefix(server.URL, "http"), nil) //nolint:bodyclose // Dial closes it
	if err != nil {
		b.Fatal(err)
	}
	defer func() { _ = ws.CloseNow() }()
	body := []byte(strings.Repeat("x", 180))
	var lags latencies
	for b.Loop() {
		start := time.Now()
		if err := ws.Write(b.Context(), websocket.MessageText, body); err != nil {
			b.Fatal(err)
		}
		if _, _, err := ws.Read(b.Context()); err != nil {
			b.Fatal(err)
		}
		lags = append(lags, time.Since(start))
	}
	b.ReportMetric(milliseconds(lags.quantile(0.99)), "p99-ms")
	results.put(row{group: fanOut.title, what: "a bare WebSocket echo, there and back", cells: []string{"-", "-", shown(lags.quantile(0.5)), shown(lags.quantile(0.99))}})
}
