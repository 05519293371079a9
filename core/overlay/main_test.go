package overlay

import (
	"context"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/livecue/livecue/assets"
	"github.com/livecue/livecue/core/action"
	"github.com/livecue/livecue/core/event"
	"github.com/livecue/livecue/core/scoreboard"
)

// browser is the one that all tests share, and closeBrowser ends it. It is begun by the first test that asks for it: the
// fuzzer's workers, whose end is waited for, ask for none.
var (
	closeBrowser = func() {}
	browser      = sync.OnceValues(func() (*chromium, error) {
		b, err := startChromium()
		if err == nil {
			closeBrowser = b.close
		}
		return b, err
	})
)

func TestMain(m *testing.M) {
	code := m.Run()
	closeBrowser()
	http.DefaultClient.CloseIdleConnections()
	if err := goleak.Find(); code == 0 && err != nil {
		fmt.Fprintln(os.Stderr, err)
		code = 1
	}
	os.Exit(code)
}

// stage is a running Server with its board.
type stage struct {
	*Server
	t     testing.TB
	board *scoreboard.Board
	stop  func()
}

// freePort returns a port that nothing listens on.
func freePort(t testing.TB) int {
	t.Helper()
	l, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = l.Close() }()
	return l.Addr().(*net.TCPAddr).Port
}

// begin runs a Server until the test ends.
func begin(t testing.TB, opts Options) *stage {
	t.Helper()
	board, err := scoreboard.Open(scoreboard.Options{})
	if err != nil {
		t.Fatal(err)
	}
	opts.Board, opts.Files, opts.Sounds = board, assets.Overlay(), assets.Sounds()
	if opts.Log == nil {
		opts.Log = slog.New(slog.DiscardHandler)
	}
	if opts.Settings.Port == 0 {
		opts.Settings.Port = freePort(t)
	}
	if opts.Settings.Goal.Of == "" {
		opts.Settings.Goal = Goal{Of: "likes", Target: 1000, Title: "Likes"}
	}
	s, err := New(opts)
	if err != nil {
		t.Fatal(err)
	}
	st := &stage{Server: s, t: t, board: board}
	st.run()
	return st
}

func (st *stage) run() {
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- st.Run(ctx) }()
	st.stop = sync.OnceFunc(func() {
		cancel()
		<-ended //nolint:errcheck // it ends as it is told to
	})
	st.t.Cleanup(st.stop)
	quick := http.Client{Timeout: time.Second} // before it is known that a port is taken, another program is asked
	eventually(st.t, "the server answers", func() bool {
		resp, err := quick.Get(st.addressOf(PageAlert))
		if err == nil {
			_ = resp.Body.Close()
		}
		return err == nil && resp.StatusCode == http.StatusOK
	})
}

// addressOf is where a page is.
func (st *stage) addressOf(page string) string {
	for _, p := range st.Pages() {
		if p.Name == page {
			return p.Address
		}
	}
	st.t.Fatalf("there is no page %q", page)
	return ""
}

// open opens a page with parameters in the browser.
func (st *stage) open(page, query string) *tab { return st.openSized(page, query, 640, 360) }

func (st *stage) openSized(page, query string, width, height int) *tab {
	st.t.Helper()
	b, err := browser()
	if err != nil {
		st.t.Fatal(err)
	}
	address := st.addressOf(page)
	if query != "" {
		address += "?" + query
	}
	return b.open(st.t, address, width, height).connected()
}

func eventually(t testing.TB, what string, holds func() bool) {
	t.Helper()
	for deadline := time.Now().Add(patience); !holds(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("waited in vain until %s", what)
		}
	}
}

func user(name string) event.User { return event.User{ID: name, Handle: name, Nickname: name} }

func gift(from, name string, count, coins int) event.Gift {
	return event.Gift{
		Head: event.Head{ID: from + name, Room: "7"}, User: user(from), Gift: event.GiftInfo{ID: 1, Name: name, Coins: coins},
		Streak: from + name, Added: count, Count: count,
	}
}

func chat(from, text string) event.Chat {
	return event.Chat{Head: event.Head{Room: "7"}, User: user(from), Comment: text}
}

func alertJob(o action.Overlay) action.Job {
	return action.Job{ID: "job", Spec: action.Spec{Overlay: &o}, Runs: 1, Fields: action.Fields{
		User: "pixel_pia", Nickname: "Pixel Pia", Gift: "Rose", Count: 5, Coins: 1, TotalCoins: 5,
	}}
}

// show carries out an alert and returns its outcome.
func (st *stage) show(o action.Overlay) action.Outcome {
	st.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	outcome, err := st.Do(ctx, alertJob(o))
	if err != nil {
		st.t.Fatal(err)
	}
	return outcome
}

func portOf(address string) int {
	_, port, _ := strings.Cut(address, ":")
	n, _ := strconv.Atoi(port)
	return n
}
