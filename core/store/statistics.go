package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math"
	"time"

	"github.com/livecue/livecue/core/tally"
)

// ErrNoSession says that the store has no session of that number.
var ErrNoSession = errors.New("there is no such session")

// Scope says what statistics are about. The zero value is all that there is.
type Scope struct {
	// Session is the number of one; 0 is all of them.
	Session int64
	// From and To are moments in the first and in the last day that count; zero leaves that side open. Days begin at
	// midnight of Options.Zone.
	From, To time.Time
}

// where returns the condition that rows of the scope fulfil, with its arguments. It fits the primary keys, which begin with
// day and session.
func (s *Store) where(ctx context.Context, scope Scope) (condition string, args []any, err error) {
	first, last := int64(0), int64(math.MaxInt64)
	if scope.Session != 0 {
		row := s.reader.QueryRowContext(ctx, `SELECT first_day, last_day FROM sessions WHERE id = ?`, scope.Session)
		err := row.Scan(&first, &last)
		if errors.Is(err, sql.ErrNoRows) {
			return "", nil, fmt.Errorf("session %d: %w", scope.Session, ErrNoSession)
		}
		if err != nil {
			return "", nil, err
		}
	}
	if !scope.From.IsZero() {
		first = max(first, int64(dayOf(scope.From.In(s.opts.Zone))))
	}
	if !scope.To.IsZero() {
		last = min(last, int64(dayOf(scope.To.In(s.opts.Zone))))
	}
	condition, args = `day BETWEEN ? AND ?`, []any{first, last}
	if scope.Session != 0 {
		condition, args = condition+` AND session = ?`, append(args, scope.Session)
	}
	return condition, args, nil
}

// Slot is what a part of the scope's time comes to.
type Slot struct {
	// Start is its first minute; Last the last minute in it that has anything.
	Start, Last time.Time
	Counts
	// Viewers is the mean of the numbers of viewers told in it, ViewersMost the highest, ViewerCounts how many there were.
	Viewers, ViewersMost, ViewerCounts int64
}

// slotColumns are what Slot is made of, but for its start.
const slotColumns = `coalesce(sum(coins), 0), coalesce(sum(gifts), 0), coalesce(sum(follows), 0), coalesce(sum(likes), 0),
	coalesce(sum(shares), 0), coalesce(sum(chats), 0), coalesce(sum(joins), 0), coalesce(sum(subscribes), 0),
	coalesce(sum(questions), 0), coalesce(sum(viewers), 0), coalesce(sum(viewer_counts), 0), coalesce(max(viewers_most), 0)`

// fields returns where slotColumns are read to; sum is that of the viewers.
func (sl *Slot) fields(sum *int64) []any {
	return []any{
		&sl.Coins, &sl.Gifts, &sl.Follows, &sl.Likes, &sl.Shares, &sl.Chats, &sl.Joins, &sl.Subs, &sl.Questions, sum,
		&sl.ViewerCounts, &sl.ViewersMost,
	}
}

func (sl *Slot) setMean(sum int64) {
	if sl.ViewerCounts > 0 {
		sl.Viewers = (sum + sl.ViewerCounts/2) / sl.ViewerCounts
	}
}

// Totals returns what all of the scope comes to.
func (s *Store) Totals(ctx context.Context, scope Scope) (Slot, error) {
	if err := s.count(ctx); err != nil {
		return Slot{}, err
	}
	condition, args, err := s.where(ctx, scope)
	if err != nil {
		return Slot{}, s.failed("read totals", err)
	}
	var total Slot
	var first, last, viewers int64
	row := s.reader.QueryRowContext(ctx, `SELECT coalesce(min(minute), 0), coalesce(max(minute), 0), `+slotColumns+
		` FROM minutes WHERE `+condition, args...)
	if err := row.Scan(append([]any{&first, &last}, total.fields(&viewers)...)...); err != nil {
		return Slot{}, s.failed("read totals", err)
	}
	if first != 0 || last != 0 {
		total.Start, total.Last = minuteTime(first), minuteTime(last)
	}
	total.setMean(viewers)
	return total, nil
}

