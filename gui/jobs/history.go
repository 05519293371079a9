package jobs

import (
	"context"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"github.com/livecue/livecue/core/action"
	"github.com/livecue/livecue/core/app"
	"github.com/livecue/livecue/gui/look"
	"github.com/livecue/livecue/gui/words"
)

// readAhead is how many rows before the end of what was read the next page is asked for.
const readAhead = 30

// Keeper is what the history needs of the program.
type Keeper interface {
	// History returns at most limit finished jobs, newest first, that ended before the mark; before 0 is now. The second
	// result is the mark for the next page, 0 where there is none. With states, only jobs that ended in one of them count.
	History(ctx context.Context, before int64, limit int, states ...action.State) ([]app.Done, int64, error)
	// RunAgain puts a copy of the job into the queue.
	RunAgain(job action.Job) error
}

// History is the page of the jobs that are over, the newest first. It reads further as the user scrolls, and belongs to
// the UI thread.
type History struct {
	// OnOpen is called when the user picks a job.
	OnOpen func(app.Done)

	core Keeper
	host look.Host

	filter filter
	rows   []app.Done
	next   int64 // the mark to read on from; 0 when there is no more
	// turn counts the filters that were chosen: what was read for another is not shown.
	turn      int
	isReading bool
	isStale   bool // something has ended since the newest job was read
	inSight   bool

	choice *widget.Select
	list   *widget.List
	empty  *widget.Label
	object fyne.CanvasObject
}

// NewHistory returns the page. Nothing is read before it comes into sight.
func NewHistory(core Keeper, host look.Host) *History {
	h := &History{core: core, host: host, empty: look.NewProse(""), isStale: true}
	all := filters()
	h.filter = all[0]
	h.choice = widget.NewSelect(nil, nil)
	for _, f := range all {
		h.choice.Options = append(h.choice.Options, f.label)
	}
	h.choice.Selected = h.filter.label
	h.choice.OnChanged = func(string) { h.setFilter(filters()[max(h.choice.SelectedIndex(), 0)]) }
	h.list = widget.NewList(func() int { return len(h.rows) }, func() fyne.CanvasObject { return newHistoryRow(h.runAgain) }, h.update)
	h.list.OnSelected = h.open
	h.list.MinSize() // makes the renderer, without which a list cannot scroll
	h.empty.Alignment, h.empty.Importance = fyne.TextAlignCenter, widget.LowImportance
	title := container.New(look.Columns{Gap: 12, Cols: []look.Column{{}, {Weight: 1}, {}, {Width: 230}}},
		look.NewTitle(lang.L("History")), look.NewNote(lang.L("What your viewers set off, and what came of it")), widget.NewLabel(lang.L("Show")), h.choice)
	rows := look.NewPanel(look.ColorCard, look.Pad(6, 6, container.NewStack(h.list, container.NewCenter(look.Wide(420, h.empty)))))
	rows.Edge, rows.Radius = look.ColorEdge, 10
	h.object = container.NewBorder(container.NewVBox(title, look.Gap(0, 2)), nil, nil, nil, rows)
	return h
}

// Object is what to put into the window.
func (h *History) Object() fyne.CanvasObject { return h.object }

// SetInSight says whether the user sees the page. Out of sight it reads nothing.
func (h *History) SetInSight(inSight bool) {
	h.inSight = inSight
	h.Tick()
}

// Apply takes note of what a Tap handed on.
func (h *History) Apply(updates []app.Update) {
	for _, u := range updates {
		if u.Report != nil && u.Report.State.IsFinal() {
			h.isStale = true
		}
	}
}

// MarkStale says that jobs have ended of which no report told.
func (h *History) MarkStale() { h.isStale = true }

// Tick reads what has ended since the last time. It is called every second.
func (h *History) Tick() {
	if !h.inSight || !h.isStale || h.isReading {
		return
	}
	h.isStale = false
	newest := ""
	if len(h.rows) > 0 {
		newest = h.rows[0].Job.ID
	}
	h.begin(&reading{until: newest}, h.showNewest)
}

