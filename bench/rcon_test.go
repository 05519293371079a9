package bench

import (
	"log/slog"
	"net"
	"testing"

	codec "github.com/gorcon/rcon"

	"github.com/livecue/livecue/core/action"
	"github.com/livecue/livecue/core/action/rcon"
	"github.com/livecue/livecue/core/rehearsal/practice"
)

const password = "practice"

// gameServer runs a practice server for as long as the benchmark.
func gameServer(b *testing.B, opts practice.Options) *practice.Server {
	b.Helper()
	opts.Password, opts.Log = password, slog.New(slog.DiscardHandler)
	server, err := practice.Listen(opts)
	if err != nil {
		b.Fatal(err)
	}
	serve(b, server.Run)
	return server
}

// BenchmarkRawRCON is the floor: one command and its answer over loopback, a packet each way, with nothing of ours between.
func BenchmarkRawRCON(b *testing.B) {
	conn, err := net.Dial("tcp", gameServer(b, practice.Options{}).Addr())
	if err != nil {
		b.Fatal(err)
	}
	defer func() { _ = conn.Close() }()
	roundTrip := func(kind int32, body string) {
		if _, err := codec.NewPacket(kind, 1, body).WriteTo(conn); err != nil {
			b.Fatal(err)
		}
		var answer codec.Packet
		if _, err := answer.ReadFrom(conn); err != nil {
			b.Fatal(err)
		}
		if answer.ID != 1 {
			b.Fatalf("the answer has id %d", answer.ID)
		}
	}
	roundTrip(codec.SERVERDATA_AUTH, password)

	var taken latencies
	for b.Loop() {
		taken.time(func() { roundTrip(codec.SERVERDATA_EXECCOMMAND, "say hello") })
	}
	taken.report(b, floor)
}

// BenchmarkRCONAction is the same command as an action: rendered, sent, and its answer read for failure.
func BenchmarkRCONAction(b *testing.B) {
	client := rcon.New(rcon.Options{
		Name: "practice", Address: gameServer(b, practice.Options{}).Addr(), Password: password, Log: slog.New(slog.DiscardHandler),
	})
	defer func() {
		if err := client.Close(); err != nil {
			b.Error(err)
		}
	}()
	job := action.Job{Spec: action.Spec{RCON: &action.RCON{Command: "say hello {user}"}}, Fields: action.Fields{User: "pixel_pia"}}

	var taken latencies
	for b.Loop() {
		taken.time(func() {
			outcome, err := client.Do(b.Context(), job)
			if err != nil || outcome.State != action.Done {
				b.Fatalf("%+v, %v", outcome, err)
			}
		})
	}
	taken.report(b, "the same as an action: filled in, sent, answer read")
}
