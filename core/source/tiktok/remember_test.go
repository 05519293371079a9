package tiktok

import (
	"fmt"
	"math/rand/v2"
	"strconv"
	"testing"
	"time"

	pb "github.com/steampoweredtaco/gotiktoklive/proto"

	"github.com/livecue/livecue/core/event"
)

// reborn is an intake that remembers past, as after a crash.
func reborn(past []event.Event) *intake {
	in := newIntake(time.Hour, newTrouble(quiet()))
	for _, e := range past {
		in.remember(e, e.Header(), time.Now())
	}
	return in
}

// Whatever is repeated, reordered or lost on the way, and however often the program dies and remembers: the sum of Added is
// what was paid, and so is the sum of Count over the Finals.
func TestRememberedStreaksAddUp(t *testing.T) {
	for seed := range uint64(500) {
		rnd := rand.New(rand.NewPCG(seed, 2))
		var messages []*pb.WebcastResponse_Message
		paid, id := 0, int64(0)
		for i := range 1 + rnd.IntN(5) {
			total := int32(1 + rnd.IntN(12))
			paid += int(total)
			for c := int32(1); c <= total; c++ {
				if c == total || rnd.IntN(3) > 0 { // some are lost
					id++
					messages = append(messages, rose(id, int64(7+i%2), int64(100+i), c, 0))
				}
			}
			if rnd.IntN(3) > 0 { // some ends never come
				id++
				messages = append(messages, rose(id, int64(7+i%2), int64(100+i), total, 1))
			}
		}
		for range rnd.IntN(10) {
			messages = append(messages, messages[rnd.IntN(len(messages))])
		}
		if rnd.IntN(2) == 0 {
			rnd.Shuffle(len(messages), func(i, j int) { messages[i], messages[j] = messages[j], messages[i] })
		}
		var journal []event.Event
		emit := func(e event.Event) { journal = append(journal, e) }
		in := reborn(nil)
		for _, m := range messages {
			in.message(m, false, emit)
			switch rnd.IntN(12) {
			case 0: // a crash
				in = reborn(journal)
			case 1: // a disconnect
				in.streaks.endAll(time.Now(), emit)
			}
		}
		in = reborn(journal)
		in.streaks.endAll(time.Now(), emit)
		gifts := of[event.Gift](journal)
		checkGiftPromises(t, seed, gifts)
		growth, ends := 0, 0
		for _, g := range gifts {
			growth += g.Added
			if g.Final {
				ends += g.Count
			}
		}
		if growth != paid || ends != paid {
			t.Fatalf("seed %d: paid %d, grown %d, at the ends %d", seed, paid, growth, ends)
		}
	}
}

// What was under way when we came is not ours, after a restart neither.
func TestRememberKnowsWhatAStreakHadBefore(t *testing.T) {
	in := reborn(nil)
	var journal []event.Event
	emit := func(e event.Event) { journal = append(journal, e) }
	in.enter("1", time.Now().Add(time.Hour))
	in.take(&pb.WebcastResponse{IsFirst: true, Messages: []*pb.WebcastResponse_Message{rose(1, 8, 1, 3, 0)}}, true, emit)
	in.message(rose(2, 8, 1, 5, 0), false, emit)
	in = reborn(journal)
	in.message(rose(3, 8, 1, 7, 1), false, emit)
	if g := of[event.Gift](journal); len(g) != 2 || g[0].Added != 2 || g[0].Reached != 5 ||
		g[1].Added != 2 || g[1].Count != 4 || g[1].Reached != 7 || g[1].First {
		t.Errorf("%+v", g)
	}
}

// A journal that does not tell what a streak had reached, or that has lost its beginning, is good for what it does tell.
func TestRememberWithoutReached(t *testing.T) {
	gift := func(id string, added, count int, isFirst, isFinal bool) event.Event {
		return event.Gift{
			Head: event.Head{ID: id, Source: sourceName}, Streak: "8/5655/1", Added: added, Count: count, First: isFirst, Final: isFinal,
		}
	}
	for name, past := range map[string][]event.Event{
		"whole":      {gift("1", 2, 2, true, true), gift("2", 3, 3, false, false)},
		"no begin":   {gift("2", 1, 5, false, false)},
		"same twice": {gift("0", 9, 9, true, true), gift("1", 2, 2, true, true), gift("2", 3, 3, false, false)},
	} {
		var log giftLog
		in := reborn(past)
		in.message(rose(3, 8, 1, 5, 0), false, log.emit)
		in.message(rose(4, 8, 1, 6, 1), false, log.emit)
		if len(log) != 1 || log[0].Added != 1 || !log[0].Final {
			t.Errorf("%s: %+v", name, log)
		}
	}
}

