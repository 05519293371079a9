package store

import (
	"errors"
	"fmt"
	"maps"
	"math"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/livecue/livecue/core/action"
	"github.com/livecue/livecue/core/event"
	"github.com/livecue/livecue/core/tally"
)

// evening begins shortly before midnight of the test's place.
func evening() time.Time { return time.Date(2026, 3, 14, 22, 45, 0, 0, time.UTC) }

func testZone() *time.Location { return time.FixedZone("here", 3600) }

// clock is one that the test sets.
type clock struct{ now time.Time }

func (c *clock) read() time.Time { return c.now }

func viewer(i int) event.User {
	return event.User{ID: fmt.Sprint(1000 + i), Handle: fmt.Sprint("pixel_pia_", i), Nickname: fmt.Sprint("Pia ", i)}
}

// show makes up the events of streams.
type show struct {
	random *rand.Rand
	n      int
}

func (sh *show) head(room string, at time.Time) event.Head {
	sh.n++
	return event.Head{ID: fmt.Sprint("e", sh.n), At: at, Source: "tiktok", Room: room}
}

// next returns any event of a room.
func (sh *show) next(room string, at time.Time) event.Event {
	h, u := sh.head(room, at), viewer(sh.random.IntN(40))
	switch sh.random.IntN(12) {
	case 0, 1, 2:
		added := sh.random.IntN(5)
		prices := []int{1, 5, 100, 29_999}
		g := sh.random.IntN(len(prices))
		return event.Gift{
			Head: h, User: u, Gift: event.GiftInfo{ID: int64(g), Name: fmt.Sprint("Gift ", g), Coins: prices[g]}, Added: added, Count: 17,
			Final: sh.random.IntN(2) == 0,
		}
	case 3, 4:
		return event.Like{Head: h, User: u, Added: sh.random.IntN(16), Total: 9}
	case 5:
		return event.Follow{Head: h, User: u}
	case 6:
		return event.Share{Head: h, User: u}
	case 7, 8:
		return event.Chat{Head: h, User: u, Comment: "hello"}
	case 9:
		return event.Join{Head: h, User: u}
	case 10:
		return event.Subscribe{Head: h, User: u}
	default:
		return event.ViewerCount{Head: h, Viewers: sh.random.IntN(3000)}
	}
}

// recount is what the statistics must say, counted one by one.
type recount struct {
	total   Counts
	minutes map[int64]Counts
	viewers map[string]Counts
	gifts   map[string]Counts
	events  int64
}

func (r *recount) add(e event.Event, at time.Time) {
	if r.minutes == nil {
		r.minutes, r.viewers, r.gifts = map[int64]Counts{}, map[string]Counts{}, map[string]Counts{}
	}
	r.events++
	var c Counts
	switch e := e.(type) {
	case event.Gift:
		c = Counts{Gifts: int64(e.Added), Coins: int64(e.Added * e.Gift.Coins)}
		r.gifts[e.Gift.Name] = r.gifts[e.Gift.Name].Plus(c)
	case event.Like:
		c = Counts{Likes: int64(e.Added)}
	case event.Follow:
		c = Counts{Follows: 1}
	case event.Share:
		c = Counts{Shares: 1}
	case event.Chat:
		c = Counts{Chats: 1}
	case event.Join:
		c = Counts{Joins: 1}
	case event.Subscribe:
		c = Counts{Subs: 1}
	}
	r.total = r.total.Plus(c)
	if c != (Counts{}) {
		m := at.Unix() / 60
		r.minutes[m] = r.minutes[m].Plus(c)
	}
	if v, ok := e.(event.FromViewer); ok && c.Gifts+c.Likes > 0 {
		r.viewers[v.From().Handle] = r.viewers[v.From().Handle].Plus(Counts{Coins: c.Coins, Gifts: c.Gifts, Likes: c.Likes})
	}
}

