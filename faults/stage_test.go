package faults

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"runtime/pprof"
	"strconv"
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
)

const (
	password = "practice"
	patience = 2 * time.Minute
	// unhurried is a deadline for the game's answers that no answer misses, however busy the machine.
	unhurried = time.Minute
	rosa      = 8913
	// isChild in the environment makes this executable LiveCue, so that a test can kill it.
	isChild = "LIVECUE_FAULTS_CHILD"
)

func TestMain(m *testing.M) {
	switch {
	case os.Getenv(isChild) != "":
		os.Exit(runProgram())
	case os.Getenv(isLive) != "":
		if err := serveLive(context.Background(), os.Args[1], os.Args[2]); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	flag.Parse()
	// These tests wait far more than they work: they need no processor each.
	if err := flag.Set("test.parallel", "8"); err != nil {
		panic(err)
	}
	os.Exit(m.Run())
}

// runProgram is LiveCue. Where LIVECUE_PROFILE names a file it is measured, and what it has allocated goes into another beside
// that.
func runProgram() int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if name := os.Getenv("LIVECUE_PROFILE"); name != "" {
		defer measure(name)()
	}
	return cli.Run(ctx, os.Args[1:], os.Stdout, os.Stderr)
}

// measure writes profiles of this process, until end is called.
func measure(name string) (end func()) {
	cpu, err := os.Create(name)
	if err == nil {
		err = pprof.StartCPUProfile(cpu)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return func() {}
	}
	return func() {
		pprof.StopCPUProfile()
		allocs, err := os.Create(name + ".allocs")
		if err == nil {
			err = pprof.Lookup("allocs").WriteTo(allocs, 0)
		}
		if err := errors.Join(err, allocs.Close(), cpu.Close()); err != nil {
			fmt.Fprintln(os.Stderr, err)
		}
	}
}

// rounds is how often a fault is repeated: once in a usual run, LIVECUE_ROUNDS times in a long one.
func rounds() int {
	if n, err := strconv.Atoi(os.Getenv("LIVECUE_ROUNDS")); err == nil {
		return n
	}
	return 1
}

func isLong() bool { return os.Getenv("LIVECUE_ROUNDS") != "" }

// stage is the two servers that outlive the program, and the folder in which it keeps its files. Nothing on it counts on how
// fast anybody is: the show is played again and again until the test has seen what it is about.
type stage struct {
	dir     string
	live    *rehearsal.Server
	game    *practice.Server
	endGame func()
	// timeout is how long the program waits for the game's answer.
	timeout time.Duration
	errors  *output // of the program's last life
	// printed gets the program's feed, if it is not nil; env is added to its environment.
	printed io.Writer
	env     []string

	mu       sync.Mutex
	received map[string]int // commands that the game has run, by their text
	total    int
	refused  int
}

func newStage(t *testing.T, text string, timeout time.Duration) *stage {
	t.Helper()
	s := emptyStage(t, timeout)
	script, err := rehearsal.ParseScript("evening", strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	quiet := slog.New(slog.DiscardHandler)
	if s.live, err = rehearsal.Listen(rehearsal.Options{Script: script, Loop: true, Log: quiet}); err != nil {
		t.Fatal(err)
	}
	serve(t, s.live.Run)
	s.open(t, s.live.Addr())
	return s
}

// emptyStage has no servers yet.
func emptyStage(t *testing.T, timeout time.Duration) *stage {
	t.Helper()
	return &stage{dir: t.TempDir(), received: map[string]int{}, timeout: timeout}
}

// open starts the game server and writes the profile, for a rehearsal at that address.
func (s *stage) open(t *testing.T, live string) {
	t.Helper()
	s.openGame(t, "")
	if err := profile.Save(s.path("profile.toml"), s.profile(live)); err != nil {
		t.Fatal(err)
	}
}

// openGame starts a game server at addr, or on a free port. Its end waits for what it is doing.
func (s *stage) openGame(t *testing.T, addr string) {
	t.Helper()
	options := practice.Options{Addr: addr, Password: password, Log: slog.New(slog.DiscardHandler), OnCommand: s.command}
	game, err := practice.Listen(options)
	if err != nil {
		t.Fatal(err)
	}
	s.game, s.endGame = game, serve(t, game.Run)
}

// serve runs a server until end is called, or the test is over.
func serve(t *testing.T, run func(context.Context) error) (end func()) {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- run(ctx) }()
	end = sync.OnceFunc(func() {
		cancel()
		if err := <-ended; err != nil {
			t.Errorf("a server of the test: %v", err)
		}
	})
	t.Cleanup(end)
	return end
}

