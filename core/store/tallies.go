package store

import (
	"context"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/livecue/livecue/core/action"
	"github.com/livecue/livecue/core/event"
	"github.com/livecue/livecue/core/tally"
)

const (
	// maxStatText bounds each text in statistics, in bytes.
	maxStatText = 200
	// maxCount bounds what one event adds to any number, so that no sum overflows however many hostile events there are.
	maxCount = 1e11
)

// Counts are what events come to.
type Counts struct {
	// Coins and Gifts are what was paid for: the sums of what each message of a streak has added.
	Coins, Gifts                                          int64
	Follows, Likes, Shares, Chats, Joins, Subs, Questions int64
}

// Plus returns the sum of both.
func (c Counts) Plus(o Counts) Counts {
	return Counts{
		Coins: c.Coins + o.Coins, Gifts: c.Gifts + o.Gifts, Follows: c.Follows + o.Follows, Likes: c.Likes + o.Likes,
		Shares: c.Shares + o.Shares, Chats: c.Chats + o.Chats, Joins: c.Joins + o.Joins, Subs: c.Subs + o.Subs,
		Questions: c.Questions + o.Questions,
	}
}

// CountsOf returns what one event adds to the counts.
func CountsOf(e event.Event) Counts {
	switch e := e.(type) {
	case event.Gift:
		n := bounded(e.Added)
		return Counts{Gifts: n, Coins: min(n*min(bounded(e.Gift.Coins), maxCount/max(n, 1)), maxCount)}
	case event.Like:
		return Counts{Likes: bounded(e.Added)}
	case event.Follow:
		return Counts{Follows: 1}
	case event.Share:
		return Counts{Shares: 1}
	case event.Chat:
		return Counts{Chats: 1}
	case event.Join:
		return Counts{Joins: 1}
	case event.Subscribe:
		return Counts{Subs: 1}
	case event.Question:
		return Counts{Questions: 1}
	default:
		return Counts{}
	}
}

func bounded(n int) int64 { return min(max(int64(n), 0), maxCount) }

// dayKey tells rows of statistics apart, together with what they are about.
type dayKey struct {
	day     int
	session int64
}

type minuteKey struct {
	dayKey
	minute int64
}

// minuteTally is what a minute comes to.
type minuteTally struct {
	Counts
	viewers, viewerCounts, viewersMost int64
}

type accountKey struct{ source, account string }

type viewerKey struct {
	dayKey
	accountKey
}

type giftKey struct {
	dayKey
	gift int64
	name string
}

type ruleKey struct {
	dayKey
	rule string
}

// names are a viewer's, as last seen.
type names struct{ handle, nickname string }

// ruleTally is what became of the jobs of a rule.
type ruleTally struct {
	name                                              string
	fired                                             int64
	done, rejected, failed, unknown, expired, dropped int64
	times                                             map[int]int64
}

func (r *ruleTally) addEnd(state action.State, latency int64) {
	switch state {
	case action.Done:
		r.done++
	case action.Rejected:
		r.rejected++
	case action.Failed:
		r.failed++
	case action.Unknown:
		r.unknown++
	case action.Expired:
		r.expired++
	default:
		r.dropped++
	}
	if state == action.Done || state == action.Rejected {
		if r.times == nil {
			r.times = map[int]int64{}
		}
		r.times[tally.BucketOf(time.Duration(latency))]++
	}
}

// tallies are what a part of the events and finished jobs comes to, before it is added to the rows of the database.
type tallies struct {
	store *Store
	// events and jobs are how far the counting has come with it.
	events, jobs int64
	sessions     spans
	found        span // of the last job
	minutes      map[minuteKey]*minuteTally
	accounts     map[accountKey]names
	learned      map[accountKey]account // those of accounts, once they are written
	viewers      map[viewerKey]*Counts
	gifts        map[giftKey]*Counts
	rules        map[ruleKey]*ruleTally
	dayOf        int64 // the hour whose day is in dayIs
	dayIs        int
}

// newTallies returns those of what comes next. The caller counts.
func newTallies(s *Store) *tallies {
	return &tallies{
		store: s, events: s.tally.events, jobs: s.tally.jobs, sessions: spans{byID: map[int64]*sessionRow{}},
		minutes: map[minuteKey]*minuteTally{}, accounts: map[accountKey]names{}, viewers: map[viewerKey]*Counts{},
		gifts: map[giftKey]*Counts{}, rules: map[ruleKey]*ruleTally{}, dayOf: -1,
	}
}

