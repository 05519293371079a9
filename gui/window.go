package gui

import (
	"context"
	"log/slog"
	"strconv"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/theme"

	"github.com/livecue/livecue/core/action"
	"github.com/livecue/livecue/core/app"
	"github.com/livecue/livecue/core/event"
	"github.com/livecue/livecue/core/profile"
	"github.com/livecue/livecue/core/queue"
	"github.com/livecue/livecue/gui/diagnose"
	"github.com/livecue/livecue/gui/editor"
	"github.com/livecue/livecue/gui/feed"
	"github.com/livecue/livecue/gui/jobs"
	"github.com/livecue/livecue/gui/look"
	"github.com/livecue/livecue/gui/overlays"
	"github.com/livecue/livecue/gui/playback"
	"github.com/livecue/livecue/gui/plugins"
	"github.com/livecue/livecue/gui/profiles"
	"github.com/livecue/livecue/gui/statistics"
	"github.com/livecue/livecue/gui/waiting"
	"github.com/livecue/livecue/gui/words"
)

// firstScript is the rehearsal that a button without a choice starts.
const firstScript = "first-steps"

// window is the program's window. Its methods belong to the UI thread.
type window struct {
	core  Core
	opts  Options
	log   *slog.Logger
	app   fyne.App
	win   fyne.Window
	tasks *tasks
	stop  context.CancelFunc
	// secrets knows which passwords and keys are kept.
	secrets *secrets

	header      *header
	strip       *strip
	notice      *notice
	feed        *feed.View
	leftover    *jobs.Leftover
	queue       *waiting.Page
	history     *jobs.History
	rules       *editor.Page
	connections *connections
	settings    *settings
	diagnostics *diagnose.Page
	overlays    *overlays.Page
	statistics  *statistics.Page
	profiles    *profiles.Page
	playback    *playback.Bar
	plugins     *plugins.Page
	hotkeys     *hotkeys
	welcome     *nameForm

	nav     map[Page]*look.NavItem
	inNav   []Page // from top to bottom
	pages   map[Page]fyne.CanvasObject
	content *fyne.Container
	page    Page
	theme   profile.Theme // the profile's that was set last
	closing bool
}

// newWindow builds the window in win. do runs a function on the UI thread; in tests it is the test's own loop.
func newWindow(ctx context.Context, a fyne.App, win fyne.Window, do func(func()), opts Options) *window {
	ctx, cancel := context.WithCancel(ctx)
	w := &window{
		core: opts.Core, opts: opts, log: opts.Log, app: a, win: win, stop: cancel,
		tasks: &tasks{ctx: ctx, do: do}, nav: map[Page]*look.NavItem{}, pages: map[Page]fyne.CanvasObject{},
	}
	w.secrets = &secrets{core: w.core, tasks: w.tasks}
	if w.log == nil {
		w.log = slog.Default()
	}
	w.setTheme(w.core.Profile().Theme)
	w.build()
	w.tick()
	w.show(w.firstPage())
	return w
}

