package gui

import (
	"context"
	"runtime"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/dialog"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/widget"

	"github.com/livecue/livecue/core/profile"
	"github.com/livecue/livecue/core/source/tiktok"
	"github.com/livecue/livecue/gui/look"
	"github.com/livecue/livecue/gui/words"
)

// connect is the header's button: it connects, or disconnects where there is something to end.
func (w *window) connect() {
	if isTrying(w.core.Status().State) {
		w.core.Disconnect()
		w.tick()
		return
	}
	w.connectAs(w.core.Profile().TikTok.Handle)
}

// connectAs connects to the streamer of that name and keeps it in the profile; without one it asks for it.
func (w *window) connectAs(name string) {
	if _, err := tiktok.ParseHandle(name); err != nil {
		w.show(PageConnections)
		w.connections.askName()
		return
	}
	p := w.core.Profile()
	if p.TikTok.Handle != name {
		p.TikTok.Handle = name
		if err := w.core.SetProfile(p); err != nil {
			w.notice.warn(words.Error(err))
			return
		}
	}
	w.show(PageLive)
	// The API key may lie in a keyring that the user has to unlock first.
	w.header.connect.Disable()
	wasReplaying := w.isReplaying()
	w.tasks.run(func(context.Context) error { return w.core.Connect() }, func(err error) {
		w.header.connect.Enable()
		switch {
		case err != nil:
			w.notice.warn(words.Error(err))
		case wasReplaying:
			w.notice.say(lang.L("The replay has ended, since you connect to your stream. What it still had waiting was dropped; nothing of your stream is lost."))
		}
		w.tick()
	})
}

// isReplaying reports whether a past stream is played again.
func (w *window) isReplaying() bool {
	status, isAny := w.core.ReplayStatus()
	return isAny && status.IsOn
}

// isActingAgain reports whether the rules act on a past stream: what they set off is never kept.
func (w *window) isActingAgain() bool {
	status, isAny := w.core.ReplayStatus()
	return isAny && status.IsOn && status.WithEffects
}

// rehearse starts a rehearsal, in place of one that plays.
func (w *window) rehearse(script string) {
	if w.core.Rehearsal() != "" {
		w.core.StopRehearsal()
	}
	w.startRehearsal(script)
	if w.core.Rehearsal() != "" {
		w.show(PageLive)
	}
}

func (w *window) startRehearsal(script string) {
	wasReplaying := w.isReplaying()
	if err := w.core.StartRehearsal(script); err != nil {
		w.log.Warn("rehearsal did not start", "script", script, "error", err)
		w.notice.warn(lang.L("The rehearsal did not start: {{.Detail}}", map[string]any{"Detail": words.Error(err)}))
	} else if wasReplaying {
		w.notice.say(lang.L("The replay has ended, since a rehearsal begins. What it still had waiting was dropped."))
	}
	w.tick()
}

func (w *window) endRehearsal() {
	w.core.StopRehearsal()
	w.tick()
	w.notice.say(lang.L("The rehearsal is over. When you want to go live, press Connect."))
}

func (w *window) panicStop() {
	w.core.PanicStop()
	w.tick()
	w.notice.warn(lang.L("Everything is stopped: the queue is empty and paused, and all sounds are silent. Press Resume all when you are ready."))
}

// askClose closes the window, after asking when something would be lost.
func (w *window) askClose() {
	if w.closing {
		return
	}
	waiting := 0
	for _, l := range w.core.Lanes() {
		waiting += l.Waiting
		if l.Running != nil {
			waiting++
		}
	}
	if waiting == 0 {
		w.rules.Leave(w.closeNow)
		return
	}
	w.closing = true
	q := look.Question{
		Title: lang.L("Quit although something waits?"),
		Text:  w.quitText(waiting),
		Yes:   lang.L("Quit anyway"), No: lang.L("Stay"), Danger: true, OnYes: w.closeNow,
	}
	look.Ask(q, w.win).SetOnClosed(func() { w.closing = false })
}

// quitText says what becomes of what waits. What a rehearsal or a replay has set off is never kept.
func (w *window) quitText(waiting int) string {
	with := map[string]any{"N": words.Number(waiting)}
	after := w.core.Profile().Queue.AfterCrash
	switch {
	case w.core.Rehearsal() != "" || w.isActingAgain() || after == profile.AfterCrashDrop:
		return lang.N("{{.N}} actions are not done yet. If you quit now, they will not be done.", waiting, with)
	case after == profile.AfterCrashRun:
		return lang.N("{{.N}} actions are not done yet. LiveCue does them when you start it again.", waiting, with)
	default:
		return lang.N("{{.N}} actions are not done yet. LiveCue keeps them, and asks what to do with them when you start it again.", waiting, with)
	}
}

// closeNow closes the window; its size is kept for the next time.
func (w *window) closeNow() {
	saveSize(w.app.Preferences(), w.win.Canvas().Size())
	w.win.Close()
}

// panicShortcut is the panic stop's shortcut: with the usual modifier of the system, Shift and P.
func panicShortcut() *desktop.CustomShortcut {
	return &desktop.CustomShortcut{KeyName: fyne.KeyP, Modifier: fyne.KeyModifierShortcutDefault | fyne.KeyModifierShift}
}

func panicShortcutLabel() string {
	if runtime.GOOS == "darwin" {
		return "⌘⇧P"
	}
	return lang.L("Ctrl+Shift+P")
}

// shownHandle is the name that the user meant by what is in the profile.
func shownHandle(text string) string {
	if handle, err := tiktok.ParseHandle(text); err == nil {
		return handle
	}
	return ""
}

func showDetails(title string, content fyne.CanvasObject, win fyne.Window) {
	var d *dialog.CustomDialog
	done := widget.NewButton(lang.X("close a dialog", "Close"), func() { d.Hide() })
	bottom := container.NewHBox(layout.NewSpacer(), done)
	d = look.ShowDialog(title, container.NewBorder(nil, bottom, nil, nil, content), fyne.NewSize(720, 520), win)
}