// isEmpty says that there was nothing to count.
func (t *tallies) isEmpty() bool {
	return t.events == t.store.tally.events && t.jobs == t.store.tally.jobs
}

// addEvent counts one event. One that cannot be read counts as nothing.
func (t *tallies) addEvent(ctx context.Context, r *row) error {
	t.events = r.seq
	e, err := decodeEvent(r.kind, r.body)
	if err != nil {
		t.store.opts.Log.Error("an event cannot be counted", "error", err)
		t.sessions.isBroken = true
		return nil
	}
	s, err := t.place(ctx, e, r.added)
	if err != nil {
		return err
	}
	if s == nil {
		t.sessions.isBroken = true
		return nil
	}
	at := dayKey{t.day(r.added), s.id}
	s.note(e, r.added, at.day)
	t.sessions.add(r.seq, s)
	c := CountsOf(e)
	t.addMinute(at, r.added, e, c)
	if v, ok := e.(event.FromViewer); ok && (c.Gifts > 0 || c.Likes > 0) {
		t.addViewer(at, v, c)
	}
	if g, ok := e.(event.Gift); ok && c.Gifts > 0 {
		sum(t.gifts, giftKey{at, g.Gift.ID, clipText(g.Gift.Name)}, c)
	}
	return nil
}

func (t *tallies) addMinute(at dayKey, added int64, e event.Event, c Counts) {
	watching, isCount := e.(event.ViewerCount)
	if c == (Counts{}) && !isCount {
		return
	}
	key := minuteKey{at, minuteOf(added)}
	m := t.minutes[key]
	if m == nil {
		m = &minuteTally{}
		t.minutes[key] = m
	}
	m.Counts = m.Plus(c)
	if isCount {
		n := bounded(watching.Viewers)
		m.viewers, m.viewerCounts, m.viewersMost = m.viewers+n, m.viewerCounts+1, max(m.viewersMost, n)
	}
}

func (t *tallies) addViewer(at dayKey, e event.FromViewer, c Counts) {
	u := e.From()
	account := accountKey{clipText(e.Header().Source), clipText(u.Key())}
	old, isThere := t.accounts[account]
	if !isThere {
		old = t.store.tally.known[account].names
	}
	t.accounts[account] = names{named(u.Handle, old.handle), named(u.Nickname, old.nickname)}
	sum(t.viewers, viewerKey{at, account}, c)
}

// ruleOf returns the tally of a rule on the day of its event.
func (t *tallies) ruleOf(added, session int64, o owner) *ruleTally {
	key := ruleKey{dayKey{t.day(added), session}, o.Rule}
	r := t.rules[key]
	if r == nil {
		r = &ruleTally{}
		t.rules[key] = r
	}
	r.name = o.Name
	return r
}

func sum[K comparable](all map[K]*Counts, key K, c Counts) {
	old := all[key]
	if old == nil {
		all[key] = &c
		return
	}
	*old = old.Plus(c)
}

// minuteOf numbers the minutes since 1970.
func minuteOf(nanos int64) int64 {
	minute := nanos / int64(time.Minute)
	if nanos%int64(time.Minute) < 0 {
		minute--
	}
	return minute
}

// day returns the day of a time, as DayOf does.
func (t *tallies) day(nanos int64) int {
	quarter := minuteOf(nanos) / 15 // the clocks of all places agree on quarters of an hour
	if t.dayOf != quarter || quarter <= 0 {
		t.dayOf, t.dayIs = quarter, dayOf(time.Unix(0, nanos).In(t.store.opts.Zone))
	}
	return t.dayIs
}

// dayOf writes the day of t by its clock as a number, such as 20261124.
func dayOf(t time.Time) int {
	year, month, day := t.Date()
	return year*10000 + int(month)*100 + day
}

// clipText makes s valid UTF-8 of at most maxStatText bytes.
func clipText(s string) string {
	if len(s) > maxStatText {
		end := maxStatText
		for end > maxStatText-utf8.UTFMax && !utf8.RuneStart(s[end]) {
			end--
		}
		s = strings.Clone(s[:end])
	}
	return strings.ToValidUTF8(s, "\uFFFD")
}

// named returns the name, or the old one where a message has left it unsaid.
func named(name, old string) string {
	if name == "" {
		return old
	}
	return clipText(name)
}