// TestStatisticsEqualARecount lets streams of several days go by, with restarts, repeated messages, two rooms at once and what
// belongs to none, and holds all statistics against a plain count.
func TestStatisticsEqualARecount(t *testing.T) {
	sh := &show{random: rand.New(rand.NewPCG(1, 2))}
	now := &clock{evening()}
	path := filepath.Join(t.TempDir(), "store.db")
	opts := Options{Path: path, Now: now.read, Zone: testZone()}
	s := open(t, opts)
	want, days, all := map[string]*recount{}, map[int]*recount{}, &recount{}
	for i := range 2000 {
		room := fmt.Sprint("room-", i/500)
		if i%500 > 400 && i%7 == 0 { // late messages of the one before
			room = fmt.Sprint("room-", max(i/500-1, 0))
		}
		if i%500 == 0 {
			now.now = now.now.Add(26 * time.Hour)
		}
		now.now = now.now.Add(time.Duration(sh.random.IntN(9)) * time.Second)
		e := sh.next(room, now.now)
		var records []Record
		if i%50 == 0 {
			records = append(records, Record{Event: event.WaitingForLive{Head: event.Head{Source: "elsewhere", At: now.now}}})
		}
		records = append(records, Record{Event: e})
		if i%13 == 0 {
			records = append(records, Record{Event: e})
		}
		appendAll(t, s, records...)
		if want[room] == nil {
			want[room] = &recount{}
		}
		day := dayOf(now.now.In(testZone()))
		if days[day] == nil {
			days[day] = &recount{}
		}
		for _, r := range []*recount{want[room], days[day], all} {
			r.add(e, now.now)
		}
		if i%700 == 699 {
			closeNow(t, s)
			s = open(t, opts)
		}
	}
	sessions, err := s.Sessions(t.Context(), 0, 100)
	if err != nil || len(sessions) != len(want) {
		t.Fatalf("%d sessions, want %d: %v", len(sessions), len(want), err)
	}
	for _, one := range sessions {
		w := want[one.Room]
		if one.Total.Counts != w.total || one.Events != w.events || one.Recorded != w.events {
			t.Errorf("session %+v, want %+v", one, w)
		}
		compareScope(t, s, Scope{Session: one.ID}, w)
		checkRecording(t, s, one, w)
	}
	for day, w := range days {
		at := time.Date(day/10000, time.Month(day/100%100), day%100, 12, 0, 0, 0, testZone())
		compareScope(t, s, Scope{From: at, To: at}, w)
	}
	if len(days) < 4 {
		t.Errorf("the streams lie in %d days only", len(days))
	}
	compareScope(t, s, Scope{}, all)
}

func compareScope(t *testing.T, s *Store, scope Scope, w *recount) {
	t.Helper()
	total, err := s.Totals(t.Context(), scope)
	if err != nil || total.Counts != w.total {
		t.Errorf("%+v: totals %+v, want %+v: %v", scope, total, w.total, err)
	}
	slots, err := s.Slots(t.Context(), scope, time.Time{}, 1)
	if err != nil {
		t.Fatal(err)
	}
	got := map[int64]Counts{}
	for _, sl := range slots {
		if sl.Counts != (Counts{}) {
			got[sl.Start.Unix()/60] = sl.Counts
		}
	}
	if !maps.Equal(got, w.minutes) {
		t.Errorf("%+v: %d minutes, want %d", scope, len(got), len(w.minutes))
	}
	for _, by := range []Order{ByCoins, ByGifts, ByLikes} {
		compareViewers(t, s, scope, by, w)
	}
	gifts, err := s.TopGifts(t.Context(), scope, 100)
	if err != nil {
		t.Fatal(err)
	}
	given := map[string]Counts{}
	for _, g := range gifts {
		given[g.Name] = Counts{Gifts: g.Gifts, Coins: g.Coins}
	}
	maps.DeleteFunc(w.gifts, func(_ string, c Counts) bool { return c.Gifts == 0 })
	if !maps.Equal(given, w.gifts) {
		t.Errorf("%+v: gifts %+v, want %+v", scope, given, w.gifts)
	}
}

