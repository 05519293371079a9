package main

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/livecue/livecue/core/event"
	"github.com/livecue/livecue/core/feed"
	"github.com/livecue/livecue/core/grant"
	"github.com/livecue/livecue/core/plugin"
)

// TestMain lets the test program be the plugin.
func TestMain(m *testing.M) {
	if len(os.Args) > 2 && os.Args[1] == "play" {
		os.Args = os.Args[1:]
		main()
		os.Exit(0)
	}
	goleak.VerifyTestMain(m)
}

// rig runs a plugin on a real socket.
type rig struct {
	*plugin.Set
	t     *testing.T
	hub   *feed.Hub
	calls chan event.Signal
}

func start(t *testing.T, spec plugin.Spec) *rig {
	t.Helper()
	book, err := grant.Open(grant.Options{})
	if err != nil {
		t.Fatal(err)
	}
	r := &rig{Set: plugin.New(plugin.Options{Lend: book.LendOnly}), t: t, hub: feed.NewHub(), calls: make(chan event.Signal, 10)}
	s := feed.New(feed.Options{Hub: r.hub, Book: book, Signal: func(e event.Signal) error { r.calls <- e; return nil }})
	ctx, cancel := context.WithCancel(context.Background())
	door, err := s.Listen(ctx)
	if err != nil {
		t.Fatal(err)
	}
	var group sync.WaitGroup
	group.Go(func() { _ = s.Run(ctx, door) }) // both end as they are told to
	group.Go(func() { _ = r.Run(ctx) })
	t.Cleanup(func() { cancel(); group.Wait() })
	spec.Name = "p"
	r.Apply([]plugin.Spec{spec})
	r.SetPort(s.Port())
	r.until("it to listen", func() bool { // to what it leaves alone
		r.hub.Publish(event.Chat{Comment: "hello"}, feed.Origin{Rehearsed: true})
		r.hub.Publish(event.Gift{Added: 1}, feed.Origin{Rehearsed: true})
		clients := s.Status().Clients
		return len(clients) == 1 && clients[0].Sent > 0
	})
	return r
}

func (r *rig) until(what string, isTrue func() bool) {
	r.t.Helper()
	for deadline := time.Now().Add(time.Minute); !isTrue(); time.Sleep(2 * time.Millisecond) {
		if time.Now().After(deadline) {
			r.t.Fatalf("waited in vain for %s: %+v, %+v", what, r.Status(), r.Log("p", 20))
		}
	}
}

func (r *rig) says(line string) {
	r.t.Helper()
	r.until(line, func() bool {
		return slices.ContainsFunc(r.Log("p", 100), func(l plugin.Line) bool { return l.Text == line })
	})
}

func TestTheFirstWinsAndTheNextWordComes(t *testing.T) {
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	r := start(t, plugin.Spec{Program: self, Args: []string{"play", "Creeper", "Ghast"}, MayTrigger: true})
	r.says("the word is Creeper")
	for i, says := range []struct{ handle, comment string }{
		{"testy_tom", "creepers?"}, {"pixel_pia", " CREEPER "}, {"testy_tom", "creeper"}, {"testy_tom", "ghast"},
	} {
		id := string(rune('a' + i))
		r.hub.Publish(event.Chat{Head: event.Head{ID: id}, User: event.User{Handle: says.handle}, Comment: says.comment}, feed.Origin{})
	}
	first, second := <-r.calls, <-r.calls
	if first.Name != "first word" || first.User.Handle != "pixel_pia" || first.Text != "Creeper" || second.User.Handle != "testy_tom" || second.Text != "Ghast" {
		t.Errorf("the calls are %+v and %+v", first, second)
	}
	r.says("@testy_tom was first")
}

func TestTheGiftCounterInPython(t *testing.T) {
	program, err := filepath.Abs(filepath.Join("..", "giftcounter", "giftcounter.py"))
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "gifts.txt")
	r := start(t, plugin.Spec{Program: "python3", Args: []string{"-B", program, file}, Kinds: []event.Kind{event.KindGift}})
	give := func(handle string, added int, from feed.Origin) {
		r.hub.Publish(event.Gift{User: event.User{Handle: handle}, Gift: event.GiftInfo{Name: "Rose", Coins: 5}, Added: added, Count: added}, from)
	}
	give("testy_tom", 100, feed.Origin{Rehearsed: true})
	give("testy_tom", 2, feed.Origin{})
	give("pixel_pia\n\x1b[2J", 1, feed.Origin{})
	r.says("3 gifts, 15 coins")
	got, err := os.ReadFile(file)
	if want := "3 gifts, 15 coins\nThank you, pixel_pia[2J!\n"; err != nil || strings.ReplaceAll(string(got), "\r", "") != want {
		t.Errorf("the file has %q, want %q, %v", got, want, err)
	}
}
