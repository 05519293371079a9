package waiting

import (
	"context"
	"slices"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"github.com/livecue/livecue/core/profile"
	"github.com/livecue/livecue/core/queue"
	"github.com/livecue/livecue/gui/look"
	"github.com/livecue/livecue/gui/words"
)

const (
	// shownMost is how many waiting jobs of a target are listed; of the others the number is told.
	shownMost = 200
	// readEvery is the shortest time between two readings that nobody has asked for.
	readEvery = time.Second
	// holdFor is how long the rows stay where they are while the pointer is on a button.
	holdFor = 10 * time.Second
)

// Core is what the page needs of the program. Waiting, MoveJob and DropJob may wait for the disk: they are called from
// goroutines of their own.
type Core interface {
	Profile() profile.Profile
	Lanes() []queue.LaneStatus
	PauseLane(lane string)
	ResumeLane(lane string)
	SkipLane(lane string)
	ClearLane(lane string)
	// Waiting returns at most limit jobs that wait in a lane, in the order in which they will be done.
	Waiting(ctx context.Context, lane string, limit int) ([]queue.Waiting, error)
	// MoveJob and DropJob report whether the job still waited.
	MoveJob(lane string, ticket int64, to queue.Place) bool
	DropJob(lane string, ticket int64) bool
}

// Page shows one target at a time: how it stands, what is being done, and what waits. It belongs to the UI thread.
type Page struct {
	// OnOpen is called when the user picks a job.
	OnOpen func(queue.Waiting)
	// OnHint is called with what a button does when the pointer comes to it, and with "" when it goes.
	OnHint func(hint string)

	core Core
	host look.Host

	lane    string // the target that is shown
	inSight bool
	rows    []queue.Waiting

	isReading bool
	again     bool // something has changed since the reading began
	lastRead  time.Time
	// heldUntil keeps the rows where they are, so that a press meets the job that it was meant for.
	heldUntil time.Time
	failure   string // what the last reading failed with

	targets *targets
	head    *head
	list    *widget.List
	empty   *widget.Label
	rest    *widget.Label
	body    *fyne.Container
	object  fyne.CanvasObject
}

// NewPage returns the page. Nothing is read before it comes into sight.
func NewPage(core Core, host look.Host) *Page {
	p := &Page{core: core, host: host, rest: look.NewNote("")}
	p.empty = look.NewProse(lang.L("Nothing waits here. What your viewers set off is done at once, and is then in the history."))
	p.targets = newTargets(p.choose)
	p.head = newHead(p)
	p.list = widget.NewList(func() int { return len(p.rows) }, func() fyne.CanvasObject { return newRow(p) }, p.update)
	p.list.OnSelected = p.open
	p.list.MinSize() // makes the renderer, without which a list cannot scroll
	p.empty.Alignment, p.empty.Importance = fyne.TextAlignCenter, widget.LowImportance
	p.rest.Alignment = fyne.TextAlignCenter
	title := container.New(look.Columns{Gap: 12, Cols: []look.Column{{}, {Weight: 1}}},
		look.NewTitle(lang.L("Queue")), look.NewNote(lang.L("What your viewers set off and is not done yet")))
	p.body = container.NewBorder(nil, p.rest, nil, nil, container.NewStack(p.list, container.NewCenter(look.Wide(420, p.empty))))
	card := look.NewPanel(look.ColorCard, look.Pad(6, 6, p.body))
	card.Edge, card.Radius = look.ColorEdge, 10
	top := container.NewVBox(title, p.targets.object, look.Gap(0, 2), p.head.object, look.Gap(0, 2))
	p.object = container.NewBorder(top, nil, nil, nil, card)
	p.rest.Hide()
	return p
}

// Object is what to put into the window.
func (p *Page) Object() fyne.CanvasObject { return p.object }

// SetInSight says whether the user sees the page. Out of sight it reads nothing.
func (p *Page) SetInSight(inSight bool) {
	p.inSight = inSight
	if inSight {
		p.heldUntil = time.Time{}
		p.refresh()
	}
}

// Tick shows how things stand now. It may be called as often as one likes.
func (p *Page) Tick(now time.Time) {
	if !p.inSight {
		return
	}
	p.showLanes(now)
	if now.Before(p.heldUntil) || now.Sub(p.lastRead) < readEvery {
		return
	}
	p.lastRead = now
	p.read()
}

// refresh reads at once.
func (p *Page) refresh() {
	p.lastRead = time.Now()
	p.showLanes(p.lastRead)
	p.read()
}

// showLanes shows how the targets stand. One that is no more gives way to another.
func (p *Page) showLanes(now time.Time) {
	lanes := p.core.Lanes()
	if at(lanes, p.lane) == nil {
		p.lane, p.rows = first(lanes), nil
		p.list.ScrollToTop()
	}
	p.targets.show(lanes, p.lane)
	l := at(lanes, p.lane)
	look.SetShown(p.head.object, l != nil)
	if l == nil {
		l = &queue.LaneStatus{}
	}
	p.head.show(*l, perMinute(p.core.Profile(), l.Lane), now)
	p.showRest(l.Waiting)
}

