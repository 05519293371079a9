package event

import (
	"bytes"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

// quiet is a bus that logs into the returned buffer.
func quiet() (*Bus, *bytes.Buffer) {
	var log bytes.Buffer
	return &Bus{Log: slog.New(slog.NewTextHandler(&log, nil))}, &log
}

func TestHandlersGetTheirTypeInOrderOfRegistration(t *testing.T) {
	b, _ := quiet()
	var got []string
	On(b, func(g Gift) { got = append(got, "gift "+g.Gift.Name) })
	On(b, func(e Event) { got = append(got, "any "+string(e.Kind())) })
	On(b, func(e FromViewer) { got = append(got, "viewer "+e.From().Name()) })
	On(b, func(Follow) { got = append(got, "follow") })

	b.Emit(Gift{Gift: GiftInfo{Name: "Rose"}, User: User{Handle: "pixel_pia"}})
	b.Emit(Follow{User: User{ID: "7"}})
	b.Emit(ViewerCount{Viewers: 3})
	b.Emit(nil)

	want := []string{"gift Rose", "any gift", "viewer pixel_pia", "any follow", "viewer 7", "follow", "any viewers"}
	if !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
	if s := b.Stats(); s.Emitted != 3 || s.Handlers != 4 {
		t.Errorf("stats: %+v", s)
	}
}

func TestAPanicStopsNeitherTheOthersNorTheEmitter(t *testing.T) {
	b, log := quiet()
	var after int
	On(b, func(Chat) { panic("a handler's mistake") })
	On(b, func(Chat) { after++ })
	for range 3 {
		b.Emit(Chat{})
	}
	if after != 3 {
		t.Errorf("the next handler ran %d times, want 3", after)
	}
	if n := b.Stats().Panics; n != 3 {
		t.Errorf("counted %d panics, want 3", n)
	}
	for _, part := range []string{"a handler's mistake", "bus_test.go", "kind=chat"} {
		if !strings.Contains(log.String(), part) {
			t.Errorf("the log lacks %q", part)
		}
	}
}

func TestCancel(t *testing.T) {
	t.Run("inside the handler itself", func(t *testing.T) {
		b, _ := quiet()
		var calls int
		var sub Subscription
		sub = On(b, func(Join) {
			calls++
			sub.Cancel()
			sub.Cancel()
		})
		b.Emit(Join{})
		b.Emit(Join{})
		if calls != 1 {
			t.Errorf("called %d times, want 1", calls)
		}
	})
	t.Run("a later handler, in the same emit", func(t *testing.T) {
		b, _ := quiet()
		var calls int
		var later Subscription
		On(b, func(Join) { later.Cancel() })
		later = On(b, func(Join) { calls++ })
		b.Emit(Join{})
		if calls != 0 {
			t.Errorf("a cancelled handler was called")
		}
	})
	t.Run("leaves the others in order", func(t *testing.T) {
		b, _ := quiet()
		var got []int
		var subs []Subscription
		for i := range 5 {
			subs = append(subs, On(b, func(Join) { got = append(got, i) }))
		}
		subs[1].Cancel()
		subs[3].Cancel()
		b.Emit(Join{})
		if !slices.Equal(got, []int{0, 2, 4}) {
			t.Errorf("got %v", got)
		}
	})
	t.Run("the zero value", func(*testing.T) {
		Subscription{}.Cancel()
	})
}

func TestAHandlerRegisteredDuringAnEmitGetsTheNextEvent(t *testing.T) {
	b, _ := quiet()
	var late int
	Once(b, func(Join) { On(b, func(Join) { late++ }) })
	b.Emit(Join{})
	if late != 0 {
		t.Error("it got the event that registered it")
	}
	b.Emit(Join{})
	if late != 1 {
		t.Errorf("called %d times, want 1", late)
	}
}

func TestAHandlerMayEmit(t *testing.T) {
	b, _ := quiet()
	var got []Kind
	On(b, func(Connected) { b.Emit(CredentialsRefreshed{}) })
	On(b, func(e Event) { got = append(got, e.Kind()) })
	b.Emit(Connected{})
	if want := []Kind{KindCredentialsRefreshed, KindConnected}; !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

func TestOnceFiresOnceUnderConcurrentEmits(t *testing.T) {
	for range 50 {
		b, _ := quiet()
		var calls atomic.Int32
		Once(b, func(Like) { calls.Add(1) })
		var group sync.WaitGroup
		for range 8 {
			group.Go(func() { b.Emit(Like{}) })
		}
		group.Wait()
		if n := calls.Load(); n != 1 {
			t.Fatalf("called %d times, want 1", n)
		}
		if n := b.Stats().Handlers; n != 0 {
			t.Fatalf("%d handlers are left, want none", n)
		}
	}
}

func TestOnceWaitsForItsType(t *testing.T) {
	b, _ := quiet()
	var got []string
	Once(b, func(c Chat) { got = append(got, c.Comment) })
	b.Emit(Join{})
	b.Emit(Chat{Comment: "first"})
	b.Emit(Chat{Comment: "second"})
	if !slices.Equal(got, []string{"first"}) {
		t.Errorf("got %v", got)
	}
}

func TestSubscribingAndCancellingWhileOthersEmit(t *testing.T) {
	b, _ := quiet()
	var steady atomic.Int32
	On(b, func(Share) { steady.Add(1) })
	var group sync.WaitGroup
	for range 4 {
		group.Go(func() {
			for range 500 {
				b.Emit(Share{})
			}
		})
		group.Go(func() {
			for range 500 {
				On(b, func(Share) {}).Cancel()
			}
		})
	}
	group.Wait()
	if n := steady.Load(); n != 2000 {
		t.Errorf("the steady handler got %d of 2000", n)
	}
	if n := b.Stats().Handlers; n != 1 {
		t.Errorf("%d handlers are left, want 1", n)
	}
}

func TestASlowHandlerIsWarnedOf(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b, log := quiet()
		pause := 50 * time.Millisecond
		On(b, func(Chat) { time.Sleep(pause) })
		b.Emit(Chat{})
		if n := b.Stats().Slow; n != 0 {
			t.Errorf("50 ms counted as slow")
		}
		pause = 51 * time.Millisecond
		b.Emit(Chat{})
		if n := b.Stats().Slow; n != 1 {
			t.Errorf("51 ms did not count as slow")
		}
		if !strings.Contains(log.String(), "event handler is slow") {
			t.Error("nothing was logged")
		}
	})
}

