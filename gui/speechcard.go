package gui

import (
	"context"
	"fmt"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"github.com/livecue/livecue/core/action"
	"github.com/livecue/livecue/core/action/speech"
	"github.com/livecue/livecue/core/profile"
	"github.com/livecue/livecue/gui/look"
	"github.com/livecue/livecue/gui/words"
)

// speechCard asks how texts are read aloud, and lets the user hear it. What is changed counts at once.
type speechCard struct {
	window *window
	change func(func(*profile.Profile))

	voices               words.Voices
	voice                *look.Pick[string]
	rate, volume         *percentSlider
	length               *look.Pick[int]
	wait                 *look.Pick[action.Duration]
	perMinute, perViewer *look.Pick[int]
	blocked, again       *widget.Button
	found                *widget.Label
	sample               *look.Entry
	listen               *widget.Button
	object               fyne.CanvasObject
}

const (
	// usualRate is the voice's own speed, usualWait how long a text waits where the profile does not say.
	usualRate = 100
	usualWait = action.Duration(2 * time.Minute)
)

// lengths are how many characters of a text can be read at most.
func lengths() []int { return []int{50, 100, 150, 200, speech.DefaultMaxLength, 500, 1000, 2000} }

// speechWaits are after how long a text can be given up.
func speechWaits() []action.Duration {
	all := []action.Duration{action.Duration(30 * time.Second), action.Duration(time.Minute), usualWait}
	for _, d := range []time.Duration{5 * time.Minute, 15 * time.Minute, time.Hour} {
		all = append(all, action.Duration(d))
	}
	return all
}

func newSpeechCard(w *window, change func(func(*profile.Profile))) *speechCard {
	c := &speechCard{window: w, change: change, found: look.NewHint(""), sample: look.NewEntry()}
	c.voice = look.NewPick([]string{""}, c.voiceName, func(id string) { change(func(p *profile.Profile) { p.Speech.Voice = id }) })
	c.rate = newPercentSlider(50, 300, 5, func(n int) { change(func(p *profile.Profile) { p.Speech.Rate = unless(usualRate, n) }) })
	c.volume = newPercentSlider(1, 100, 1, func(n int) { change(func(p *profile.Profile) { p.Speech.Volume = unless(100, n) }) })
	c.length = look.NewPick(lengths(), func(n int) string { return lang.N("{{.N}} characters", n, map[string]any{"N": words.Number(n)}) }, func(n int) {
		change(func(p *profile.Profile) { p.Speech.MaxLength = unless(speech.DefaultMaxLength, n) })
	})
	c.wait = look.NewPick(speechWaits(), words.Patience, func(d action.Duration) {
		change(func(p *profile.Profile) { p.Speech.MaxWait = unless(usualWait, d) })
	})
	c.perMinute = newLimitPick(func(n int) { change(func(p *profile.Profile) { p.Speech.PerMinute = n }) })
	c.perViewer = newLimitPick(func(n int) { change(func(p *profile.Profile) { p.Speech.PerViewer = n }) })
	c.blocked = widget.NewButton("", c.editBlocked)
	c.again = widget.NewButton(lang.L("Look again"), c.look)
	c.again.Hide()
	c.sample.SetPlaceHolder(lang.L("Thank you, Pixel Pia!"))
	c.sample.OnSubmitted = func(string) { c.preview() }
	c.listen = widget.NewButtonWithIcon(lang.L("Listen"), theme.MediaPlayIcon(), c.preview)
	c.object = c.build()
	return c
}

func (c *speechCard) voiceName(id string) string {
	return c.voices.Name(id, lang.L("the system's own voice"))
}

func (c *speechCard) build() fyne.CanvasObject {
	row := func(choice *widget.Select, after string) fyne.CanvasObject {
		return container.New(look.Columns{Gap: 4, Cols: []look.Column{{Width: 132}, {Weight: 1}}}, choice, look.NewNote(after))
	}
	form := container.New(layout.NewFormLayout(),
		widget.NewLabel(lang.L("Voice")), c.voice.Select,
		widget.NewLabel(lang.L("Speed")), c.rate.object,
		widget.NewLabel(lang.L("Volume")), c.volume.object,
		widget.NewLabel(lang.L("Longest text")), c.length.Select,
		widget.NewLabel(lang.L("Give up after")), c.wait.Select,
		widget.NewLabel(lang.L("At most")), row(c.perMinute.Select, lang.L("texts a minute; the rest waits")),
		widget.NewLabel(lang.L("Of each viewer")), row(c.perViewer.Select, lang.L("a minute; others go on")),
		widget.NewLabel(lang.L("Word filter")), c.blocked,
	)
	sample := container.NewBorder(nil, nil, nil, c.listen, c.sample)
	found := container.NewBorder(nil, nil, nil, container.NewCenter(look.Inset(c.again)), c.found)
	return look.NewCard(container.NewVBox(look.NewHeading(lang.L("Speech")), found, insetRight(form), look.Inset(sample)))
}

