package bench

import (
	"log/slog"
	"testing"

	"github.com/livecue/livecue/core/action"
	"github.com/livecue/livecue/core/action/rcon"
	"github.com/livecue/livecue/core/rehearsal/practice"
)

// BenchmarkRawRCON is the floor: one command and its answer over loopback, a packet each way, with nothing of ours between.
func BenchmarkRawRCON(b *testing.B) {
	raw := dialBare(b, gameServer(b, practice.Options{}))
	var taken latencies
	for b.Loop() {
		taken.time(func() { raw.command("say hello pixel_pia") })
	}
	taken.report(b, latency, floor)
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
	taken.report(b, latency, "the same as an action: filled in, sent, answer read")
}
