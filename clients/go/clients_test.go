package livecue_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	livecue "github.com/livecue/livecue/clients/go"
	"github.com/livecue/livecue/core/event"
	"github.com/livecue/livecue/core/feed"
	"github.com/livecue/livecue/core/grant"
)

// patience is how long a test waits for what must come.
const patience = time.Minute

// TestMain lets the test program be a program that uses the Go client.
func TestMain(m *testing.M) {
	if len(os.Args) == 2 && os.Args[1] == "tell" {
		if err := tell(); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	goleak.VerifyTestMain(m)
}

// tell prints what comes, and calls a rule for each gift, as tell.py and tell.mjs do.
func tell() error {
	opts, err := livecue.FromEnv()
	if err != nil {
		return err
	}
	word := func(b bool) string { return strings.ToUpper(strconv.FormatBool(b)[:1]) + strconv.FormatBool(b)[1:] }
	opts.Events, opts.OnLost = []string{"gift", "chat", "live_ended"}, func(n uint64) { fmt.Println("lost", n) }
	client, ctx := livecue.New(opts), context.Background()
	defer client.Close()
	for e, err := range client.Events(ctx) {
		if errors.Is(err, livecue.ErrRefused) {
			fmt.Println("refused")
			return nil
		}
		if err != nil {
			return err
		}
		fmt.Println("event", e.Seq, e.Kind, e.ID, word(e.IsReal()))
		if e.Kind == "gift" {
			seen, err := client.Trigger(ctx, livecue.Call{Name: "thanks", ID: e.ID, Text: "ä", Count: 2, User: &e.User})
			if err != nil {
				return err
			}
			fmt.Println("answer", e.ID, word(seen))
		}
		if e.Kind == "live_ended" {
			break
		}
	}
	_, err = client.Trigger(ctx, livecue.Call{ID: "nameless"})
	var no *livecue.CallError
	if !errors.As(err, &no) {
		return fmt.Errorf("a call without a name: %w", err)
	}
	fmt.Println("error", no.Code)
	return nil
}

// commands are the programs that use the clients.
func commands(t *testing.T) map[string][]string {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	folder := func(name string) string {
		dir, err := filepath.Abs(filepath.Join("..", name))
		if err != nil {
			t.Fatal(err)
		}
		return dir
	}
	return map[string][]string{
		"Go":         {self, "tell"},
		"Python":     {"python3", "-B", filepath.Join("testdata", "tell.py"), folder("python")},
		"JavaScript": {"node", filepath.Join("testdata", "tell.mjs"), folder("js")},
	}
}

// rig is a server that can go away and come back, and a program that uses it.
type rig struct {
	t    *testing.T
	hub  *feed.Hub
	book *grant.Book
	port int
	stop func()
	out  *bufio.Scanner
	end  func() error

	mu    sync.Mutex
	calls map[string]event.Signal
	// hooks are called once for a call of that id, before it is answered.
	hooks map[string]func() error
}

func newRig(t *testing.T) *rig {
	book, err := grant.Open(grant.Options{})
	if err != nil {
		t.Fatal(err)
	}
	r := &rig{t: t, hub: feed.NewHub(), book: book, calls: map[string]event.Signal{}, hooks: map[string]func() error{}}
	free, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	r.port = free.Addr().(*net.TCPAddr).Port
	_ = free.Close()
	return r
}

// serve begins to serve on the rig's port.
func (r *rig) serve() {
	r.t.Helper()
	s := feed.New(feed.Options{Hub: r.hub, Book: r.book, Signal: r.take, Port: r.port})
	ctx, cancel := context.WithCancel(context.Background())
	door, err := s.Listen(ctx)
	if err != nil || s.Port() != r.port {
		r.t.Fatalf("it listens on %d: %v", s.Port(), err)
	}
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		_ = s.Run(ctx, door) // it ends as it is told to
	}()
	r.stop = sync.OnceFunc(func() { cancel(); <-ended })
	r.t.Cleanup(r.stop)
}

// take takes a call, each id once.
func (r *rig) take(e event.Signal) error {
	_, id, _ := strings.Cut(e.ID, ":")
	r.mu.Lock()
	hook := r.hooks[id]
	delete(r.hooks, id)
	r.mu.Unlock()
	if hook != nil {
		if err := hook(); err != nil {
			return err
		}
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if _, ok := r.calls[id]; ok {
		return feed.ErrSeen
	}
	r.calls[id] = e
	return nil
}

// run starts a program with a token.
func (r *rig) run(command []string, token string) {
	r.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	cmd := exec.CommandContext(ctx, command[0], command[1:]...)
	cmd.Env = append(os.Environ(), "LIVECUE_PORT="+strconv.Itoa(r.port), "LIVECUE_TOKEN="+token, "PYTHONIOENCODING=utf-8")
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		r.t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		r.t.Fatal(err)
	}
	r.out = bufio.NewScanner(out)
	r.end = sync.OnceValue(cmd.Wait)
	r.t.Cleanup(func() { cancel(); _ = r.end() })
}