func TestEveryKindHasItsOwnType(t *testing.T) {
	events := []Event{
		Gift{},
		Follow{},
		Like{},
		Share{},
		Join{},
		Chat{},
		Subscribe{},
		ViewerCount{},
		Question{},
		Cue{},
		Signal{},
		Connecting{},
		Connected{},
		Reconnecting{},
		Reconnected{},
		Disconnected{},
		WaitingForLive{},
		LiveEnded{},
		RateLimited{},
		AuthFailed{},
		CredentialsRefreshed{},
		ParticipantJoined{},
		ParticipantLeft{},
		ParticipantChanged{},
		TrackChanged{},
		SpeakersChanged{},
		Speaking{},
		QualityChanged{},
		Data{},
		Transcription{},
		RoomChanged{},
	}
	seen := map[Kind]string{}
	for i, e := range events {
		if all := Kinds(); len(all) != len(events) || all[i] != e.Kind() {
			t.Errorf("Kinds has %v", all)
		}
		if other, ok := seen[e.Kind()]; ok {
			t.Errorf("%T and %s share the kind %q", e, other, e.Kind())
		}
		seen[e.Kind()] = fmt.Sprintf("%T", e)
	}
}

func TestUserNameAndKey(t *testing.T) {
	for _, c := range []struct {
		user      User
		name, key string
	}{
		{User{ID: "7", Handle: "pixel_pia", Nickname: "Pia"}, "Pia", "7"},
		{User{Handle: "pixel_pia"}, "pixel_pia", "@pixel_pia"},
		{User{ID: "7"}, "7", "7"},
	} {
		if c.user.Name() != c.name || c.user.Key() != c.key {
			t.Errorf("%+v: got %q and %q", c.user, c.user.Name(), c.user.Key())
		}
	}
}

func BenchmarkEmit(b *testing.B) {
	for _, n := range []int{1, 10, 100} {
		b.Run(fmt.Sprint(n, " handlers"), func(b *testing.B) {
			bus, _ := quiet()
			var got int
			for range n {
				On(bus, func(Gift) { got++ })
			}
			e := Event(Gift{Count: 1})
			for b.Loop() {
				bus.Emit(e)
			}
		})
	}
}
