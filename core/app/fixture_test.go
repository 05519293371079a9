package app

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/livecue/livecue/core/action"
	"github.com/livecue/livecue/core/action/sound"
	"github.com/livecue/livecue/core/event"
	"github.com/livecue/livecue/core/profile"
	"github.com/livecue/livecue/core/rehearsal/practice"
	"github.com/livecue/livecue/core/rule"
)

// loudspeaker is a device that takes sound at the pace of a real one and remembers whether any of it could be heard.
type loudspeaker struct {
	heard atomic.Int64 // frames that are not silent
}

func (l *loudspeaker) Play(ctx context.Context, out sound.Output) error {
	const slice = 5 * time.Millisecond
	frames := make([][2]float32, sound.Rate*slice/time.Second)
	tick := time.NewTicker(slice)
	defer tick.Stop()
	for played := int64(0); ; {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-tick.C:
		}
		out.Fill(frames)
		for _, f := range frames {
			if f[0] > 0.01 || f[0] < -0.01 {
				l.heard.Add(1)
			}
		}
		played += int64(len(frames))
		out.Played(played)
	}
}

// memorySecrets keeps secrets as a keyring does.
type memorySecrets struct {
	mu   sync.Mutex
	kept map[string]string
}

func (m *memorySecrets) Get(key string) (string, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if v, ok := m.kept[key]; ok {
		return v, nil
	}
	return "", profile.ErrNoSecret
}

func (m *memorySecrets) Set(key, value string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.kept == nil {
		m.kept = map[string]string{}
	}
	m.kept[key] = value
	return nil
}

func (m *memorySecrets) Delete(key string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	delete(m.kept, key)
	return nil
}

// start runs an App until the test ends.
func start(t *testing.T, opts Options) *App {
	t.Helper()
	if opts.Log == nil {
		opts.Log = slog.New(slog.DiscardHandler)
	}
	a, err := New(opts)
	if err != nil {
		t.Fatal(err)
	}
	a.Start()
	t.Cleanup(func() {
		if err := a.Close(); err != nil {
			t.Error(err)
		}
	})
	return a
}

// script writes a rehearsal script and returns its path.
func script(t *testing.T, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "script.txt")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// watcher collects what a tap brings.
type watcher struct {
	t       *testing.T
	tap     *Tap
	updates []Update
}

func watch(t *testing.T, a *App) *watcher {
	t.Helper()
	w := &watcher{t: t, tap: a.Tap(200_000)}
	t.Cleanup(w.tap.Close)
	return w
}

// until waits for an update that fits, whether it has come already or not.
func (w *watcher) until(what string, fits func(Update) bool) Update {
	w.t.Helper()
	timeout := time.After(patience)
	for seen := 0; ; {
		for ; seen < len(w.updates); seen++ {
			if fits(w.updates[seen]) {
				return w.updates[seen]
			}
		}
		select {
		case <-w.tap.Ready():
			w.drain()
		case <-timeout:
			w.t.Fatalf("waited in vain for %s; seen: %s", what, w.log())
		}
	}
}

// drain takes what has come.
func (w *watcher) drain() {
	w.t.Helper()
	updates, dropped := w.tap.Drain()
	if dropped > 0 {
		w.t.Fatalf("%d updates were dropped", dropped)
	}
	w.updates = append(w.updates, updates...)
}

func (w *watcher) log() string {
	var b strings.Builder
	for _, u := range w.updates[max(0, len(w.updates)-40):] {
		if u.Entry != nil {
			fmt.Fprintf(&b, "\n  %s %d jobs", u.Entry.Event.Kind(), len(u.Entry.Jobs))
		} else {
			fmt.Fprintf(&b, "\n  %s: %s %s %s", u.Report.Job.RuleName, u.Report.State, u.Report.Error, u.Report.Reply)
		}
	}
	return b.String()
}

func isReport(ruleID string, state action.State) func(Update) bool {
	return func(u Update) bool {
		return u.Report != nil && u.Report.Job.RuleID == ruleID && u.Report.State == state
	}
}

func isKind(kind event.Kind) func(Update) bool {
	return func(u Update) bool { return u.Entry != nil && u.Entry.Event.Kind() == kind }
}

// eventually waits until a condition holds.
func eventually(t *testing.T, what string, holds func() bool) {
	t.Helper()
	for deadline := time.Now().Add(patience); !holds(); time.Sleep(2 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("waited in vain until %s", what)
		}
	}
}

func server(name string) profile.Server { return profile.Server{Name: name, Address: "127.0.0.1:1"} }

func command(text string) action.Spec { return action.Spec{RCON: &action.RCON{Command: text}} }

func roseRule() rule.Rule {
	spec := command("say {user} sent {count} {gift}")
	each := command("summon minecraft:chicken")
	each.PerGift = true
	return rule.Rule{
		ID: "rose", Name: "Rose", Trigger: rule.Trigger{Kind: rule.OnGift, GiftID: 5655, Gift: "Rose"},
		Actions: []action.Spec{spec, each, {Sound: &action.Sound{File: "bundled:chime"}}},
	}
}

func testProfile(rules ...rule.Rule) profile.Profile {
	return profile.Profile{Version: profile.Version, RCON: []profile.Server{server("minecraft")}, Rules: rules}
}

// outcome is what a rehearsal came to on the client's side.
type outcome struct {
	gifts, coins, triggers, done, runs int
}

func (w *watcher) outcome() (o outcome) {
	for _, u := range w.updates {
		switch {
		case u.Entry != nil:
			o.triggers += len(u.Entry.Jobs)
			if g, ok := u.Entry.Event.(event.Gift); ok {
				o.gifts += g.Added
				o.coins += g.Added * g.Gift.Coins
			}
		case u.Report.State == action.Done:
			o.done++
			o.runs += u.Report.Runs
		}
	}
	return o
}

func (w *watcher) disconnects() (n int) {
	for _, u := range w.updates {
		if u.Entry != nil && u.Entry.Event.Kind() == event.KindDisconnected {
			n++
		}
	}
	return n
}

// serve runs a server until the test ends.
func serve(t *testing.T, run func(context.Context) error) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		_ = run(ctx)
	}()
	t.Cleanup(func() {
		cancel()
		<-ended
	})
}

// practiceGame starts a practice game server with the password "right".
func practiceGame(t *testing.T) *practice.Server {
	t.Helper()
	s, err := practice.Listen(practice.Options{Password: "right", Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	serve(t, s.Run)
	return s
}