func TestStreakKeyText(t *testing.T) {
	for _, key := range []streakKey{
		{"8", 5655, 1}, {"@a/b", 0, -3}, {"", 1, 0}, {"single", 7, 8}, {"x/1/2", 3, 4}, {"8", 1 << 62, -1 << 62},
	} {
		if got, ok := parseStreakKey(key.String()); !ok || got != key {
			t.Errorf("%q became %+v, %t", key.String(), got, ok)
		}
	}
	for _, text := range []string{"", "single/77", "single/h12-3", "8/x/1", "8/1/", "/", "1/2"} {
		if got, ok := parseStreakKey(text); ok {
			t.Errorf("%q became %+v", text, got)
		}
	}
}

func TestRememberLeavesOutWhatIsNotItsOwn(t *testing.T) {
	f := newFake(t)
	s := f.source(nil)
	head := func(change func(*event.Head)) event.Head {
		h := event.Head{ID: "5", At: time.Now(), Source: sourceName, Room: testRoom}
		change(&h)
		return h
	}
	s.Remember([]event.Event{
		nil,
		event.Chat{Head: head(func(h *event.Head) { h.Source = "elsewhere" })},
		event.Gift{Head: head(func(h *event.Head) { h.Test = true }), Streak: "8/5655/1", Added: 3, Count: 3},
		event.Disconnected{Head: head(func(h *event.Head) { h.ID, h.Room = "", "" })},
	})
	if in := s.intake; len(in.seen.young) != 0 || len(in.streaks.all) != 0 || in.room != "" || in.hasHeld {
		t.Errorf("remembers %+v", in)
	}
}

// Messages without id and time are new each time: those of the next life must not be taken for those of the last.
func TestRememberedNumbersAreNotGivenAgain(t *testing.T) {
	nameless := message(&pb.WebcastChatMessage{Common: &pb.Common{}, Content: "hi"})
	var journal []event.Event
	emit := func(e event.Event) { journal = append(journal, e) }
	in := reborn(nil)
	in.message(nameless, false, emit)
	in.message(nameless, false, emit)
	in = reborn(journal)
	in.message(nameless, false, emit)
	if len(journal) != 3 || journal[2].Header().ID == journal[1].Header().ID {
		t.Errorf("%+v", journal)
	}
}

// With more open streaks than are remembered, nothing is emitted until the next one begins; then nothing is lost.
func TestRememberMoreStreaksThanThereIsRoomFor(t *testing.T) {
	s := newStreaks(time.Hour, 50)
	var log giftLog
	for i := range 200 {
		key := streakKey{strconv.Itoa(i), 1, 1}
		g := event.Gift{Streak: key.String(), Added: 2, Count: 2, Reached: 2, First: true, Final: i < 100}
		log.emit(g)
		s.restore(key, g, time.Now())
	}
	if s.open.Len() != 100 || len(s.all) > 101 {
		t.Errorf("%d open of %d", s.open.Len(), len(s.all))
	}
	s.add(streakKey{"new", 1, 1}, event.Gift{Streak: "new/1/1"}, 1, true, time.Now(), log.emit)
	s.endAll(time.Now(), log.emit)
	checkGiftPromises(t, 0, log)
	if len(s.all) > 50 {
		t.Errorf("%d streaks", len(s.all))
	}
}

// The first response after a restart tells what was missed, and the past stays the past.
func TestRememberTheLive(t *testing.T) {
	f := newFake(t)
	old := message(&pb.WebcastChatMessage{
		Common: &pb.Common{MsgId: 20, CreateTime: time.Now().Add(-time.Hour).UnixMilli()}, Content: "old",
	})
	f.sign = f.signAnswer(nil, old)
	f.socket = func(p *peer) { p.say(chat(1, "heard"), rose(2, 8, 1, 2, 0)); p.wait() }
	r := start(t, f.source(nil))
	r.untilKind(event.KindGift)
	past := r.all() // what comes later is lost in the crash
	_ = r.stop()

	missed := chat(3, "missed")
	bare := message(&pb.WebcastGiftMessage{Common: common(21), GiftId: 5655, User: pbUser(9, "viewer_9"), GroupId: 2, RepeatCount: 1})
	f.sign = f.signAnswer(nil, old, chat(1, "heard"), missed, rose(2, 8, 1, 2, 0), bare)
	f.socket = func(p *peer) { p.say(rose(4, 8, 1, 5, 1), missed, control(5, pb.ControlAction_STREAM_ENDED)); p.wait() }
	s := f.source(nil)
	s.Remember(past)
	r = start(t, s)
	wantCause(t, r.end(), event.CauseLiveEnded)
	const want = "connecting connected chat gift gift gift live_ended"
	if got := kinds(r.all()); got != want {
		t.Fatalf("got  %s\nwant %s", got, want)
	}
	g := of[event.Gift](r.all())
	if g[0].Gift.Name != "Rose" || g[0].Gift.Coins != 1 {
		t.Errorf("a gift told by its number alone: %+v", g[0])
	}
	if g[1].Added != 3 || g[1].Count != 5 || g[1].First || !g[1].Final {
		t.Errorf("the streak that went on: %+v", g[1])
	}
	before, after := of[event.Connected](past)[0], of[event.Connected](r.all())[0]
	if before.Since.IsZero() || !before.Since.Equal(after.Since) || before.Since.After(before.At) {
		t.Errorf("since %v, then %v", before.Since, after.Since)
	}
}