func (s *stage) path(name string) string { return filepath.Join(s.dir, name) }

// profile has a rule that sends one command for each gift, which names viewer and gift, and one that sends another for each
// Rosa, which the game refuses.
func (s *stage) profile(live string) profile.Profile {
	say := action.Spec{PerGift: true, RCON: &action.RCON{Command: "say {user} {gift_id}"}}
	slip := action.Spec{PerGift: true, RCON: &action.RCON{Command: "sya {user} {gift_id}"}}
	return profile.Profile{
		Version: profile.Version,
		TikTok: profile.TikTok{
			Handle: "rehearsal", Door: profile.DoorDirect, SignerURL: "http://" + live, ProxyURL: "http://" + live, ProxyInsecure: true,
		},
		RCON:  []profile.Server{{Name: "game", Address: s.game.Addr(), Timeout: action.Duration(s.timeout)}},
		Queue: profile.Queue{AfterCrash: profile.AfterCrashRun},
		Rules: []rule.Rule{
			{ID: "all", Name: "Every gift", Trigger: rule.Trigger{Kind: rule.OnAnyGift}, Actions: []action.Spec{say}},
			{ID: "slip", Name: "A slip", Trigger: rule.Trigger{Kind: rule.OnGift, GiftID: rosa, Gift: "Rosa"}, Actions: []action.Spec{slip}},
		},
	}
}

func (s *stage) command(c practice.Command) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.received[c.Text]++
	s.total++
	if c.Refused {
		s.refused++
	}
}

func (s *stage) count() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.total
}

// works waits until the game has received some more.
func (s *stage) works(t *testing.T) {
	t.Helper()
	before := s.count()
	s.eventually(t, "it is at work", func() bool { return s.count() > before+20 })
}

// moreGifts waits until viewers have sent some more.
func (s *stage) moreGifts(t *testing.T) {
	t.Helper()
	before := s.live.Totals().Gifts
	s.eventually(t, "more gifts have come", func() bool { return s.live.Totals().Gifts > before+10 })
}

func (s *stage) eventually(t *testing.T, what string, holds func() bool) {
	t.Helper()
	for deadline := time.Now().Add(patience); !holds(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("waited in vain until %s: %d commands; it said %s", what, s.count(), s.said())
		}
	}
}

// said is what the last life of the program has printed on its error output.
func (s *stage) said() string {
	if s.errors == nil {
		return ""
	}
	return s.errors.String()
}

// output keeps what a process prints. It is no file, because a full disk must not silence it.
type output struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (o *output) Write(b []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.text.Write(b)
}

func (o *output) String() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.text.String()
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
	p.cmd.Env = append(p.cmd.Env, s.env...)
	p.cmd.Stdout = s.printed
	s.errors = &output{}
	p.cmd.Stderr = s.errors
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
	if err := p.end(t); err != nil {
		t.Errorf("it ended with %v and said %s", err, p.stage.said())
	}
}

// end does the same, and returns an error when work is left over, of which the program has told.
func (p *program) end(t *testing.T) error {
	t.Helper()
	if err := p.cmd.Process.Signal(syscall.SIGINT); err != nil {
		t.Fatal(err)
	}
	return p.cmd.Wait()
}