func (w *window) build() {
	w.header = newHeader(w.connect, func() { w.rehearse(firstScript) }, w.endRehearsal, func() { w.show(PageProfiles) })
	w.strip = newStrip(w.core, w.panicStop)
	w.notice = newNotice()
	w.feed = feed.NewView(feed.NewModel(w.opts.MaxRows), lang.L("Nothing has happened yet. Connect to your stream, or press Rehearse to see made-up viewers at work."))
	w.feed.OnOpen = w.openRow
	host := look.Host{Window: w.win, Run: w.tasks.run, Say: w.notice.say, Warn: w.notice.warn}
	w.rules = editor.NewPage(w.core, host)
	w.leftover = jobs.NewLeftover(w.core, host)
	w.queue = waiting.NewPage(w.core, host)
	w.queue.OnHint, w.queue.OnOpen = w.strip.say, w.openWaiting
	w.history = jobs.NewHistory(w.core, host)
	w.leftover.OnEnd, w.history.OnOpen = w.history.MarkStale, w.openDone
	w.connections = newConnections(w)
	w.settings = newSettings(w)
	saver := newSaver(w.opts, host)
	w.diagnostics = newDiagnostics(w, host, saver)
	welcome, form := newWelcome(func() { w.rehearse(firstScript) }, w.connectAs)
	w.welcome = form

	w.overlays, w.statistics = overlays.NewPage(w.core, host), statistics.NewPage(w.core, host)
	w.playback, w.plugins = playback.NewBar(w.core, host), plugins.NewPage(w.core, host)
	w.pages[PagePlugins] = w.plugins.Object()
	w.statistics.OnReplay, w.statistics.OnSave, w.statistics.OnOpen = w.playback.Ask, w.playback.AskSave, w.playback.AskFile
	w.pages[PageOverlays], w.pages[PageStatistics] = w.overlays.Object(), w.statistics.Object()
	w.profiles = w.newProfiles(host)
	w.pages[PageProfiles] = w.profiles.Object()
	w.pages[PageWelcome] = welcome
	w.pages[PageLive] = container.NewBorder(w.leftover.Object(), nil, nil, nil, w.feed.Object())
	w.leftover.OnShown = w.pages[PageLive].Refresh
	w.pages[PageQueue] = w.queue.Object()
	w.pages[PageHistory] = w.history.Object()
	w.pages[PageRules] = w.rules.Object()
	w.pages[PageConnections] = w.connections.object
	w.pages[PageSettings] = w.settings.object
	w.pages[PageDiagnostics] = w.diagnostics.Object()
	w.content = container.NewStack()
	top := newCrashPanel(w.opts.Crash, host, saver)
	// The notice lies over the page's foot: one that pushed the page down would move the buttons under the pointer.
	page := container.NewStack(container.NewBorder(top, nil, nil, nil, container.NewScroll(w.content)), container.NewVBox(layout.NewSpacer(), w.notice.panel))
	w.win.SetPadded(false)
	f := &frame{top: container.NewVBox(w.header.object, w.playback.Object()), bottom: w.strip.object, left: w.buildNav(), page: look.Pad(8, 12, page), onNarrow: w.setNarrow}
	w.win.SetContent(container.New(f, f.top, f.left, f.page, f.bottom))
	w.win.SetCloseIntercept(w.askClose)
	w.win.SetOnDropped(func(_ fyne.Position, files []fyne.URI) { w.dropped(files) })
	w.hotkeys = newHotkeys(w)
	undo := func(fyne.Shortcut) { w.onRules(w.rules.Undo) }
	redo := func(fyne.Shortcut) { w.onRules(w.rules.Redo) }
	w.listenForPages()
	w.win.Canvas().AddShortcut(&fyne.ShortcutUndo{}, undo)
	w.win.Canvas().AddShortcut(&fyne.ShortcutRedo{}, redo)
	w.win.Canvas().AddShortcut(panicShortcut(), func(fyne.Shortcut) { w.panicStop() })
	w.setTitle()
}

// onRules does something while the page of the rules is shown.
func (w *window) onRules(do func()) {
	if w.page == PageRules {
		do()
	}
}

// listenForPages lets Ctrl and a digit open the pages of the navigation, from top to bottom: 1 to 9, then 0.
func (w *window) listenForPages() {
	for i, p := range w.inNav[:min(len(w.inNav), 10)] {
		key := fyne.KeyName(strconv.Itoa((i + 1) % 10))
		w.win.Canvas().AddShortcut(&desktop.CustomShortcut{KeyName: key, Modifier: fyne.KeyModifierShortcutDefault}, func(fyne.Shortcut) {
			if w.win.Canvas().Overlays().Top() == nil {
				w.show(p)
			}
		})
	}
}

func (w *window) buildNav() fyne.CanvasObject {
	items := container.NewVBox()
	add := func(p Page, text string, icon fyne.Resource) {
		item := look.NewNavItem(text, icon, func() { w.show(p) })
		w.nav[p], w.inNav = item, append(w.inNav, p)
		items.Add(item)
	}
	add(PageLive, lang.L("Live"), look.Icon("live"))
	add(PageRules, lang.L("Rules"), look.Icon("rule"))
	add(PageQueue, lang.L("Queue"), look.Icon("queue"))
	add(PageHistory, lang.L("History"), theme.HistoryIcon())
	add(PageOverlays, lang.L("Overlays"), look.Icon("overlay"))
	add(PageStatistics, lang.L("Statistics"), look.Icon("chart"))
	add(PageProfiles, lang.L("Profiles"), look.Icon("profiles"))
	add(PageConnections, lang.L("Connections"), look.Icon("plug"))
	add(PagePlugins, lang.L("Plugins"), look.Icon("plugin"))
	add(PageSettings, lang.L("Settings"), theme.SettingsIcon())
	add(PageDiagnostics, lang.L("Diagnostics"), look.Icon("pulse"))
	return look.NewPanel(look.ColorRail, look.Pad(8, 8, container.NewVScroll(items)))
}

// setNarrow leaves the navigation its icons alone, or gives it its words back.
func (w *window) setNarrow(isNarrow bool) {
	for _, item := range w.nav {
		item.SetSlim(isNarrow)
	}
}

func (w *window) firstPage() Page {
	switch {
	case w.opts.Page != "":
		return w.opts.Page
	case w.opts.FirstRun && w.opts.StartRehearsal == "":
		return PageWelcome
	default:
		return PageLive
	}
}

