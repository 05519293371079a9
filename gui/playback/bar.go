package playback

import (
	"context"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"github.com/livecue/livecue/core/app"
	"github.com/livecue/livecue/core/replay"
	"github.com/livecue/livecue/gui/look"
	"github.com/livecue/livecue/gui/words"
)

// speeds are those that are offered; 0 is as fast as can be.
func speeds() []float64 { return []float64{1, 2, 10, 0} }

func speedName(speed float64) string {
	if speed == 0 {
		return lang.L("As fast as it can")
	}
	return lang.L("{{.N}}× speed", map[string]any{"N": words.Factor(speed)})
}

// foldBelow is the width in which the name of a stream needs a line of its own.
const foldBelow = 1500

// Bar stands above every page while a stream is played again, and after it until it is closed. It belongs to the UI thread.
type Bar struct {
	core Core
	host look.Host

	last   app.Replay // what is played, to play it once more
	status app.ReplayStatus
	// closed says that the user has seen enough of the one that is over.
	closed bool
	// held says that the user has the slider in hand: it must not run away.
	held bool

	pill   *look.Pill
	name   *widget.Label
	place  *widget.Slider
	time   *widget.Label
	speed  *look.Pick[float64]
	pause  *widget.Button
	report *report
	stop   *widget.Button
	object *look.Panel
}

// NewBar returns a bar that is hidden as long as nothing is played.
func NewBar(core Core, host look.Host) *Bar {
	b := &Bar{core: core, host: host, pill: look.NewPill("", theme.ColorNamePrimary), name: look.NewLine(""), time: widget.NewLabel("")}
	b.place = widget.NewSlider(0, 1)
	b.place.OnChanged = func(v float64) { b.held = true; b.showTime(seconds(v)) }
	b.place.OnChangeEnded = func(v float64) { b.held = false; b.goTo(seconds(v)) }
	b.speed = look.NewPick(speeds(), speedName, b.setSpeed)
	b.pause = widget.NewButtonWithIcon("", theme.MediaPauseIcon(), b.togglePause)
	b.report = newReport(host)
	ask := widget.NewButtonWithIcon(lang.L("Result"), look.Icon("rule"), func() { b.report.open(b.status) })
	b.stop = widget.NewButtonWithIcon("", theme.MediaStopIcon(), b.end)
	what := container.New(look.Columns{Gap: 6, Cols: []look.Column{{}, {Weight: 1}, {}, {}, {}}}, b.pill, b.name, b.pause, ask, b.stop)
	where := container.New(look.Columns{Gap: 6, Cols: []look.Column{{Weight: 1}, {Width: 150}, {Width: 170}}}, b.place, b.time, b.speed.Select)
	b.time.Alignment = fyne.TextAlignCenter
	b.object = look.NewPanel(look.ColorAccentSoft, look.Pad(3, 12, look.Fold(foldBelow, what, where)))
	b.object.Hide()
	return b
}

// Object is what to put into the window.
func (b *Bar) Object() fyne.CanvasObject { return b.object }

// seconds are the slider's unit.
func seconds(v float64) time.Duration { return time.Duration(v * float64(time.Second)) }

// Tick shows how the replay stands. It is called every second, and more often while the feed moves.
func (b *Bar) Tick() {
	status, isAny := b.core.ReplayStatus()
	isOver := status.State == replay.Over || status.Error != ""
	if !isAny || !status.IsOn && (!isOver || b.closed) {
		look.SetShown(b.object, false)
		return
	}
	b.status = status
	b.show(status)
	b.report.tick(status)
	look.SetShown(b.object, true)
}

func (b *Bar) show(s app.ReplayStatus) {
	text, tone := lang.L("Replay, nothing is done"), theme.ColorNamePrimary
	if s.WithEffects {
		text, tone = lang.L("Replay, the rules act"), theme.ColorNameWarning
	}
	b.pill.Set(text, tone)
	name, importance := words.Clean(s.Name, 80), widget.MediumImportance
	switch {
	case s.Error != "":
		name, importance = lang.L("The replay broke off: {{.Detail}}", map[string]any{"Detail": words.Clean(s.Error, 200)}), widget.DangerImportance
	case !s.IsOn:
		name = lang.L("{{.Name}}: played to its end", map[string]any{"Name": name})
	case s.IsSeeking:
		name = lang.L("{{.Name}}: winding on …", map[string]any{"Name": name})
	}
	look.SetText(b.name, name, importance)
	if !b.held {
		b.place.Max = max(s.Length.Seconds(), 1)
		b.place.Value = min(s.Position.Seconds(), b.place.Max)
		b.place.Refresh()
		b.showTime(s.Position)
	}
	if b.speed.Selected != speedName(s.Speed) {
		b.speed.Set(s.Speed)
	}
	b.showButtons(s)
}

// showTime says the place in the stream.
func (b *Bar) showTime(at time.Duration) {
	text := lang.L("{{.At}} of {{.Length}}", map[string]any{"At": words.Elapsed(at), "Length": words.Elapsed(b.status.Length)})
	look.SetText(b.time, text, widget.MediumImportance)
}

func (b *Bar) showButtons(s app.ReplayStatus) {
	icon, text := theme.MediaPauseIcon(), lang.L("Hold")
	switch {
	case !s.IsOn:
		icon, text = theme.MediaReplayIcon(), lang.L("Once more")
	case s.State == replay.Paused:
		icon, text = theme.MediaPlayIcon(), lang.L("Go on")
	}
	if b.pause.Text != text {
		b.pause.Icon = icon
		b.pause.SetText(text)
	}
	stop := lang.L("End replay")
	if !s.IsOn {
		stop = lang.X("close the bar of a replay that is over", "Close")
	}
	if b.stop.Text != stop {
		b.stop.SetText(stop)
	}
}

func (b *Bar) togglePause() {
	var err error
	switch {
	case !b.status.IsOn:
		b.begin(b.again(0))
		return
	case b.status.State == replay.Paused:
		err = b.core.ResumeReplay()
	default:
		err = b.core.PauseReplay()
	}
	b.done(err)
}

func (b *Bar) goTo(at time.Duration) {
	if !b.status.IsOn {
		b.begin(b.again(at))
		return
	}
	b.done(b.core.SeekReplay(at))
}

// again is what was played last, from another place.
func (b *Bar) again(from time.Duration) app.Replay {
	next := b.last
	next.From, next.Speed = from, b.status.Speed
	return next
}

func (b *Bar) setSpeed(speed float64) {
	if b.status.IsOn {
		b.done(b.core.SetReplaySpeed(speed))
		return
	}
	b.status.Speed = speed
}

// done tells what did not work, and shows how things stand.
func (b *Bar) done(err error) {
	if err != nil {
		b.host.Warn(words.Error(err))
	}
	b.Tick()
}

// begin plays something.
func (b *Bar) begin(r app.Replay) {
	b.host.Run(func(ctx context.Context) error { return b.core.StartReplay(ctx, r) }, func(err error) {
		if err == nil {
			b.last, b.closed = r, false
		}
		b.done(err)
	})
}

// end ends the replay, or closes the bar of one that is over.
func (b *Bar) end() {
	if !b.status.IsOn {
		b.closed = true
		b.Tick()
		return
	}
	b.stop.Disable()
	b.host.Run(func(context.Context) error { b.core.StopReplay(); return nil }, func(error) {
		b.stop.Enable()
		b.closed = true
		b.host.Say(lang.L("The replay has ended. What it still had waiting was dropped."))
		b.Tick()
	})
}