// showRest says how many of those that wait are not listed, or that none do.
func (p *Page) showRest(waiting int) {
	more := max(waiting-len(p.rows), 0)
	text := lang.N("and {{.N}} more", more, map[string]any{"N": words.Number(more)})
	look.SetText(p.rest, text, widget.LowImportance)
	if hasRest := more > 0 && len(p.rows) > 0; hasRest != p.rest.Visible() {
		look.SetShown(p.rest, hasRest)
		p.body.Refresh() // the list has more room, or less
	}
	look.SetShown(p.empty, waiting == 0 && len(p.rows) == 0)
}

// at returns the lane of that name, or nil.
func at(lanes []queue.LaneStatus, lane string) *queue.LaneStatus {
	if i := slices.IndexFunc(lanes, func(l queue.LaneStatus) bool { return l.Lane == lane }); i >= 0 {
		return &lanes[i]
	}
	return nil
}

// first is the lane to show first: one where something waits, if there is one.
func first(lanes []queue.LaneStatus) string {
	for _, l := range lanes {
		if l.Waiting > 0 {
			return l.Lane
		}
	}
	if len(lanes) == 0 {
		return ""
	}
	return lanes[0].Lane
}

func (p *Page) choose(lane string) {
	if lane != p.lane {
		p.lane, p.heldUntil = lane, time.Time{}
		p.showRows(nil)
		p.list.ScrollToTop()
	}
	p.refresh()
}

// read asks for what waits, and shows it when it has come. While a reading is under way another only follows it.
func (p *Page) read() {
	if p.isReading {
		p.again = true
		return
	}
	if p.lane == "" {
		p.showRows(nil)
		return
	}
	lane, rows := p.lane, []queue.Waiting(nil)
	p.isReading, p.again = true, false
	p.host.Run(func(ctx context.Context) (err error) {
		rows, err = p.core.Waiting(ctx, lane, shownMost)
		return err
	}, func(err error) {
		p.isReading = false
		switch {
		case lane != p.lane || p.again:
			p.read()
		case err != nil:
			p.fail(err)
		default:
			p.failure = ""
			p.showRows(rows)
		}
	})
}

// fail tells of a failed reading, but not each second anew.
func (p *Page) fail(err error) {
	if text := words.Error(err); text != p.failure {
		p.failure = text
		p.host.Warn(text)
	}
}

// showRows shows what waits. The rows that the user looks at stay in sight.
func (p *Page) showRows(rows []queue.Waiting) {
	offset := p.scrolled(rows)
	p.rows = rows
	p.list.Refresh()
	if offset != p.list.GetScrollOffset() {
		p.list.ScrollToOffset(offset)
	}
	waiting := 0
	if l := at(p.core.Lanes(), p.lane); l != nil {
		waiting = l.Waiting
	}
	p.showRest(waiting)
}

// scrolled is where to scroll to, so that the first row in sight stays where it is when rows take the place of those shown.
func (p *Page) scrolled(rows []queue.Waiting) float32 {
	offset := p.list.GetScrollOffset()
	if offset <= 0 {
		return offset
	}
	pitch := rowHeight + p.list.Theme().Size(theme.SizeNamePadding)
	top := int(offset / pitch)
	places := make(map[int64]int, len(rows))
	for i, w := range rows {
		places[w.Ticket] = i
	}
	for i := top; i < len(p.rows); i++ { // that row may be gone: then the next that is still there
		if place, ok := places[p.rows[i].Ticket]; ok {
			return max(offset+float32(place-i)*pitch, 0)
		}
	}
	return offset
}

func (p *Page) update(id widget.ListItemID, o fyne.CanvasObject) {
	if r, ok := o.(*row); ok && id >= 0 && id < len(p.rows) {
		r.show(p.rows[id], id == 0, time.Now())
	}
}

func (p *Page) open(id widget.ListItemID) {
	p.list.UnselectAll()
	if id >= 0 && id < len(p.rows) && p.OnOpen != nil {
		p.OnOpen(p.rows[id])
	}
}

// hint passes on what a button does. While the pointer is on one the rows stay.
func (p *Page) hint(text string) {
	p.heldUntil = time.Time{}
	if text != "" {
		p.heldUntil = time.Now().Add(holdFor)
	}
	if p.OnHint != nil {
		p.OnHint(text)
	}
}

// change changes a waiting job and shows what has become of it.
func (p *Page) change(do func(lane string) bool, done string) {
	lane, isDone := p.lane, false
	p.host.Run(func(context.Context) error { isDone = do(lane); return nil }, func(error) {
		if isDone {
			p.host.Say(done)
		} else {
			p.host.Say(lang.L("It does not wait any more: its turn has come, or it is over."))
		}
		p.heldUntil = time.Time{}
		p.refresh()
	})
}

func (p *Page) move(w queue.Waiting, to queue.Place) {
	said := lang.L("{{.Rule}} of {{.Name}} is next.", of(w))
	if to == queue.Last {
		said = lang.L("{{.Rule}} of {{.Name}} is behind all others.", of(w))
	}
	p.change(func(lane string) bool { return p.core.MoveJob(lane, w.Ticket, to) }, said)
}

func (p *Page) drop(w queue.Waiting) {
	p.change(func(lane string) bool { return p.core.DropJob(lane, w.Ticket) },
		lang.L("{{.Rule}} of {{.Name}} is dropped. It can be run again from the history.", of(w)))
}

// of names a job.
func of(w queue.Waiting) map[string]any {
	return map[string]any{"Rule": words.Clean(w.Job.RuleName, 40), "Name": words.JobViewer(w.Job)}
}