// show shows what the profile says, and looks for the voices that there are.
func (c *speechCard) show(s profile.Speech) {
	c.voice.Set(s.Voice)
	c.rate.show(orUsual(s.Rate, usualRate))
	c.volume.show(orUsual(s.Volume, 100))
	c.length.Set(orUsual(s.MaxLength, speech.DefaultMaxLength))
	c.wait.Set(orUsual(s.MaxWait, usualWait))
	c.perMinute.Set(s.PerMinute)
	c.perViewer.Set(s.PerViewer)
	c.showBlocked(len(s.Blocked))
	c.look()
}

func (c *speechCard) showBlocked(n int) {
	text := lang.L("No blocked words …")
	if n > 0 {
		text = lang.N("{{.N}} blocked words …", n, map[string]any{"N": words.Number(n)})
	}
	c.blocked.SetText(text)
}

// look asks the system for its voices in the background.
func (c *speechCard) look() {
	c.again.Disable()
	if len(c.voices) == 0 {
		look.SetText(c.found, lang.L("Looking for voices …"), widget.LowImportance)
	}
	var voices []speech.Voice
	c.window.tasks.run(func(ctx context.Context) (err error) {
		voices, err = c.window.core.Voices(ctx)
		return err
	}, func(err error) {
		c.again.Enable()
		c.voices = words.Voices(voices).OwnFirst()
		c.voice.Offer(c.voices.IDs(), c.voiceName)
		c.voice.Set(c.window.core.Profile().Speech.Voice)
		look.SetShown(c.again, err != nil)
		look.SetEnabled(c.listen, err == nil)
		if err != nil {
			look.SetText(c.found, words.Error(err), widget.WarningImportance)
			return
		}
		look.SetText(c.found, lang.N("{{.N}} voices of this computer can read aloud what rules say.", len(voices), map[string]any{"N": words.Number(len(voices))}), widget.LowImportance)
	})
}

// preview reads the sample aloud. The button rests until it is over.
func (c *speechCard) preview() {
	if c.listen.Disabled() {
		return
	}
	text := trimmed(c.sample.Text)
	if text == "" {
		text = c.sample.PlaceHolder
	}
	c.listen.Disable()
	c.window.tasks.run(func(ctx context.Context) error {
		return c.window.core.PreviewSpeech(ctx, action.Speech{Text: text}, action.Fields{})
	}, func(err error) {
		c.listen.Enable()
		if err != nil {
			c.window.notice.warn(words.Error(err))
		}
	})
}

// percentSlider is a slider whose percentage stands beside it.
type percentSlider struct {
	slider *widget.Slider
	text   *widget.Label
	object fyne.CanvasObject
	shown  int
}

// newPercentSlider returns a slider. changed is called when the user has let it go at another place.
func newPercentSlider(least, most, step float64, changed func(int)) *percentSlider {
	p := &percentSlider{slider: widget.NewSlider(least, most), text: widget.NewLabel("")}
	p.slider.Step = step
	p.slider.OnChanged = func(v float64) { p.text.SetText(fmt.Sprintf("%.0f %%", v)) }
	p.slider.OnChangeEnded = func(v float64) {
		if n := int(v); n != p.shown {
			p.shown = n
			changed(n)
		}
	}
	p.object = container.New(look.Columns{Gap: 4, Cols: []look.Column{{Weight: 1}, {Width: 64}}}, p.slider, p.text)
	return p
}

func (p *percentSlider) show(n int) {
	p.shown = n // the slider tells of it as of a change
	p.slider.SetValue(float64(n))
	p.text.SetText(fmt.Sprintf("%d %%", n))
}

// unless returns v, or the zero value where it is the usual: a profile that never said it stays as it is.
func unless[T comparable](usual, v T) T {
	if v == usual {
		var zero T
		return zero
	}
	return v
}

// orUsual returns v, or the usual where it is the zero value.
func orUsual[T comparable](v, usual T) T {
	var zero T
	if v == zero {
		return usual
	}
	return v
}
