// Package statistics is the page with what past streams came to: coins, gifts, follows and likes over time, who gave most, what
// became of the rules, and the list of the streams.
package statistics

import (
	"context"
	"errors"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"github.com/livecue/livecue/core/stats"
	"github.com/livecue/livecue/core/store"
	"github.com/livecue/livecue/gui/look"
	"github.com/livecue/livecue/gui/words"
)

// Core is what the page needs of the program. Its methods use the disk.
type Core interface {
	Sessions(ctx context.Context, before int64, limit int) ([]store.Session, error)
	NameSession(ctx context.Context, session int64, title string) error
	Statistics(ctx context.Context, q stats.Query) (stats.Statistics, error)
	StatisticsCSV(ctx context.Context, q stats.Query, table stats.Table, how stats.CSV) ([]byte, error)
}

const (
	// sessionsRead is how many streams are read at a time, sessionsOffered how many of them the choice at the top has.
	sessionsRead, sessionsOffered = 200, 30
	// topShown is how long the tables of viewers and gifts are.
	topShown = 100
	// readEvery is how often the numbers are read anew while a stream makes new ones.
	readEvery = 10 * time.Second
)

// Page shows the numbers of one stream, of some days, or of all. It belongs to the UI thread.
type Page struct {
	// OnReplay, OnSave and OnOpen are called when the user wants a stream played again, its recording saved, or one opened.
	OnReplay, OnSave func(store.Session)
	OnOpen           func()

	core Core
	host look.Host

	scope    scope
	sessions []store.Session
	hasOlder bool
	// turn counts the readings: what was read for an earlier one is not shown.
	turn              int
	inSight, isStale  bool
	isReading, isPast bool // isPast says that something was read
	readAt            time.Time

	choice  *look.Pick[scope]
	note    *widget.Label
	busy    *widget.Activity
	over    *overTime
	viewers *viewers
	gifts   *look.Table
	rules   *look.Table
	streams *streams
	tabs    *container.AppTabs
	empty   fyne.CanvasObject
	export  *widget.Button
	object  fyne.CanvasObject
}

// NewPage returns the page, empty until it is in sight.
func NewPage(core Core, host look.Host) *Page {
	p := &Page{
		core: core, host: host, note: look.NewNote(""), busy: widget.NewActivity(), over: newOverTime(), viewers: newViewers(),
		gifts: newGifts(), rules: newRules(), OnReplay: func(store.Session) {}, OnSave: func(store.Session) {}, OnOpen: func() {},
	}
	p.streams = newStreams(p)
	p.offer()
	p.export = widget.NewButtonWithIcon(lang.L("Save as CSV …"), theme.DocumentSaveIcon(), p.askExport)
	p.busy.Hide()
	busy := container.NewGridWrap(fyne.NewSquareSize(24), p.busy)
	title := container.New(look.Columns{Gap: 8, Cols: []look.Column{{}, {Weight: 1}, {}}}, look.NewTitle(lang.L("Statistics")), p.note, busy)
	choice := container.New(look.Columns{Gap: 8, Cols: []look.Column{{Weight: 1}, {Width: 330}, {}}}, look.Gap(0, 0), p.choice.Select, p.export)
	head := look.Fold(760, title, choice)
	card := func(content fyne.CanvasObject) fyne.CanvasObject { return look.Pad(6, 0, look.NewCard(content)) }
	p.tabs = container.NewAppTabs(
		container.NewTabItem(lang.L("Over time"), look.Pad(6, 0, p.over.object)),
		container.NewTabItem(lang.L("Viewers"), card(p.viewers.object)),
		container.NewTabItem(lang.L("Gifts"), card(p.gifts.Object)),
		container.NewTabItem(lang.L("Rules"), card(p.rules.Object)),
		container.NewTabItem(lang.L("Streams"), card(p.streams.object)))
	p.empty = p.emptyState()
	p.empty.Hide()
	p.object = container.NewBorder(head, nil, nil, nil, container.NewStack(p.tabs, p.empty))
	return p
}

// emptyState says what will be here.
func (p *Page) emptyState() fyne.CanvasObject {
	centred := func(l *widget.Label) *widget.Label { l.Alignment = fyne.TextAlignCenter; return l }
	open := widget.NewButtonWithIcon(lang.L("Open recording …"), theme.FolderOpenIcon(), func() { p.OnOpen() })
	text := lang.L("Once you have been live with LiveCue, you find here what each stream came to: coins, gifts, follows and likes over time, who gave most, and how your rules did. Each stream can be played again, to try out new rules. Tests and rehearsals do not count.")
	return container.NewCenter(look.Wide(520, container.NewVBox(
		centred(look.NewHeading(lang.L("No streams yet"))), centred(look.NewProse(text)), container.NewCenter(open))))
}

// Object is what to put into the window.
func (p *Page) Object() fyne.CanvasObject { return p.object }

// SetInSight says whether the page is shown; it is read anew each time that it comes.
func (p *Page) SetInSight(isInSight bool) {
	p.inSight = isInSight
	if isInSight {
		p.load()
	}
}

// MarkStale says that something has happened that counts.
func (p *Page) MarkStale() { p.isStale = true }