// Slots returns what the scope comes to over time, in slots of step minutes that follow one another from start on; those in
// which nothing happened are left out.
func (s *Store) Slots(ctx context.Context, scope Scope, start time.Time, step int64) ([]Slot, error) {
	if err := s.count(ctx); err != nil {
		return nil, err
	}
	condition, args, err := s.where(ctx, scope)
	if err != nil {
		return nil, s.failed("read slots", err)
	}
	step = max(step, 1)
	base := minuteOf(nanos(start))
	rows, err := s.reader.QueryContext(ctx, `SELECT (minute - ?) / ? AS slot, max(minute), `+slotColumns+` FROM minutes
		WHERE `+condition+` AND minute >= ? GROUP BY slot ORDER BY slot`, append(append([]any{base, step}, args...), base)...)
	if err != nil {
		return nil, s.failed("read slots", err)
	}
	defer rows.Close() //nolint:errcheck // Err tells
	var slots []Slot
	for rows.Next() {
		var sl Slot
		var number, last, viewers int64
		if err := rows.Scan(append([]any{&number, &last}, sl.fields(&viewers)...)...); err != nil {
			return nil, s.failed("read slots", err)
		}
		sl.Start, sl.Last = minuteTime(base+number*step), minuteTime(last)
		sl.setMean(viewers)
		slots = append(slots, sl)
	}
	return slots, s.failed("read slots", rows.Err())
}

func minuteTime(minute int64) time.Time { return time.Unix(minute*60, 0) }

// ViewerTotal is what one viewer gave.
type ViewerTotal struct {
	// Source is the platform, Account its name for the viewer. Handle and Nickname are those seen last: hostile input.
	Source, Account, Handle, Nickname string
	Coins, Gifts, Likes               int64
}

// Order says by which number the top of a list is found.
type Order string

// The orders.
const (
	ByCoins Order = "coins"
	ByGifts Order = "gifts"
	ByLikes Order = "likes"
)

// column returns the order's column; what there is not is ByCoins.
func (o Order) column() string {
	switch o {
	case ByGifts, ByLikes:
		return string(o)
	default:
		return string(ByCoins)
	}
}

// TopViewers returns the viewers who gave most, at most limit of them, without those who gave nothing. Of streams whose events
// are gone, those who only liked are not remembered.
func (s *Store) TopViewers(ctx context.Context, scope Scope, by Order, limit int) ([]ViewerTotal, error) {
	if err := s.count(ctx); err != nil {
		return nil, err
	}
	condition, args, err := s.where(ctx, scope)
	if err != nil {
		return nil, s.failed("read viewers", err)
	}
	column := by.column()
	rows, err := s.reader.QueryContext(ctx, `SELECT v.source, v.account, v.handle, v.nickname, t.coins, t.gifts, t.likes FROM
		(SELECT viewer, sum(coins) AS coins, sum(gifts) AS gifts, sum(likes) AS likes FROM viewer_days WHERE `+condition+`
			AND `+column+` > 0 GROUP BY viewer ORDER BY sum(`+column+`) DESC, viewer LIMIT ?) t
		JOIN viewers v ON v.id = t.viewer ORDER BY t.`+column+` DESC, t.viewer`, append(args, max(limit, 0))...)
	if err != nil {
		return nil, s.failed("read viewers", err)
	}
	defer rows.Close() //nolint:errcheck // Err tells
	var all []ViewerTotal
	for rows.Next() {
		var v ViewerTotal
		if err := rows.Scan(&v.Source, &v.Account, &v.Handle, &v.Nickname, &v.Coins, &v.Gifts, &v.Likes); err != nil {
			return nil, s.failed("read viewers", err)
		}
		all = append(all, v)
	}
	return all, s.failed("read viewers", rows.Err())
}

// GiftTotal is how often a gift was given.
type GiftTotal struct {
	// ID is the platform's number, 0 where it has told none.
	ID           int64
	Name         string
	Gifts, Coins int64
}

