package statistics

import (
	"time"

	"fyne.io/fyne/v2/lang"

	"github.com/livecue/livecue/core/stats"
	"github.com/livecue/livecue/core/store"
	"github.com/livecue/livecue/gui/words"
)

// scope is what the numbers are about: one stream, some days up to today, or with neither all there is.
type scope struct {
	session int64
	days    int
}

// spans are those that are offered beside the streams.
func spans() []scope { return []scope{{}, {days: 7}, {days: 30}} }

// query returns what to ask for.
func (s scope) query(now time.Time) stats.Query {
	q := stats.Query{Session: s.session, Points: maxBars, Top: topShown}
	if s.days > 0 {
		q.From = now.AddDate(0, 0, 1-s.days)
	}
	return q
}

func spanName(s scope) string {
	if s.days > 0 {
		return lang.N("Last {{.N}} days", s.days, map[string]any{"N": s.days})
	}
	return lang.L("All streams")
}

// titleOf is what the user calls a stream, or whose it was.
func titleOf(s store.Session) string {
	if title := words.Clean(s.Title, nameLength); title != "" {
		return title
	}
	if handle := words.Clean(s.Handle, nameLength); handle != "" {
		return "@" + handle
	}
	return lang.L("Stream {{.N}}", map[string]any{"N": s.ID})
}

// lengthOf is how long a stream was, or is so far.
func lengthOf(s store.Session) time.Duration {
	if s.End.IsZero() {
		return s.Last.Sub(s.Begun)
	}
	return s.End.Sub(s.Begun)
}

// summary says in a line what a stream was.
func summary(s store.Session) string {
	text := words.Date(s.Begun) + ", " + words.TimeOfDay(s.Begun) + " – " + words.TimeOfDay(s.Begun.Add(lengthOf(s))) + " · " + words.Length(lengthOf(s))
	if n := s.Total.ViewersMost; n > 0 {
		text += " · " + lang.N("at most {{.N}} viewers", int(n), map[string]any{"N": words.Number(n)})
	}
	return text
}
