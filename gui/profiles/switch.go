package profiles

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"github.com/livecue/livecue/core/app"
	"github.com/livecue/livecue/core/profile/library"
	"github.com/livecue/livecue/core/queue"
	"github.com/livecue/livecue/core/source"
	"github.com/livecue/livecue/gui/look"
	"github.com/livecue/livecue/gui/words"
)

// clearFor is how long what is under way may take when the queue is cleared for a change.
const clearFor = 10 * time.Second

// change puts something in force that work in the queue may stand against.
type change struct {
	// name is the profile's, fit to be shown.
	name string
	// do makes the change, clear does so after it has given up what stands against it.
	do    func() error
	clear func(context.Context) error
	// said is what is said when it is done.
	said string
	// lanes stood against it the last time.
	lanes []string
}

// left returns the lanes that stand against the change and still have work.
func (c *change) left(lanes []queue.LaneStatus) []queue.LaneStatus {
	return slices.DeleteFunc(lanes, func(l queue.LaneStatus) bool {
		return !slices.Contains(c.lanes, l.Lane) || l.Waiting == 0 && l.Running == nil
	})
}

// use switches to a profile.
func (p *Page) use(e library.Entry) {
	p.try(&change{
		name: nameOf(e), said: lang.L("“{{.Name}}” is in force now.", map[string]any{"Name": nameOf(e)}),
		do:    func() error { return p.core.UseProfile(e.ID) },
		clear: func(ctx context.Context) error { return p.core.ClearAndUse(ctx, e.ID) },
	})
}

func (p *Page) try(c *change) {
	p.work(func(context.Context) error { return c.do() }, func(err error) { p.tried(c, err) })
}

// tried says how a change went, or asks what is to become of what waits.
func (p *Page) tried(c *change, err error) {
	var queued *app.QueuedError
	switch {
	case errors.As(err, &queued):
		c.lanes = nil
		for _, l := range queued.Lanes {
			c.lanes = append(c.lanes, l.Lane)
		}
		p.askQueued(c, queued.Lanes)
		return
	case err != nil:
		p.host.Warn(words.Error(err))
		p.Load()
		return
	}
	p.stopWaiting()
	p.changed()
	if text := p.otherStreamer(); text != "" {
		p.host.Warn(c.said + " " + text)
		return
	}
	p.host.Say(c.said)
}

// otherStreamer says that the window is still connected to someone whom the profile does not name, or nothing.
func (p *Page) otherStreamer() string {
	s := p.core.Status()
	wanted := strings.TrimPrefix(strings.TrimSpace(p.core.Profile().TikTok.Handle), "@")
	if s.State == source.Offline || s.Handle == "" || wanted == "" || strings.Contains(strings.ToLower(wanted), strings.ToLower(s.Handle)) {
		return ""
	}
	return lang.L("You are still connected to @{{.Old}}. Disconnect and connect again for @{{.New}}.",
		map[string]any{"Old": words.Clean(s.Handle, 24), "New": words.Clean(wanted, 24)})
}

// askQueued asks what is to become of the work that stands against a change.
func (p *Page) askQueued(c *change, lanes []queue.LaneStatus) {
	text := look.NewProse(lang.L("These actions were paid for with gifts and are not done yet. “{{.Name}}” does not have their target, or has it at another address, so they would be lost:", map[string]any{"Name": c.name}))
	what := look.NewStrong(waits(lanes))
	what.Truncation, what.Wrapping = fyne.TextTruncateOff, fyne.TextWrapWord
	hint := look.NewHint(lang.L("Wait, and LiveCue switches by itself when they are done. Or clear them: they are then in the history, where each can be run again."))
	var hide func()
	then := func(do func()) func() { return func() { hide(); do() } }
	stay := widget.NewButton(lang.L("Do not switch"), func() { hide() })
	clearing := widget.NewButton(lang.L("Clear them and switch"), then(func() {
		p.work(func(ctx context.Context) error {
			ctx, cancel := context.WithTimeout(ctx, clearFor)
			defer cancel()
			return c.clear(ctx)
		}, func(err error) { p.tried(c, err) })
	}))
	clearing.Importance = widget.DangerImportance
	wait := widget.NewButton(lang.L("Wait, then switch"), then(func() {
		p.waiting = c
		p.Tick()
	}))
	wait.Importance = widget.HighImportance
	buttons := container.NewHBox(layout.NewSpacer(), stay, clearing, wait)
	d := look.ShowDialog(lang.L("Something still waits in the queue"),
		container.NewBorder(nil, look.Pad(6, 0, buttons), nil, nil, container.NewVScroll(container.NewVBox(text, what, hint))), fyne.NewSize(620, 320), p.host.Window)
	hide = d.Hide
}

// waits lists how much waits for which target.
func waits(lanes []queue.LaneStatus) string {
	var lines []string
	for _, l := range lanes {
		n := l.Waiting
		if l.Running != nil {
			n++
		}
		with := map[string]any{"N": words.Number(n), "Target": words.Lane(l.Lane)}
		line := lang.N("{{.N}} actions for {{.Target}}", n, with)
		if l.Paused {
			line += " · " + lang.L("paused: resume it on the Queue page")
		} else if l.Trouble != "" {
			line += " · " + words.Clean(words.Reported(l.Trouble), 160)
		}
		lines = append(lines, "• "+line)
	}
	return strings.Join(lines, "\n")
}

func (p *Page) stopWaiting() {
	p.waiting = nil
	p.banner.panel.Hide()
}

// banner says that a switch waits.
type banner struct {
	text  *widget.Label
	panel *look.Panel
}

func newBanner(cancel func()) *banner {
	b := &banner{text: look.NewProse("")}
	stay := widget.NewButton(lang.L("Do not switch"), cancel)
	b.panel = look.NewPanel(look.ColorCard, look.Pad(4, 8, container.New(look.Columns{Gap: 8, Cols: []look.Column{{Weight: 1}, {}}}, b.text, stay)))
	b.panel.Edge, b.panel.Radius = theme.ColorNameWarning, 10
	b.panel.Hide()
	return b
}

func (b *banner) show(c *change, left []queue.LaneStatus) {
	text := lang.L("LiveCue switches to “{{.Name}}” when this is done. Stay on this page.", map[string]any{"Name": c.name}) + "\n" + waits(left)
	look.SetText(b.text, text, widget.MediumImportance)
	look.SetShown(b.panel, true)
}
