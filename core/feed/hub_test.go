package feed

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"go.uber.org/goleak"

	"github.com/livecue/livecue/core/event"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func chat(n int) event.Event {
	return event.Chat{Head: event.Head{ID: fmt.Sprint(n)}, User: event.User{Handle: "pixel_pia"}, Comment: fmt.Sprint(n)}
}

// seqs takes all that waits.
func seqs(l *Listener) (all []uint64, dropped uint64) {
	for {
		lines, lost := l.Take(nil, 100)
		dropped += lost
		if len(lines) == 0 {
			return all, dropped
		}
		for _, line := range lines {
			all = append(all, line.Seq)
		}
	}
}

func upTo(first, last uint64) (all []uint64) {
	for s := first; s <= last; s++ {
		all = append(all, s)
	}
	return all
}

func TestListeners(t *testing.T) {
	tests := []struct {
		name          string
		before, after int
		ask           Ask
		want          []uint64
		missed, lost  uint64
	}{
		{name: "only what is new", before: 5, after: 3, ask: Ask{Since: AllNew}, want: upTo(6, 8)},
		{name: "from the first", before: 5, after: 3, ask: Ask{}, want: upTo(1, 8)},
		{name: "since", before: 5, after: 1, ask: Ask{Since: 3}, want: upTo(4, 6)},
		{name: "since the last", before: 5, ask: Ask{Since: 5}},
		{name: "since what will be", before: 5, ask: Ask{Since: 50}},
		{name: "more than is kept", before: Kept + 10, ask: Ask{Since: 3}, want: upTo(11, Kept+10), missed: 7},
		{name: "too slow", after: 10, ask: Ask{Since: AllNew, Room: 4}, want: upTo(7, 10), lost: 6},
		{name: "another kind", before: 3, after: 3, ask: Ask{Kinds: []event.Kind{event.KindFollow}}},
		{name: "no kind", before: 3, after: 3, ask: Ask{Kinds: []event.Kind{}}},
		{name: "the kind", after: 2, ask: Ask{Kinds: []event.Kind{event.KindFollow, event.KindChat}}, want: upTo(1, 2)},
	}
	for _, tt := range tests {
		h := NewHub()
		for i := range tt.before {
			h.Publish(chat(i), Origin{})
		}
		l, missed, seq := h.Listen(tt.ask)
		for i := range tt.after {
			h.Publish(chat(i), Origin{})
		}
		got, lost := seqs(l)
		if !slices.Equal(got, tt.want) || missed != tt.missed || lost != tt.lost || seq != uint64(tt.before) {
			t.Errorf("%s: got %d of %d events, missed %d, lost %d, at %d", tt.name, len(got), len(tt.want), missed, lost, seq)
		}
		l.Close()
		l.Close()
	}
}

func TestLinesAreWhole(t *testing.T) {
	h := NewHub()
	l, _, _ := h.Listen(Ask{})
	defer l.Close()
	h.Publish(nil, Origin{})
	h.Publish(event.Chat{Comment: "\xff\n\u2028"}, Origin{Rehearsed: true, Replayed: true})
	<-l.Ready()
	lines, _ := l.Take(nil, 10)
	if len(lines) != 1 {
		t.Fatalf("%d lines", len(lines))
	}
	var got struct {
		Seq                 uint64
		Type, Kind          string
		Rehearsed, Replayed bool
	}
	if err := json.Unmarshal(lines[0].JSON(), &got); err != nil || got.Seq != 1 || got.Type != "event" || got.Kind != "chat" || !got.Rehearsed || !got.Replayed {
		t.Errorf("%s: %+v, %v", lines[0].JSON(), got, err)
	}
	if strings.ContainsAny(string(lines[0].JSON()), "\n\r") {
		t.Errorf("%q is more than one line", lines[0].JSON())
	}
}

func TestWantChangesWhatComes(t *testing.T) {
	h := NewHub()
	l, _, _ := h.Listen(Ask{})
	defer l.Close()
	l.Want([]event.Kind{event.KindFollow})
	h.Publish(chat(1), Origin{})
	h.Publish(event.Follow{}, Origin{})
	if got, _ := seqs(l); !slices.Equal(got, []uint64{2}) {
		t.Errorf("got %v", got)
	}
}

func TestClosedHubs(t *testing.T) {
	h := NewHub()
	l, _, _ := h.Listen(Ask{})
	h.Close()
	if _, isOpen := <-l.Ready(); isOpen {
		t.Error("the listener waits for more")
	}
	h.Publish(chat(1), Origin{})
	late, _, _ := h.Listen(Ask{})
	if _, isOpen := <-late.Ready(); isOpen {
		t.Error("a late listener waits for more")
	}
	late.Close()
	h.Close()
}

// Whoever listens while many publish gets an unbroken run of numbers.
func TestManyPublishers(t *testing.T) {
	const publishers, each = 4, 500
	h := NewHub()
	var group sync.WaitGroup
	for range publishers {
		group.Go(func() {
			for i := range each {
				h.Publish(chat(i), Origin{})
			}
		})
	}
	for range 3 {
		group.Go(func() {
			l, _, _ := h.Listen(Ask{})
			defer l.Close()
			last, had := uint64(0), uint64(0)
			for had < publishers*each {
				<-l.Ready()
				lines, dropped := l.Take(nil, 50)
				had += dropped
				for _, line := range lines {
					if line.Seq <= last {
						t.Errorf("%d after %d", line.Seq, last)
					}
					last = line.Seq
					line.JSON()
				}
				had += uint64(len(lines))
			}
		})
	}
	group.Wait()
}
