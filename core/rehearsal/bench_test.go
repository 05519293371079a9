package rehearsal

import (
	"context"
	"log/slog"
	"net/http"
	"strings"
	"testing"

	"github.com/coder/websocket"
	pb "github.com/steampoweredtaco/gotiktoklive/proto"
	"google.golang.org/protobuf/proto"
)

// BenchmarkSender plays as fast as it can to a client that only acknowledges: what it reports is what a flood may ask for.
func BenchmarkSender(b *testing.B) {
	const text = `
		crowd 300
		every 4ms for 20s random viewer streaks Rose or GG to 6..16 over 1s..3s
		every 2ms for 20s random viewer likes 1..15
		every 4ms for 20s random viewer joins
		every 5ms for 20s random viewer says "gg" or "hello there"`
	sc, err := ParseScript("flood", strings.NewReader(text))
	if err != nil {
		b.Fatal(err)
	}
	messages := 0
	for b.Loop() {
		s, err := Listen(Options{Script: sc, Speed: maxSpeed, Log: slog.New(slog.DiscardHandler)})
		if err != nil {
			b.Fatal(err)
		}
		ctx, cancel := context.WithCancel(context.Background())
		ended := make(chan error, 1)
		go func() { ended <- s.Run(ctx) }()
		if err := acknowledge(ctx, s); err != nil {
			b.Fatal(err)
		}
		messages += s.Ledger().Sent.Messages
		cancel()
		if err := <-ended; err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(messages)/b.Elapsed().Seconds(), "messages/s")
	http.DefaultClient.CloseIdleConnections()
}

// acknowledge takes all frames until the script is over, and reads no more of them than an ack needs.
func acknowledge(ctx context.Context, s *Server) error {
	room := s.roomNow()
	sd, err := sign(ctx, s, room, s.key)
	if err != nil {
		return err
	}
	ws, _, err := dial(ctx, room, sd)
	if err != nil {
		return err
	}
	defer ws.CloseNow()
	ws.SetReadLimit(1 << 20)
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	go func() { // ends with the script
		defer cancel()
		<-s.Done()
	}()
	for {
		_, data, err := ws.Read(ctx)
		if err != nil {
			if ctx.Err() != nil {
				return nil
			}
			return err
		}
		var f pb.WebcastPushFrame
		if err := proto.Unmarshal(data, &f); err != nil {
			return err
		}
		ack, err := proto.Marshal(&pb.WebcastPushFrame{
			LogId: f.GetLogId(), PayloadType: "ack", Payload: []byte(f.GetHeaders()["im-internal_ext"]),
		})
		if err != nil {
			return err
		}
		if err := ws.Write(ctx, websocket.MessageBinary, ack); err != nil && ctx.Err() == nil {
			return err
		}
	}
}