func compareViewers(t *testing.T, s *Store, scope Scope, by Order, w *recount) {
	t.Helper()
	number := func(c Counts) int64 {
		return map[Order]int64{ByCoins: c.Coins, ByGifts: c.Gifts, ByLikes: c.Likes}[by]
	}
	viewers, err := s.TopViewers(t.Context(), scope, by, 1000)
	if err != nil {
		t.Fatal(err)
	}
	if !slices.IsSortedFunc(viewers, func(a, b ViewerTotal) int {
		return int(number(Counts{Coins: b.Coins, Gifts: b.Gifts, Likes: b.Likes}) - number(Counts{Coins: a.Coins, Gifts: a.Gifts, Likes: a.Likes}))
	}) {
		t.Errorf("%+v by %s: not in order", scope, by)
	}
	n := 0
	for _, c := range w.viewers {
		if number(c) > 0 {
			n++
		}
	}
	for _, v := range viewers {
		if number(w.viewers[v.Handle]) != number(Counts{Coins: v.Coins, Gifts: v.Gifts, Likes: v.Likes}) {
			t.Errorf("%+v by %s: %+v, want %+v", scope, by, v, w.viewers[v.Handle])
		}
	}
	if len(viewers) != n {
		t.Errorf("%+v by %s: %d viewers, want %d", scope, by, len(viewers), n)
	}
}

// checkRecording reads a session's events in small pages and counts them.
func checkRecording(t *testing.T, s *Store, one Session, w *recount) {
	t.Helper()
	var got recount
	for after := int64(-1); after != 0; {
		page, next, err := s.Recording(t.Context(), one.ID, max(after, 0), 37)
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range page {
			if r.Event.Header().Room != one.Room {
				t.Fatalf("an event of room %q in the recording of %q", r.Event.Header().Room, one.Room)
			}
			got.add(r.Event, r.At)
		}
		after = next
	}
	if got.total != w.total || got.events != w.events || !maps.Equal(got.minutes, w.minutes) {
		t.Errorf("the recording of %s has %d events of %+v, want %d of %+v", one.Room, got.events, got.total, w.events, w.total)
	}
}

