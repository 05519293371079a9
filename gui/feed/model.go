// Package feed is the live feed: what happened in the stream, what it triggered, and why nothing did.
package feed

import (
	"slices"

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
	Seq       uint64
	Event     event.Event
	Decisions []rule.Decision
	// Jobs are in the order in which they were queued. One of which nothing was reported yet has only its id.
	Jobs []queue.Report
}

// Change says what an Apply or a filter did to the rows that are shown.
type Change struct {
	// Added rows are at the end, Removed ones were at the beginning.
	Added, Removed int
}

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
	// early are reports whose entry has not come yet, earlyIDs their order of arrival.
	early    map[string]queue.Report
	earlyIDs []string
}

// NewModel returns a model that keeps at most limit rows; 0 is DefaultMax.
func NewModel(limit int) *Model {
	if limit <= 0 {
		limit = DefaultMax
	}
	return &Model{max: limit, hidden: map[Category]bool{}, byJob: map[string]*Row{}, early: map[string]queue.Report{}}
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

// Apply takes what a Tap handed on.
func (m *Model) Apply(updates []app.Update, dropped uint64) Change {
	m.dropped += dropped
	added := 0
	for _, u := range updates {
		if u.Entry != nil && m.append(u.Entry) {
			added++
		}
		if u.Report != nil {
			m.report(*u.Report)
		}
	}
	removed := m.trim()
	if m.paused {
		m.missed += added
		return Change{}
	}
	return Change{Added: added, Removed: removed}
}

// append adds a row and reports whether the filter lets it through.
func (m *Model) append(e *app.Entry) bool {
	r := &Row{Seq: e.Seq, Event: e.Event, Decisions: e.Decisions}
	for _, id := range e.Jobs {
		report, ok := m.early[id]
		if !ok {
			report.Job.ID = id
		}
		delete(m.early, id)
		r.Jobs = append(r.Jobs, report)
		m.byJob[id] = r
	}
	m.rows = append(m.rows, r)
	if !m.passes(r) {
		return false
	}
	if !m.paused {
		m.shown = append(m.shown, r)
	}
	return true
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

// trim forgets the oldest rows over the limit and returns how many of them were shown.
func (m *Model) trim() int {
	over := len(m.rows) - m.max
	if over <= 0 {
		return 0
	}
	gone := make(map[*Row]bool, over)
	for _, r := range m.rows[:over] {
		gone[r] = true
		for _, j := range r.Jobs {
			delete(m.byJob, j.Job.ID)
		}
	}
	m.rows = slices.Delete(m.rows, 0, over)
	if m.paused {
		return 0
	}
	removed := 0
	for removed < len(m.shown) && gone[m.shown[removed]] {
		removed++
	}
	m.shown = slices.Delete(m.shown, 0, removed)
	return removed
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
	return !m.hidden[CategoryOf(r.Event)] && (!m.onlyTriggered || len(r.Jobs) > 0)
}
