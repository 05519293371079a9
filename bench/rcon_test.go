package bench

import (
	"log/slog"
	"testing"

	"github.com/livecue/livecue/core/action"
	"github.com/livecue/livecue/core/action/rcon"
	"github.com/livecue/livecue/core/rehearsal/practice"
)

// BenchmarkRCONAction is one command as an action: filled in, sent, and its answer read for failure. It takes turns with the
// floor, a command and its answer over loopback, a packet each way, with nothing of ours between.
func BenchmarkRCONAction(b *testing.B) {
	game := gameServer(b, practice.Options{})
	raw := dialBare(b, game)
	client := rcon.New(rcon.Options{Name: "practice", Address: game.Addr(), Password: password, Log: slog.New(slog.DiscardHandler)})
	defer func() {
		if err := client.Close(); err != nil {
			b.Error(err)
		}
	}()
	job := action.Job{Spec: action.Spec{RCON: &action.RCON{Command: "say hello {user}"}}, Fields: action.Fields{User: "pixel_pia"}}
	do := func() {
		outcome, err := client.Do(b.Context(), job)
		if err != nil || outcome.State != action.Done {
			b.Fatalf("%+v, %v", outcome, err)
		}
	}
	do() // dials and logs in
	var ofRaw, ofAction latencies
	for b.Loop() {
		ofRaw.time(func() { raw.command("say hello pixel_pia") })
		ofAction.time(do)
	}
	ofRaw.report(b, latency, floor)
	ofAction.report(b, latency, "the same as an action: filled in, sent, answer read")
	b.ReportMetric(float64(ofAction.quantile(0.5))/float64(ofRaw.quantile(0.5)), "of-raw")
}
