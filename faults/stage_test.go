package faults

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/livecue/livecue/cli"
	"github.com/livecue/livecue/core/action"
	"github.com/livecue/livecue/core/profile"
	"github.com/livecue/livecue/core/rehearsal"
	"github.com/livecue/livecue/core/rehearsal/practice"
	"github.com/livecue/livecue/core/rule"
	"github.com/livecue/livecue/core/store"
)

const (
	password = "practice"
	patience = 2 * time.Minute
	// isChild in the environment makes this executable LiveCue, so that a test can kill it.
	isChild = "LIVECUE_FAULTS_CHILD"
)

func TestMain(m *testing.M) {
	if os.Getenv(isChild) != "" {
		ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
		code := cli.Run(ctx, os.Args[1:], os.Stdout, os.Stderr)
		stop()
		os.Exit(code)
	}
	os.Exit(m.Run())
}

// stage is the two servers that outlive the program, and the folder in which it keeps its files.
type stage struct {
	dir  string
	live *rehearsal.Server
	game *practice.Server

	mu       sync.Mutex
	received map[string]int // commands by their text
	total    int
}

func newStage(t *testing.T, text string) *stage {
	t.Helper()
	s := &stage{dir: t.TempDir(), received: map[string]int{}}
	script, err := rehearsal.ParseScript("evening", strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	quiet := slog.New(slog.DiscardHandler)
	if s.live, err = rehearsal.Listen(rehearsal.Options{Script: script, Log: quiet}); err != nil {
		t.Fatal(err)
	}
	serve(t, s.live.Run)
	if s.game, err = practice.Listen(practice.Options{Password: password, Log: quiet, OnCommand: s.command}); err != nil {
		t.Fatal(err)
	}
	serve(t, s.game.Run)
	if err := profile.Save(s.path("profile.toml"), s.profile()); err != nil {
		t.Fatal(err)
	}
	return s
}

func serve(t *testing.T, run func(context.Context) error) {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- run(ctx) }()
	t.Cleanup(func() {
		cancel()
		if err := <-ended; err != nil {
			t.Errorf("a server of the test: %v", err)
		}
	})
}

func (s *stage) path(name string) string { return filepath.Join(s.dir, name) }

// profile has one rule that sends one command for each gift, which names viewer and gift.
func (s *stage) profile() profile.Profile {
	say := action.Spec{PerGift: true, RCON: &action.RCON{Command: "say {user} {gift_id}"}}
	return profile.Profile{
		Version: profile.Version,
		TikTok: profile.TikTok{
			Handle: s.live.Handle(), Door: profile.DoorDirect, SignerURL: s.live.SignerURL(), ProxyURL: s.live.ProxyURL(),
			ProxyInsecure: true,
		},
		RCON:  []profile.Server{{Name: "game", Address: s.game.Addr()}},
		Queue: profile.Queue{AfterCrash: profile.AfterCrashRun},
		Rules: []rule.Rule{{ID: "all", Name: "Every gift", Trigger: rule.Trigger{Kind: rule.OnAnyGift}, Actions: []action.Spec{say}}},
	}
}

func (s *stage) command(c practice.Command) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.received[c.Text]++
	s.total++
}

func (s *stage) count() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.total
}

func (s *stage) isOver() bool {
	select {
	case <-s.live.Done():
		return true
	default:
		return false
	}
}

func (s *stage) eventually(t *testing.T, what string, holds func() bool) {
	t.Helper()
	for deadline := time.Now().Add(patience); !holds(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("waited in vain until %s: %+v, %d commands; it said %s", what, s.live.Ledger().Received, s.count(), s.said())
		}
	}
}

// said is what the last life of the program has printed on its error output.
func (s *stage) said() string {
	text, err := os.ReadFile(s.path("stderr"))
	if err != nil {
		return err.Error()
	}
	return string(text)
}

// table is what came of all gifts.
type table struct{ sent, done, unknown, lost, duplicated int }

func (r table) String() string {
	return fmt.Sprintf("sent %d, done %d, unknown %d, lost %d, duplicated %d", r.sent, r.done, r.unknown, r.lost, r.duplicated)
}

// table compares what viewers have paid for with what the game has received. A run whose answer never came is unknown: it is
// not sent again, and may or may not be among the received.
func (s *stage) table(t *testing.T) table {
	t.Helper()
	paid := map[string]int{}
	var r table
	for _, streak := range s.live.Ledger().Streaks {
		paid[fmt.Sprintf("say %s %d", streak.Handle, streak.GiftID)] += streak.Count
		r.sent += streak.Count
	}
	unknown := s.unknown(t)
	s.mu.Lock()
	defer s.mu.Unlock()
	r.done = s.total
	for text, want := range paid {
		switch got := s.received[text]; {
		case got > want:
			r.duplicated += got - want
		case got < want:
			excused := min(want-got, unknown[text])
			r.unknown += excused
			r.lost += want - got - excused
		}
	}
	for text, got := range s.received {
		if paid[text] == 0 {
			r.duplicated += got
		}
	}
	return r
}

// unknown returns, by command, how many jobs had a run whose answer never came.
func (s *stage) unknown(t *testing.T) map[string]int {
	t.Helper()
	db, err := store.Open(store.Options{Path: s.path("data/livecue/livecue.db")})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close() //nolint:errcheck // it was only read
	found := map[string]int{}
	for before := int64(0); ; {
		page, next, err := db.History(t.Context(), before, 500)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range page {
			if d.Outcome.State == action.Unknown {
				found[fmt.Sprintf("say %s %d", d.Job.Fields.User, d.Job.Fields.GiftID)]++
			}
		}
		if next == 0 {
			return found
		}
		before = next
	}
}

// program is one life of LiveCue.
type program struct {
	stage *stage
	cmd   *exec.Cmd
}

func (s *stage) start(t *testing.T) *program {
	t.Helper()
	p := &program{s, exec.Command(os.Args[0], "headless", "--json", "--profile", s.path("profile.toml"))}
	p.cmd.Env = append(os.Environ(), isChild+"=1", "HOME="+s.dir, "XDG_CONFIG_HOME="+s.path("config"), "XDG_DATA_HOME="+s.path("data"),
		"LIVECUE_RCON_GAME_PASSWORD="+password)
	stderr, err := os.Create(s.path("stderr"))
	if err != nil {
		t.Fatal(err)
	}
	defer stderr.Close() //nolint:errcheck // the child has its own
	p.cmd.Stderr = stderr
	if err := p.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if p.cmd.ProcessState == nil {
			p.kill(t)
		}
	})
	return p
}

// kill ends the program as the task manager does.
func (p *program) kill(t *testing.T) {
	t.Helper()
	if err := p.cmd.Process.Kill(); err != nil {
		t.Fatalf("kill: %v; it said %s", err, p.stage.said())
	}
	_ = p.cmd.Wait()
}

// interrupt ends the program as Ctrl+C does, and waits until it has finished its work.
func (p *program) interrupt(t *testing.T) {
	t.Helper()
	if err := p.cmd.Process.Signal(syscall.SIGINT); err != nil {
		t.Fatal(err)
	}
	if err := p.cmd.Wait(); err != nil {
		t.Errorf("it ended with %v and said %s", err, p.stage.said())
	}
}
