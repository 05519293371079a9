// Package feed is the live feed: what happened in the stream, what it triggered, and why nothing did.
package feed

import (
	"slices"
	"time"

	"github.com/livecue/livecue/core/app"
	"github.com/livecue/livecue/core/event"
	"github.com/livecue/livecue/core/queue"
	"github.com/livecue/livecue/core/rule"
)

// DefaultMax is how many rows a Model keeps when it is not told.
const DefaultMax = 2000

// maxEarly bounds the reports that are kept for entries that have not come yet.
const maxEarly = 256

// Row is a line of the feed: an event, what the rules made of it and how their jobs stand.
type Row struct {
	Seq uint64
	// At is when it happened; of a streak that still grows, when it began.
	At        time.Time
	Event     event.Event
	Decisions []rule.Decision
	// Jobs are in the order in which they were queued. One of which nothing was reported yet has only its id.
	Jobs []queue.Report
	// Fired are the names of the rules that fired, each once.
	Fired []string
	// Replayed says that it happened in a stream that is over, and is only played again.
	Replayed bool
	// Version counts the changes of Event.
	Version int
}

// maxJobs bounds the jobs that one row keeps: a streak that fires with each gift can have thousands.
const maxJobs = 300

// Model holds the rows and which of them are shown. It belongs to one goroutine.
type Model struct {
	max           int
	rows          []*Row
	shown         []*Row
	hidden        map[Category]bool
	onlyTriggered bool
	paused        bool
	missed        int
	dropped       uint64

	byJob map[string]*Row
	// streaks are the rows of gift streaks that have not ended.
	streaks map[string]*Row
	// early are reports whose entry has not come yet, earlyIDs their order of arrival.
	early    map[string]queue.Report
	earlyIDs []string
}

// NewModel returns a model that keeps at most limit rows; 0 is DefaultMax.
func NewModel(limit int) *Model {
	if limit <= 0 {
		limit = DefaultMax
	}
	return &Model{max: limit, hidden: map[Category]bool{}, byJob: map[string]*Row{}, streaks: map[string]*Row{}, early: map[string]queue.Report{}}
}

// Len is the number of rows shown, Row one of them from 0, the oldest.
func (m *Model) Len() int { return len(m.shown) }

// Row returns the row shown at i, or nil.
func (m *Model) Row(i int) *Row {
	if i < 0 || i >= len(m.shown) {
		return nil
	}
	return m.shown[i]
}

// Total is the number of rows kept, hidden ones included.
func (m *Model) Total() int { return len(m.rows) }

// Missed is how many rows came, and would have been shown, since the pause began.
func (m *Model) Missed() int { return m.missed }

// Dropped is how many updates the feed lost because they came too fast.
func (m *Model) Dropped() uint64 { return m.dropped }

// Paused reports whether new rows wait.
func (m *Model) Paused() bool { return m.paused }

// Index returns where a row is shown, or -1.
func (m *Model) Index(r *Row) int { return slices.Index(m.shown, r) }

// Apply takes what a Tap handed on.
func (m *Model) Apply(updates []app.Update, dropped uint64) {
	m.dropped += dropped
	for _, u := range updates {
		if u.Entry != nil {
			m.enter(u.Entry)
		}
		if u.Report != nil {
			m.report(*u.Report)
		}
	}
	m.trim()
}

// enter shows an entry: as a row of its own, or in the row of its streak while that grows. At a streak's end its row moves
// to the end of the feed, where the user looks.
func (m *Model) enter(e *app.Entry) {
	g, isGift := e.Event.(event.Gift)
	r := m.streaks[g.Streak]
	isGrowth := isGift && r != nil && !g.Final && g.Streak != ""
	if r == nil || !isGift || g.Streak == "" {
		r = &Row{}
	}
	passed := m.passes(r)
	m.fill(r, e)
	switch {
	case isGrowth && (passed || !m.passes(r)):
		return // it stands where it stood
	case r.Version > 1:
		m.remove(r)
		r.At = e.Event.Header().At
	}
	m.append(r)
	switch {
	case !isGift || g.Streak == "":
	case g.Final:
		delete(m.streaks, g.Streak)
	default:
		m.streaks[g.Streak] = r
	}
}