func (h *History) setFilter(f filter) {
	h.filter, h.rows, h.next = f, nil, 0
	h.turn++
	h.isReading, h.isStale = false, true
	h.list.Refresh()
	h.list.ScrollToTop()
	h.Tick()
}

// begin reads on a goroutine of its own and then shows what came, unless another turn has begun.
func (h *History) begin(r *reading, show func(*reading)) {
	turn := h.turn
	r.states = h.filter.states
	h.isReading = true
	h.host.Run(func(ctx context.Context) error { return r.read(ctx, h.core) }, func(err error) {
		if turn != h.turn {
			return
		}
		h.isReading = false
		if err != nil {
			h.next = 0 // until the page is shown anew: asking again at once would only fail again
			h.host.Warn(words.Error(err))
			return
		}
		show(r)
		h.showEmpty()
	})
}

// showNewest puts what is new on top. The rows that the user looks at stay where they are.
func (h *History) showNewest(r *reading) {
	offset := h.list.GetScrollOffset()
	if !r.met {
		h.rows, h.next = r.rows, r.next
		h.list.Refresh()
		h.list.ScrollToTop()
		return
	}
	h.rows = append(r.rows, h.rows...)
	h.list.Refresh()
	if offset > 0 {
		h.list.ScrollToOffset(offset + float32(len(r.rows))*(historyRowHeight+h.list.Theme().Size(theme.SizeNamePadding)))
	}
}

func (h *History) showOlder(r *reading) {
	h.rows, h.next = append(h.rows, r.rows...), r.next
	h.list.Refresh()
}

func (h *History) showEmpty() {
	text := lang.L("Nothing has ended yet. What your viewers set off is listed here when it is over; rehearsals and tests are not kept.")
	if h.filter.states != nil {
		text = lang.L("There is nothing of that kind.")
	}
	h.empty.SetText(text)
	look.SetShown(h.empty, len(h.rows) == 0)
}

func (h *History) update(id widget.ListItemID, o fyne.CanvasObject) {
	row, ok := o.(*historyRow)
	if !ok || id < 0 || id >= len(h.rows) {
		return
	}
	row.show(h.rows[id])
	if id >= len(h.rows)-readAhead && h.next != 0 && !h.isReading {
		h.begin(&reading{before: h.next}, h.showOlder)
	}
}

func (h *History) open(id widget.ListItemID) {
	h.list.UnselectAll()
	if id >= 0 && id < len(h.rows) && h.OnOpen != nil {
		h.OnOpen(h.rows[id])
	}
}

// doubt says why running a job again may do things twice, or "" where it cannot.
func doubt(d app.Done) string {
	switch d.State {
	case action.Unknown:
		return lang.L("The command was sent, and the answer never came. If you run it again, it may happen twice. Look at your game first.")
	case action.Dropped, action.Expired:
		if d.Runs > 0 {
			return lang.L("It was under way when it ended, so some of it has been done, or all. If you run it again, the whole happens once more. Look at your game first.")
		}
	}
	return ""
}

// runAgain does a job once more. Where it may have happened already, or some of it has, it asks first.
func (h *History) runAgain(d app.Done) {
	again := func() {
		if err := h.core.RunAgain(d.Job); err != nil {
			h.host.Warn(words.Error(err))
			return
		}
		h.host.Say(lang.L("{{.Rule}} is in the queue again.", map[string]any{"Rule": words.Clean(d.Job.RuleName, 40)}))
	}
	text := doubt(d)
	if text == "" {
		again()
		return
	}
	look.Ask(look.Question{
		Title: lang.L("It may have happened already"), Text: text,
		Yes: lang.L("Run again"), No: lang.X("leave a dialog", "Cancel"), OnYes: again,
	}, h.host.Window)
}