// says waits for the program's next line.
func (r *rig) says(want string) {
	r.t.Helper()
	if !r.out.Scan() || r.out.Text() != want {
		r.t.Fatalf("it says %q, want %q", r.out.Text(), want)
	}
}

func gift(id string) event.Gift {
	return event.Gift{Head: event.Head{ID: id}, User: event.User{Handle: "pixel_pia"}, Gift: event.GiftInfo{Name: "Rose"}, Added: 1, Count: 1, Final: true}
}

// A client hears each event once and gets each call answered, though the server is busy, goes away in the middle of a call, and
// events happen while it is away.
func TestClientsLoseNothing(t *testing.T) {
	for name, command := range commands(t) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newRig(t)
			token, _, err := r.book.Issue("A client", grant.Read, grant.Trigger)
			if err != nil {
				t.Fatal(err)
			}
			r.hub.Publish(gift("before"), feed.Origin{})
			away := make(chan struct{})
			r.hooks["g1"] = func() error { return errors.New("the disk is busy") }
			r.hooks["g2"] = func() error {
				close(away)
				r.mu.Lock()
				defer r.mu.Unlock()
				r.calls["g2"] = event.Signal{} // it is taken, and nobody will be told
				return errors.New("never read")
			}
			r.serve()
			r.run(command, token)
			r.first()
			seq := r.hub.Seq()
			r.hub.Publish(gift("g1"), feed.Origin{})
			r.says(fmt.Sprintf("event %d gift g1 True", seq+1))
			r.says("answer g1 False")
			r.hub.Publish(event.Follow{}, feed.Origin{}) // it is not wanted
			r.hub.Publish(gift("g2"), feed.Origin{})
			r.says(fmt.Sprintf("event %d gift g2 True", seq+3))
			<-away
			r.stop()
			r.hub.Publish(gift("g3"), feed.Origin{})
			r.serve()
			r.says("answer g2 True")
			r.says(fmt.Sprintf("event %d gift g3 True", seq+4))
			r.says("answer g3 False")
			r.hub.Publish(event.LiveEnded{Head: event.Head{ID: "over"}}, feed.Origin{})
			r.says(fmt.Sprintf("event %d live_ended over True", seq+5))
			r.says("error bad_request")
			if err := r.end(); err != nil {
				t.Error(err)
			}
			if e := r.calls["g1"]; e.Name != "thanks" || e.Text != "ä" || e.Count != 2 || e.User.Handle != "pixel_pia" {
				t.Errorf("the call is %+v", e)
			}
		})
	}
}

// first publishes made-up comments until the program hears one: when it has been greeted, nobody else can tell.
func (r *rig) first() {
	r.t.Helper()
	heard := make(chan string)
	go func() { // ends with the first line
		r.out.Scan()
		heard <- r.out.Text()
	}()
	every := time.NewTicker(20 * time.Millisecond)
	defer every.Stop()
	for count := 0; ; count++ {
		select {
		case line := <-heard:
			if !strings.HasSuffix(line, "chat c False") {
				r.t.Fatalf("it says %q", line)
			}
			r.settle(line)
			return
		case <-every.C:
			r.hub.Publish(event.Chat{Head: event.Head{ID: "c"}, Comment: "hi"}, feed.Origin{Rehearsed: true})
		}
	}
}

// settle takes the comments after the first.
func (r *rig) settle(line string) {
	r.t.Helper()
	n, err := strconv.ParseUint(strings.Fields(line)[1], 10, 64)
	if err != nil {
		r.t.Fatal(err)
	}
	for last := r.hub.Seq(); n < last; {
		n++
		r.says(fmt.Sprintf("event %d chat c False", n))
	}
}

func TestClientsGiveUpWithAWrongToken(t *testing.T) {
	for name, command := range commands(t) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newRig(t)
			r.serve()
			r.run(command, "00000000-0000-4000-8000-000000000000")
			r.says("refused")
			if err := r.end(); err != nil {
				t.Error(err)
			}
		})
	}
}