// show goes to a page, unless the user wants to stay with a rule that is not saved.
func (w *window) show(p Page) {
	w.rules.Leave(func() { w.goTo(p) })
}

func (w *window) goTo(p Page) {
	if p == PageRule {
		w.goTo(PageRules)
		w.rules.EditFirst()
		return
	}
	w.page = p
	w.feed.SetInSight(p == PageLive)
	w.queue.SetInSight(p == PageQueue)
	w.history.SetInSight(p == PageHistory)
	w.diagnostics.SetInSight(p == PageDiagnostics)
	w.overlays.SetInSight(p == PageOverlays)
	w.statistics.SetInSight(p == PageStatistics)
	w.plugins.SetInSight(p == PagePlugins)
	w.profiles.SetInSight(p == PageProfiles)
	for page, item := range w.nav {
		item.SetChosen(page == p)
	}
	switch p {
	case PageRules:
		w.rules.Refresh()
	case PageConnections:
		w.connections.refresh()
	case PageSettings:
		w.settings.refresh()
	}
	w.content.Objects = []fyne.CanvasObject{w.pages[p]}
	w.content.Refresh()
}

// run carries the feed to the window until the window's context is done.
func (w *window) run() {
	p := &pump{tap: w.core.Tap(tapSize), do: w.tasks.do, apply: w.apply, tick: w.tick}
	w.tasks.wg.Go(func() { p.run(w.tasks.ctx) })
	w.profiles.Load()
	if script := w.opts.StartRehearsal; script != "" {
		w.startRehearsal(script)
	}
}

// close ends all that run and the tasks began, and waits for it.
func (w *window) close() {
	w.stop()
	w.tasks.wait()
}

func (w *window) apply(updates []app.Update, dropped uint64) {
	w.feed.Apply(updates, dropped)
	for _, u := range updates {
		if u.Entry == nil {
			continue
		}
		if !u.Entry.Replayed && !u.Entry.Event.Header().Test && w.core.Rehearsal() == "" {
			w.statistics.MarkStale()
		}
		if g, ok := u.Entry.Event.(event.Gift); ok && !g.Test && !u.Entry.Replayed {
			w.rules.Received(g.Gift)
		}
	}
	w.history.Apply(updates)
	w.tick()
}

// tick shows how things stand: the core hands out copies at once, so asking costs little.
func (w *window) tick() {
	now := time.Now()
	w.notice.fade(now)
	p := w.core.Profile()
	w.hotkeys.update(p)
	w.header.show(w.core.Status(), shownHandle(p.TikTok.Handle), w.core.Rehearsal(), now)
	w.header.showProfile(w.profileName())
	w.strip.show(w.core.Lanes(), w.core.Health(), w.core.SoundProblem(), now)
	w.leftover.Tick()
	w.queue.Tick(now)
	w.history.Tick()
	w.diagnostics.Tick()
	w.overlays.Tick()
	w.profiles.Tick()
	w.statistics.Tick(now)
	w.plugins.Tick(now)
	w.playback.Tick()
	switch w.page {
	case PageSettings:
		w.settings.showHealth()
	case PageConnections:
		w.connections.studio.tick(now)
		w.connections.room.tick()
	}
}

func (w *window) setTheme(t profile.Theme) {
	w.theme = t
	if w.opts.Theme != "" {
		t = w.opts.Theme
	}
	w.app.Settings().SetTheme(themeOf(t))
}

// themeOf returns our theme as a profile asks for it.
func themeOf(t profile.Theme) fyne.Theme {
	switch t {
	case profile.ThemeLight:
		return look.NewTheme(look.ModeLight)
	case profile.ThemeDark:
		return look.NewTheme(look.ModeDark)
	default:
		return look.NewTheme(look.ModeSystem)
	}
}

func (w *window) setTitle() {
	title := "LiveCue"
	if name := words.Clean(w.core.Profile().Name, 60); name != "" {
		title = name + " · LiveCue"
	}
	w.win.SetTitle(title)
}

// openRow shows all about a line of the feed.
func (w *window) openRow(r *feed.Row) {
	showDetails(lang.L("What happened"), feed.Details(r), w.win)
}

// openDone shows all about a job that is over.
func (w *window) openDone(d app.Done) {
	w.openRow(&feed.Row{Event: d.Event, Jobs: []queue.Report{jobs.Report(d)}})
}

// openWaiting shows all about a job that waits.
func (w *window) openWaiting(j queue.Waiting) {
	waits := &feed.Row{Jobs: []queue.Report{{Job: j.Job, State: action.Waiting, Runs: j.Job.Runs - j.Runs}}}
	showDetails(lang.L("What waits"), feed.Details(waits), w.win)
}