// Another live than the one that is remembered begins its own past.
func TestRememberedRooms(t *testing.T) {
	at := time.Now().Add(-time.Hour)
	head := func(id, room string, after time.Duration) event.Head {
		return event.Head{ID: id, At: at.Add(after), Source: sourceName, Room: room}
	}
	since := at.Add(-time.Minute)
	for _, tt := range []struct {
		name string
		past []event.Event
		room string
		want time.Time
	}{
		{"told", []event.Event{event.Connected{Head: head("", "1", 0), Since: since}, event.Chat{Head: head("9", "1", 1)}}, "1", since},
		{"made again", []event.Event{event.Reconnected{Head: head("", "1", 0), Since: since}}, "1", since},
		{"not told", []event.Event{event.Connected{Head: head("", "1", 0)}, event.Reconnected{Head: head("", "1", 5)}}, "1", at},
		{"cut off", []event.Event{event.Chat{Head: head("9", "1", 1)}, event.Chat{Head: head("10", "1", 2)}}, "1", at.Add(1)},
		{"guessed", []event.Event{event.Connected{Head: head("", "", 0), Since: since}, event.Chat{Head: head("9", "1", 1)}}, "1", since},
		{"moved", []event.Event{
			event.Connected{Head: head("", "1", 0), Since: since}, event.Chat{Head: head("9", "1", 1)}, event.Chat{Head: head("10", "2", 2)},
		}, "2", at.Add(2)},
	} {
		in := reborn(tt.past)
		if in.room != tt.room || !in.since.Equal(tt.want) || !in.hasHeld {
			t.Errorf("%s: room %q since %v, want %q %v; held %t", tt.name, in.room, in.since, tt.room, tt.want, in.hasHeld)
		}
		in.enter(tt.room, time.Now())
		if !in.since.Equal(tt.want) {
			t.Errorf("%s: the same room began anew", tt.name)
		}
		now := time.Now()
		if in.enter("3", now); !in.since.Equal(now) || in.hasHeld || in.room != "3" {
			t.Errorf("%s: another room did not begin anew", tt.name)
		}
	}
}

// A streak that was open has its end made up: some time after the next connection, or though there is never another.
func TestRememberedStreakEnds(t *testing.T) {
	past := []event.Event{event.Gift{
		Head: event.Head{ID: "1", At: time.Now(), Source: sourceName, Room: testRoom}, User: event.User{ID: "8"},
		Gift: event.GiftInfo{ID: 5655, Name: "Rose", Coins: 1, Streakable: true}, Streak: "8/5655/1",
		Added: 4, Count: 4, Reached: 4, First: true,
	}}
	check := func(t *testing.T, events []event.Event) {
		t.Helper()
		g := of[event.Gift](events)
		if len(g) != 1 || g[0].Added != 0 || g[0].Count != 4 || !g[0].Final || !g[0].Inferred || g[0].ID != "1:end" {
			t.Errorf("%+v", g)
		}
	}
	t.Run("connected", func(t *testing.T) {
		f := newFake(t)
		s := f.source(func(o *Options) { o.StreakTimeout = 50 * time.Millisecond })
		s.Remember(past)
		r := start(t, s)
		r.untilKind(event.KindGift)
		_ = r.stop()
		check(t, r.all())
		if got := kinds(r.all()); got != "connecting connected gift" {
			t.Error(got)
		}
	})
	t.Run("not live", func(t *testing.T) {
		f := newFake(t)
		f.page = f.livePage("", 4)
		s := f.source(func(o *Options) { o.StreakTimeout = time.Hour })
		s.Remember(past)
		r := start(t, s)
		wantCause(t, r.end(), event.CauseNotLive)
		if got := kinds(r.all()); got != "connecting" {
			t.Errorf("before its time: %s", got)
		}
		s.intake.streaks.timeout = 0
		r = start(t, s)
		wantCause(t, r.end(), event.CauseNotLive)
		check(t, r.all())
	})
}

func BenchmarkRemember(b *testing.B) {
	past := make([]event.Event, 200_000)
	for i := range past {
		h := event.Head{ID: strconv.Itoa(i), At: time.Unix(int64(i), 0), Source: sourceName, Room: testRoom}
		past[i] = event.Chat{Head: h}
		if i%2 == 0 {
			past[i] = event.Gift{Head: h, Streak: fmt.Sprintf("%d/5655/%d", i%1000, i/10), Added: 1, Count: 1, Reached: 1 + i%10, Final: i%20 == 0}
		}
	}
	for b.Loop() {
		reborn(past)
	}
}