// Tick reads the numbers anew while a stream makes new ones.
func (p *Page) Tick(now time.Time) {
	if p.inSight && p.isStale && !p.isReading && now.Sub(p.readAt) >= readEvery {
		p.load()
	}
}

// ShowStreams goes to the list of the streams.
func (p *Page) ShowStreams() { p.tabs.SelectIndex(len(p.tabs.Items) - 1) }

// offer lists what the numbers may be about: spans, and the newest streams. The one chosen is among them.
func (p *Page) offer() {
	names, all := map[scope]string{}, spans()
	for i, s := range p.sessions {
		one := scope{session: s.ID}
		if i < sessionsOffered || one == p.scope {
			names[one] = words.Date(s.Begun) + " " + words.TimeOfDay(s.Begun) + " · " + words.Clean(titleOf(s), 40)
			all = append(all, one)
		}
	}
	name := func(s scope) string {
		if text, ok := names[s]; ok {
			return text
		}
		return spanName(s)
	}
	if p.choice == nil {
		p.choice = look.NewPick(all, name, p.setScope)
	}
	p.choice.Offer(all, name)
	p.choice.Set(p.scope)
}

// setScope shows the numbers of something else.
func (p *Page) setScope(s scope) {
	if s == p.scope {
		return
	}
	p.scope = s
	p.choice.Set(s)
	if p.tabs.SelectedIndex() == len(p.tabs.Items)-1 {
		p.tabs.SelectIndex(0)
	}
	p.load()
}

// load reads everything anew, on a goroutine of its own: counting may take as long as a million events do.
func (p *Page) load() {
	p.turn++
	turn, now := p.turn, time.Now()
	p.isReading, p.isStale, p.readAt = true, false, now
	if !p.isPast {
		look.SetText(p.note, lang.L("Counting …"), widget.LowImportance)
	}
	p.busy.Show()
	p.busy.Start()
	var st stats.Statistics
	var sessions []store.Session
	q := p.scope.query(now)
	p.host.Run(func(ctx context.Context) error {
		var err, err2 error
		st, err = p.core.Statistics(ctx, q)
		sessions, err2 = p.core.Sessions(ctx, 0, sessionsRead)
		return errors.Join(err, err2)
	}, func(err error) {
		if turn != p.turn {
			return
		}
		p.isReading = false
		p.busy.Stop()
		p.busy.Hide()
		switch {
		case errors.Is(err, store.ErrNoSession):
			p.setScope(scope{})
		case err != nil:
			look.SetText(p.note, words.Error(err), widget.DangerImportance)
		default:
			p.show(st, sessions)
		}
	})
}

func (p *Page) show(st stats.Statistics, sessions []store.Session) {
	p.isPast = true
	p.sessions, p.hasOlder = sessions, len(sessions) == sessionsRead
	p.offer()
	p.over.show(st)
	p.viewers.show(st)
	p.gifts.Set(giftRows(st))
	p.rules.Set(ruleRows(st))
	p.streams.show(sessions)
	look.SetShown(p.empty, len(sessions) == 0)
	look.SetShown(p.tabs, len(sessions) > 0)
	look.SetEnabled(p.export, len(sessions) > 0)
	look.SetText(p.note, p.noteOf(st), widget.LowImportance)
}

// noteOf says what the numbers are about.
func (p *Page) noteOf(st stats.Statistics) string {
	for _, s := range p.sessions {
		if s.ID == p.scope.session {
			return summary(s)
		}
	}
	if st.Total.Start.IsZero() {
		if len(p.sessions) == 0 {
			return ""
		}
		return lang.L("Nothing happened in this time.")
	}
	first, last := words.Date(st.Total.Start), words.Date(st.Total.Last)
	if first == last {
		return first
	}
	return first + " – " + last
}

// readOlder adds the streams before those that are listed.
func (p *Page) readOlder() {
	if !p.hasOlder || p.isReading {
		return
	}
	p.hasOlder, p.isReading = false, true
	turn, before := p.turn, p.sessions[len(p.sessions)-1].ID
	var older []store.Session
	p.host.Run(func(ctx context.Context) (err error) {
		older, err = p.core.Sessions(ctx, before, sessionsRead)
		return err
	}, func(err error) {
		if turn != p.turn {
			return
		}
		p.isReading = false
		if err != nil {
			p.host.Warn(words.Error(err))
			return
		}
		p.sessions, p.hasOlder = append(p.sessions, older...), len(older) == sessionsRead
		p.streams.show(p.sessions)
	})
}

// askName lets the user name a stream.
func (p *Page) askName(s store.Session) {
	name := look.NewEntry()
	name.SetPlaceHolder(lang.L("Such as: Subathon, day 1"))
	name.SetText(s.Title)
	look.AskFor(lang.L("Name this stream"), container.NewVBox(look.NewHint(summary(s)), name), lang.L("Save"), lang.X("leave a dialog", "Cancel"), func() {
		p.host.Run(func(ctx context.Context) error { return p.core.NameSession(ctx, s.ID, name.Text) }, func(err error) {
			if err != nil {
				p.host.Warn(words.Error(err))
			}
			p.load()
		})
	}, p.host.Window)
	p.host.Window.Canvas().Focus(name)
}