// TopGifts returns the gifts that brought the most coins, at most limit of them.
func (s *Store) TopGifts(ctx context.Context, scope Scope, limit int) ([]GiftTotal, error) {
	if err := s.count(ctx); err != nil {
		return nil, err
	}
	condition, args, err := s.where(ctx, scope)
	if err != nil {
		return nil, s.failed("read gifts", err)
	}
	rows, err := s.reader.QueryContext(ctx, `SELECT gift, name, sum(gifts), sum(coins) FROM gift_days WHERE `+condition+`
		GROUP BY gift, name ORDER BY sum(coins) DESC, sum(gifts) DESC, gift, name LIMIT ?`, append(args, max(limit, 0))...)
	if err != nil {
		return nil, s.failed("read gifts", err)
	}
	defer rows.Close() //nolint:errcheck // Err tells
	var all []GiftTotal
	for rows.Next() {
		var g GiftTotal
		if err := rows.Scan(&g.ID, &g.Name, &g.Gifts, &g.Coins); err != nil {
			return nil, s.failed("read gifts", err)
		}
		all = append(all, g)
	}
	return all, s.failed("read gifts", rows.Err())
}

// RuleTotal is what became of a rule's jobs.
type RuleTotal struct {
	// ID is the rule's, Name the one that it had last.
	ID, Name string
	// Fired is how many events made it fire. The others count its jobs, one for each action, by how they ended.
	Fired, Done, Rejected, Failed, Unknown, Expired, Dropped int64
	// Median is the time from the trigger to the last answer that half of the done and rejected jobs did not exceed, within
	// 4 %; 0 is none.
	Median time.Duration
	// P95 is the same for 95 of 100.
	P95 time.Duration
}

// Rules returns what became of each rule that fired, the busiest first.
func (s *Store) Rules(ctx context.Context, scope Scope) ([]RuleTotal, error) {
	if err := s.count(ctx); err != nil {
		return nil, err
	}
	condition, args, err := s.where(ctx, scope)
	if err != nil {
		return nil, s.failed("read rules", err)
	}
	latencies, err := s.latencies(ctx, condition, args)
	if err != nil {
		return nil, s.failed("read latencies", err)
	}
	// SQLite takes the bare name from the row that has the maximum.
	rows, err := s.reader.QueryContext(ctx, `SELECT rule, name, max(day), sum(fired), sum(done), sum(rejected), sum(failed),
		sum(unknown), sum(expired), sum(dropped) FROM rule_days WHERE `+condition+` GROUP BY rule ORDER BY sum(fired) DESC, rule`, args...)
	if err != nil {
		return nil, s.failed("read rules", err)
	}
	defer rows.Close() //nolint:errcheck // Err tells
	var all []RuleTotal
	for rows.Next() {
		var r RuleTotal
		var day int
		err := rows.Scan(&r.ID, &r.Name, &day, &r.Fired, &r.Done, &r.Rejected, &r.Failed, &r.Unknown, &r.Expired, &r.Dropped)
		if err != nil {
			return nil, s.failed("read rules", err)
		}
		r.Median, r.P95 = latencies[r.ID].middle(50), latencies[r.ID].middle(95)
		all = append(all, r)
	}
	return all, s.failed("read rules", rows.Err())
}

// latencies counts jobs by how long they took, in buckets of package tally.
type latencies struct {
	jobs    int64
	buckets []latencyBucket // the shortest first
}

type latencyBucket struct {
	number int
	jobs   int64
}

// middle returns the time that so many in a hundred did not exceed, 0 where there is none.
func (l latencies) middle(percent int64) time.Duration {
	rank := (l.jobs*percent + 99) / 100
	for _, b := range l.buckets {
		if rank -= b.jobs; rank <= 0 {
			return tally.MiddleOf(b.number)
		}
	}
	return 0
}

// latencies returns those of each rule.
func (s *Store) latencies(ctx context.Context, condition string, args []any) (map[string]latencies, error) {
	rows, err := s.reader.QueryContext(ctx, `SELECT rule, bucket, sum(jobs) FROM rule_times WHERE `+condition+`
		GROUP BY rule, bucket ORDER BY rule, bucket`, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close() //nolint:errcheck // Err tells
	byRule := map[string]latencies{}
	for rows.Next() {
		var rule string
		var b latencyBucket
		if err := rows.Scan(&rule, &b.number, &b.jobs); err != nil {
			return nil, err
		}
		l := byRule[rule]
		byRule[rule] = latencies{l.jobs + b.jobs, append(l.buckets, b)}
	}
	return byRule, rows.Err()
}