func TestRulesAreCountedByHowTheirJobsEnded(t *testing.T) {
	s := open(t, Options{})
	var records []Record
	for i := range 300 {
		records = append(records, record(i, 2))
	}
	appendAll(t, s, records...)
	ends := []action.State{action.Done, action.Done, action.Rejected, action.Failed, action.Unknown, action.Expired, action.Dropped}
	var want RuleTotal
	var times []time.Duration
	for i := range 300 {
		claim(t, s, jobID(i, 0), 0)
		state, took := ends[i%len(ends)], time.Duration(i+1)*time.Millisecond
		note(t, s, Outcome{JobID: jobID(i, 0), State: state, Runs: 1, Latency: took})
		switch state {
		case action.Done:
			want.Done++
			times = append(times, took)
		case action.Rejected:
			want.Rejected++
			times = append(times, took)
		case action.Failed:
			want.Failed++
		case action.Unknown:
			want.Unknown++
		case action.Expired:
			want.Expired++
		default:
			want.Dropped++
		}
		if i == 100 { // half is counted before the rest has ended
			if err := s.count(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
	}
	for _, scope := range []Scope{{}, {Session: 1}} {
		rules, err := s.Rules(t.Context(), scope)
		if err != nil || len(rules) != 1 {
			t.Fatal(rules, err)
		}
		got := rules[0]
		middle := times[(len(times)-1)/2]
		if d := got.Median - middle; d.Abs() > middle/25 {
			t.Errorf("the median is %v, want %v", got.Median, middle)
		}
		late := times[(len(times)*95+99)/100-1]
		if d := got.P95 - late; d.Abs() > late/25 {
			t.Errorf("95 of 100 took %v, want %v", got.P95, late)
		}
		got.Median, got.P95 = 0, 0
		want.ID, want.Name, want.Fired = "r1", "Roses", 300
		if got != want {
			t.Errorf("got %+v, want %+v", got, want)
		}
	}
}

func TestSessionsBeginAndEnd(t *testing.T) {
	now := &clock{evening()}
	s := open(t, Options{Now: now.read, Zone: testZone()})
	at := func(after time.Duration, events ...event.Event) {
		t.Helper()
		now.now = now.now.Add(after)
		for _, e := range events {
			appendAll(t, s, Record{Event: e})
		}
	}
	head := func(room string) event.Head { return event.Head{Source: "tiktok", Room: room} }
	at(0, event.Connecting{Head: head("")}, event.Connected{Head: head("1"), Handle: "testy_tom"})
	at(time.Minute, event.Follow{Head: head("1"), User: viewer(1)})
	at(time.Minute, event.Reconnecting{Head: head("")})
	at(90*time.Minute, event.Reconnected{Head: head("1"), Handle: "testy_tom"}) // the room tells
	at(time.Minute, event.LiveEnded{Head: head("1")}, event.Disconnected{Head: head("")})
	at(time.Second, event.Like{Head: head("1"), User: viewer(1), Added: 3}) // late
	at(time.Minute, event.WaitingForLive{Head: head("")})
	at(10*time.Minute, event.Connected{Head: head("2"), Handle: "testy_tom"})
	at(time.Minute, event.Cue{Head: event.Head{Source: "livecue", Room: "2"}, RuleID: "r"})
	at(time.Minute, event.Follow{Head: head(""), User: viewer(2)}) // it does not say where, and is of the one that is on
	at(2*time.Hour, event.Follow{Head: head(""), User: viewer(3)}) // nobody knows where
	at(time.Minute, event.Follow{Head: head(""), User: viewer(4)})
	got, err := s.Sessions(t.Context(), 0, 10)
	if err != nil || len(got) != 3 {
		t.Fatalf("%+v: %v", got, err)
	}
	for i, want := range []struct {
		room, handle             string
		events, follows, minutes int64
		isOver                   bool
	}{{"", "", 2, 2, 1, false}, {"2", "testy_tom", 3, 1, 2, true}, {"1", "testy_tom", 6, 1, 93, true}} {
		g := got[i]
		end := g.End
		if end.IsZero() {
			end = g.Last
		}
		if g.Room != want.room || g.Handle != want.handle || g.Events != want.events || g.Total.Follows != want.follows ||
			int64(end.Sub(g.Begun)/time.Minute) != want.minutes || g.End.IsZero() == want.isOver {
			t.Errorf("session %+v, want %+v", g, want)
		}
	}
	page, _, err := s.Recording(t.Context(), 1, 0, 100)
	if err != nil || len(page) != 6 || page[0].Event.Kind() != event.KindConnected || page[5].Event.Kind() != event.KindLike {
		t.Errorf("the recording %+v: %v", page, err)
	}
	if err := s.NameSession(t.Context(), 2, strings.Repeat("ü", 500)); err != nil {
		t.Error(err)
	}
	if one, err := s.Session(t.Context(), 2); err != nil || one.Title != strings.Repeat("ü", 100) {
		t.Error(one.Title, err)
	}
	if err := s.NameSession(t.Context(), 99, "x"); !errors.Is(err, ErrNoSession) {
		t.Error(err)
	}
	if _, err := s.Totals(t.Context(), Scope{Session: 99}); !errors.Is(err, ErrNoSession) {
		t.Error(err)
	}
}

func TestAnOlderStoreIsCountedWhenItIsOpened(t *testing.T) {
	path := filepath.Join(t.TempDir(), "store.db")
	s := open(t, Options{Path: path})
	for i := range 2500 {
		appendAll(t, s, record(i, 0))
	}
	if err := s.fold(t.Context()); err != nil {
		t.Fatal(err)
	}
	for _, query := range []string{
		`DROP TABLE sessions; DROP TABLE spans; DROP TABLE minutes; DROP TABLE viewers; DROP TABLE viewer_days`,
		`DROP TABLE gift_days; DROP TABLE rule_days; DROP TABLE rule_times`,
		`DELETE FROM meta WHERE name LIKE 'counted%'; PRAGMA user_version = 2`,
	} {
		if _, err := s.conn.ExecContext(t.Context(), query); err != nil {
			t.Fatal(err)
		}
	}
	closeNow(t, s)
	s = open(t, Options{Path: path})
	if total, err := s.Totals(t.Context(), Scope{}); err != nil || total.Gifts != 2500 || total.Coins != 2500 {
		t.Error(total, err)
	}
}

func TestWhatWasGivenOutlivesItsEvents(t *testing.T) {
	now := &clock{evening()}
	opts := Options{Path: filepath.Join(t.TempDir(), "store.db"), Now: now.read, KeepFor: 24 * time.Hour}
	s := open(t, opts)
	for i := range 10 {
		appendAll(t, s, record(i, 0))
	}
	appendAll(t, s, Record{Event: event.Like{Head: event.Head{Source: "tiktok", Room: "7"}, User: viewer(5), Added: 4}})
	now.now = now.now.Add(48 * time.Hour)
	if err := s.Prune(t.Context()); err != nil { // nothing has asked for statistics before
		t.Fatal(err)
	}
	one, err := s.Session(t.Context(), 1)
	if err != nil || one.Recorded != 0 || one.Events != 11 || one.Total.Gifts != 10 || one.Total.Likes != 4 {
		t.Errorf("%+v %v", one, err)
	}
	if viewers, err := s.TopViewers(t.Context(), Scope{}, ByLikes, 9); err != nil || len(viewers) != 0 {
		t.Error(viewers, err)
	}
	if viewers, err := s.TopViewers(t.Context(), Scope{}, ByCoins, 9); err != nil || len(viewers) != 1 || viewers[0].Coins != 10 {
		t.Error(viewers, err)
	}
	if page, next, err := s.Recording(t.Context(), 1, 0, 10); err != nil || len(page) != 0 || next != 0 {
		t.Error(page, next, err)
	}
	closeNow(t, s)
	s = open(t, opts) // whose numbers must not begin again
	appendAll(t, s, record(50, 0))
	if total, err := s.Totals(t.Context(), Scope{}); err != nil || total.Gifts != 11 {
		t.Error(total, err)
	}
	if one, err = s.Session(t.Context(), 1); err != nil || one.Recorded != 1 || one.Events != 12 {
		t.Errorf("%+v %v", one, err)
	}
}

func TestHostileNumbersAndTexts(t *testing.T) {
	s := open(t, Options{})
	head := event.Head{Source: "tiktok", Room: strings.Repeat("\xff", 4000)}
	for range 5 {
		appendAll(t, s, Record{Event: event.Gift{
			Head: head, User: event.User{Handle: strings.Repeat("x", 100_000)}, Added: math.MaxInt,
			Gift: event.GiftInfo{Name: "'; DROP TABLE gifts", Coins: math.MaxInt},
		}}, Record{Event: event.Like{Head: head, Added: math.MinInt}}, Record{Event: event.ViewerCount{Head: head, Viewers: math.MaxInt}})
	}
	total, err := s.Totals(t.Context(), Scope{})
	if err != nil || total.Coins != 5*maxCount || total.Gifts != 5*maxCount || total.Likes != 0 || total.ViewersMost != maxCount {
		t.Error(total, err)
	}
	gifts, err := s.TopGifts(t.Context(), Scope{}, 10)
	if err != nil || len(gifts) != 1 || gifts[0].Name != "'; DROP TABLE gifts" {
		t.Error(gifts, err)
	}
	viewers, err := s.TopViewers(t.Context(), Scope{}, "coins; DROP TABLE viewers", 10)
	if err != nil || len(viewers) != 1 || len(viewers[0].Handle) != maxStatText {
		t.Error(len(viewers), err)
	}
}

func TestLatenciesKeepTheirBuckets(t *testing.T) { // they are in files
	for _, c := range []struct {
		took time.Duration
		want int
	}{{0, 0}, {time.Millisecond, 270}, {time.Second, 429}} {
		if got := tally.BucketOf(c.took); got != c.want {
			t.Errorf("%v is in bucket %d, want %d", c.took, got, c.want)
		}
	}
}