// fill puts an entry into a row; jobs and names add to those that the row has.
func (m *Model) fill(r *Row, e *app.Entry) {
	r.Seq, r.Event, r.Decisions, r.Replayed = e.Seq, e.Event, e.Decisions, e.Replayed
	if r.At.IsZero() {
		r.At = e.Event.Header().At
	}
	r.Version++
	for _, d := range e.Decisions {
		if d.Reason == rule.ReasonFired && !slices.Contains(r.Fired, d.RuleName) {
			r.Fired = append(r.Fired, d.RuleName)
		}
	}
	for _, id := range e.Jobs {
		report, ok := m.early[id]
		if !ok {
			report.Job.ID = id
		}
		delete(m.early, id)
		r.Jobs = append(r.Jobs, report)
		m.byJob[id] = r
	}
	for len(r.Jobs) > maxJobs {
		delete(m.byJob, r.Jobs[0].Job.ID)
		r.Jobs = slices.Delete(r.Jobs, 0, 1)
	}
}

func (m *Model) append(r *Row) {
	m.rows = append(m.rows, r)
	switch {
	case !m.passes(r):
	case m.paused:
		m.missed++
	default:
		m.shown = append(m.shown, r)
	}
}

// remove takes a row out. While paused it stays in sight.
func (m *Model) remove(r *Row) {
	if i := slices.Index(m.rows, r); i >= 0 {
		m.rows = slices.Delete(m.rows, i, i+1)
	}
	if i := slices.Index(m.shown, r); i >= 0 && !m.paused {
		m.shown = slices.Delete(m.shown, i, i+1)
	}
}

// report notes how a job stands. The queue may be faster than the feed: then the report waits for its entry.
func (m *Model) report(rep queue.Report) {
	r, ok := m.byJob[rep.Job.ID]
	if !ok {
		m.keepEarly(rep)
		return
	}
	for i := range r.Jobs {
		if r.Jobs[i].Job.ID == rep.Job.ID {
			r.Jobs[i] = rep
		}
	}
}

func (m *Model) keepEarly(rep queue.Report) {
	if _, known := m.early[rep.Job.ID]; !known {
		m.earlyIDs = append(m.earlyIDs, rep.Job.ID)
	}
	m.early[rep.Job.ID] = rep
	for len(m.earlyIDs) > maxEarly {
		delete(m.early, m.earlyIDs[0])
		m.earlyIDs = slices.Delete(m.earlyIDs, 0, 1)
	}
}

// trim forgets the oldest rows over the limit.
func (m *Model) trim() {
	over := len(m.rows) - m.max
	if over <= 0 {
		return
	}
	gone := make(map[*Row]bool, over)
	for _, r := range m.rows[:over] {
		gone[r] = true
		for _, j := range r.Jobs {
			delete(m.byJob, j.Job.ID)
		}
		if g, ok := r.Event.(event.Gift); ok && m.streaks[g.Streak] == r {
			delete(m.streaks, g.Streak)
		}
	}
	m.rows = slices.Delete(m.rows, 0, over)
	if !m.paused {
		m.shown = slices.DeleteFunc(m.shown, func(r *Row) bool { return gone[r] })
	}
}

// SetShown shows or hides the rows of a category.
func (m *Model) SetShown(c Category, shown bool) {
	m.hidden[c] = !shown
	m.filter()
}

// SetOnlyTriggered hides the rows that triggered nothing.
func (m *Model) SetOnlyTriggered(only bool) {
	m.onlyTriggered = only
	m.filter()
}

// SetPaused holds the rows shown as they are, or lets those that came meanwhile in.
func (m *Model) SetPaused(paused bool) {
	m.paused = paused
	m.missed = 0
	if !paused {
		m.filter()
	}
}

// Clear forgets all rows.
func (m *Model) Clear() {
	m.rows, m.shown, m.missed, m.dropped = nil, nil, 0, 0
	clear(m.byJob)
	clear(m.streaks)
}

// filter picks the rows to show anew, from what there is now.
func (m *Model) filter() {
	m.shown = nil
	for _, r := range m.rows {
		if m.passes(r) {
			m.shown = append(m.shown, r)
		}
	}
	m.missed = 0
}

func (m *Model) passes(r *Row) bool {
	return r.Event != nil && !m.hidden[CategoryOf(r.Event)] && (!m.onlyTriggered || len(r.Jobs) > 0)
}
