package gui

import (
	"fmt"
	"strconv"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"github.com/livecue/livecue/core/action/sound"
	"github.com/livecue/livecue/core/profile"
	"github.com/livecue/livecue/core/rehearsal"
	"github.com/livecue/livecue/gui/look"
	"github.com/livecue/livecue/gui/words"
)

// maxVoices is the most sounds at once that the choice offers; a profile may say more.
const maxVoices = 32

// settings is the page with the look, the sound, the speech, the rehearsals, and what there is to know of the program.
type settings struct {
	window *window

	theme   *widget.Select
	volume  *widget.Slider
	percent *widget.Label
	voices  *widget.Select
	sound   *widget.Label
	queue   *queueCard
	speech  *speechCard
	script  *widget.Select
	health  *widget.Label
	keys    *look.Toggle
	reach   *widget.Label
	trouble *widget.Label
	object  fyne.CanvasObject

	perMinute, perViewer *look.Pick[int]
}

func newSettings(w *window) *settings {
	s := &settings{window: w, percent: widget.NewLabel(""), sound: look.NewHint(""), health: look.NewProse(""), trouble: look.NewHint("")}
	s.queue = newQueueCard(s.change)
	s.speech = newSpeechCard(w, s.change)
	left := container.NewVBox(s.lookCard(), s.soundCard(), s.keysCard(), s.rehearsalCard(), s.profileCard())
	right := container.NewVBox(s.queue.object, s.speech.object, s.healthCard())
	title := container.NewBorder(nil, nil, look.NewTitle(lang.L("Settings")), s.version())
	s.object = container.NewVScroll(look.Narrow(1080, container.NewVBox(title, look.Fold(760, left, right))))
	return s
}

// themes are in the order of the choice.
func themes() []profile.Theme {
	return []profile.Theme{profile.ThemeSystem, profile.ThemeLight, profile.ThemeDark}
}

func themeName(t profile.Theme) string {
	switch t {
	case profile.ThemeLight:
		return lang.L("Light")
	case profile.ThemeDark:
		return lang.L("Dark")
	default:
		return lang.L("As the system")
	}
}

func (s *settings) lookCard() fyne.CanvasObject {
	var names []string
	for _, t := range themes() {
		names = append(names, themeName(t))
	}
	s.theme = widget.NewSelect(names, s.chooseTheme)
	head := container.New(look.Columns{Gap: 4, Cols: []look.Column{{Weight: 1}, {Width: 240}, {Width: 8}}},
		look.NewHeading(lang.L("Appearance")), s.theme, look.Gap(0, 0))
	return look.NewCard(container.NewVBox(head,
		look.NewHint(lang.L("The language follows your system: English or German."))))
}

func (s *settings) chooseTheme(name string) {
	for _, t := range themes() {
		if themeName(t) != name {
			continue
		}
		p := s.window.core.Profile()
		if p.Theme == t || p.Theme == "" && t == profile.ThemeSystem {
			return
		}
		p.Theme = t
		s.window.opts.Theme = ""
		s.store(p)
		s.window.setTheme(t)
	}
}

func (s *settings) soundCard() fyne.CanvasObject {
	s.volume = widget.NewSlider(1, 100)
	s.volume.Step = 1
	s.volume.OnChanged = func(v float64) { s.percent.SetText(fmt.Sprintf("%.0f %%", v)) }
	s.volume.OnChangeEnded = s.chooseVolume
	s.voices = widget.NewSelect(nil, s.chooseVoices)
	for n := 1; n <= maxVoices; n++ {
		s.voices.Options = append(s.voices.Options, strconv.Itoa(n))
	}
	silence := widget.NewButtonWithIcon(lang.L("Stop all sounds"), theme.VolumeMuteIcon(), s.window.core.StopSounds)
	row := container.New(look.Columns{Gap: 4, Cols: []look.Column{{}, {Weight: 1}, {Width: 60}}}, widget.NewLabel(lang.L("Volume")), s.volume, s.percent)
	bottom := container.NewBorder(nil, nil, nil, container.NewCenter(look.Inset(silence)), s.sound)
	return look.NewCard(container.NewVBox(look.NewHeading(lang.L("Sound")), row, s.soundLimits(), bottom))
}

// chooseVolume keeps the volume. The slider calls it when it is only shown, too.
func (s *settings) chooseVolume(v float64) {
	n := int(v)
	if n == 100 {
		n = 0 // as a profile that never said it
	}
	if p := s.window.core.Profile(); p.Sound.Volume != n {
		p.Sound.Volume = n
		s.store(p)
	}
}

// chooseVoices keeps how many sounds may be heard at once; the usual number is kept as by a profile that never said it.
func (s *settings) chooseVoices(string) {
	n := s.voices.SelectedIndex() + 1
	if n == sound.DefaultVoices {
		n = 0
	}
	p := s.window.core.Profile()
	p.Sound.Voices = n
	s.store(p)
}

