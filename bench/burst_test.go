package bench

import (
	"log/slog"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"github.com/livecue/livecue/core/action"
	"github.com/livecue/livecue/core/app"
	"github.com/livecue/livecue/core/event"
	"github.com/livecue/livecue/core/profile"
	"github.com/livecue/livecue/core/rehearsal/practice"
	"github.com/livecue/livecue/core/rule"
)

// BenchmarkBurst is how fast a heap of gifts that came at once is worked off, one command each: in memory, and with each job
// on disk before it is done and noted before and after each run.
func BenchmarkBurst(b *testing.B) {
	b.Run("memory", func(b *testing.B) { burst(b, "", "a gift of a burst, worked off in memory") })
	b.Run("journal", func(b *testing.B) {
		burst(b, filepath.Join(b.TempDir(), "livecue.db"), "a gift of a burst, worked off by way of the disk")
	})
}

func burst(b *testing.B, storePath, what string) {
	arrived := make(chan struct{}, 1<<20)
	game := gameServer(b, practice.Options{OnCommand: func(practice.Command) { arrived <- struct{}{} }})
	p := profile.Profile{
		Version: profile.Version,
		RCON:    []profile.Server{{Name: "practice", Address: game.Addr()}},
		Rules: []rule.Rule{{
			ID: "any", Name: "Any gift", Trigger: rule.Trigger{Kind: rule.OnAnyGift},
			Actions: []action.Spec{{RCON: &action.RCON{Command: "say {user} sent {gift}"}}},
		}},
	}
	a := startApp(b, app.Options{Profile: p, StorePath: storePath, Secrets: oneSecret{}, Log: slog.New(slog.DiscardHandler)})
	send := func(id int) {
		a.Bus().Emit(event.Gift{
			Head: event.Head{ID: strconv.Itoa(id), At: time.Now(), Source: "bench"}, User: event.User{ID: "1", Handle: "pixel_pia"},
			Gift: event.GiftInfo{ID: 5655, Name: "Rose", Coins: 1}, Added: 1, Count: 1, First: true, Final: true,
		})
	}
	send(-1) // the first dials and logs in
	<-arrived
	b.ResetTimer()
	for i := range b.N {
		send(i)
	}
	for range b.N {
		<-arrived
	}
	each := b.Elapsed() / time.Duration(b.N)
	results.put(result{what: what, p50: each})
}