// showVoices shows how many sounds may be heard at once, which may be more than the choice offers.
func (s *settings) showVoices(n int) {
	if n == 0 {
		n = sound.DefaultVoices
	}
	s.voices.Selected = strconv.Itoa(n)
	s.voices.Refresh()
}

func (s *settings) rehearsalCard() fyne.CanvasObject {
	var names []string
	for _, script := range rehearsal.Scripts() {
		names = append(names, scriptName(script))
	}
	s.script = widget.NewSelect(names, nil)
	s.script.SetSelectedIndex(0)
	start := widget.NewButtonWithIcon(lang.L("Rehearse"), look.Icon("rehearsal"), func() {
		s.window.rehearse(rehearsal.Scripts()[max(s.script.SelectedIndex(), 0)])
	})
	return look.NewCard(container.NewVBox(
		look.NewHeading(lang.L("Rehearsal")),
		look.NewHint(lang.L("Try your rules with made-up viewers. Commands go to a practice game server, not to yours.")),
		look.Inset(container.NewBorder(nil, nil, nil, start, s.script))))
}

// scriptName says what a rehearsal plays.
func scriptName(script string) string {
	switch script {
	case "first-steps":
		return lang.L("First steps: a bit of everything")
	case "gift-storm":
		return lang.L("Gift storm: hundreds of gifts a second")
	case "bad-day":
		return lang.L("Bad day: the connection breaks again and again")
	default:
		return script
	}
}

func (s *settings) healthCard() fyne.CanvasObject {
	more := widget.NewButtonWithIcon(lang.L("Diagnostics"), look.Icon("pulse"), func() { s.window.show(PageDiagnostics) })
	head := container.NewBorder(nil, nil, nil, more, look.NewHeading(lang.L("Health")))
	return look.NewCard(container.NewVBox(head, s.health, s.trouble))
}

func (s *settings) profileCard() fyne.CanvasObject {
	path := s.window.core.ProfilePath()
	shown := look.NewProse(path)
	shown.Wrapping = fyne.TextWrapBreak
	copyPath := widget.NewButtonWithIcon(lang.L("Copy path"), theme.ContentCopyIcon(), func() {
		s.window.app.Clipboard().SetContent(path)
		s.window.notice.say(lang.L("The path is copied."))
	})
	return look.NewCard(container.NewVBox(
		look.NewHeading(lang.L("Your profile")),
		look.NewHint(lang.L("Settings and rules are in one file that you can read, copy and share. Passwords are not in it.")),
		container.NewBorder(nil, nil, nil, container.NewCenter(look.Inset(copyPath)), shown)))
}

// version says which LiveCue this is.
func (s *settings) version() fyne.CanvasObject {
	version := s.window.opts.Version
	if version == "" {
		version = lang.L("development version")
	}
	note := look.NewNote(lang.L("Version {{.Version}}. Free software under the MIT licence.", map[string]any{"Version": version}))
	note.Truncation = fyne.TextTruncateOff
	return container.NewCenter(note)
}

// refresh shows what the profile says now.
func (s *settings) refresh() {
	p := s.window.core.Profile()
	s.theme.SetSelected(themeName(p.Theme))
	volume := p.Sound.Volume
	if volume == 0 {
		volume = 100
	}
	s.volume.SetValue(float64(volume))
	s.percent.SetText(fmt.Sprintf("%d %%", volume))
	s.showVoices(p.Sound.Voices)
	s.perMinute.Set(p.Sound.PerMinute)
	s.perViewer.Set(p.Sound.PerViewer)
	s.queue.show(p.Queue)
	s.showKeys(p)
	s.speech.show(p.Speech)
	s.showHealth()
}

// showHealth draws what changes while the page is open.
func (s *settings) showHealth() {
	h := s.window.core.Health()
	look.SetText(s.health, healthLine(h), widget.MediumImportance)
	text := lang.L("No trouble so far.")
	if len(h.Problems) > 0 {
		text = lang.L("Latest trouble:")
		for _, p := range h.Problems[:min(len(h.Problems), 8)] {
			text += "\n• " + words.Clean(words.Problem(p), 200)
		}
	}
	look.SetText(s.trouble, text, widget.LowImportance)
	problem, importance := lang.L("Sounds can be heard."), widget.LowImportance
	if reason := s.window.core.SoundProblem(); reason != "" {
		problem, importance = lang.L("No sound: {{.Detail}}", map[string]any{"Detail": words.Reported(reason)}), widget.WarningImportance
	}
	look.SetText(s.sound, problem, importance)
}

// change keeps what is changed in the profile.
func (s *settings) change(change func(*profile.Profile)) {
	p := s.window.core.Profile()
	change(&p)
	s.store(p)
}

func (s *settings) store(p profile.Profile) {
	if err := s.window.core.SetProfile(p); err != nil {
		s.window.notice.warn(words.Error(err))
	}
}
