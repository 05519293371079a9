package editor

import (
	"context"
	"fmt"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"github.com/livecue/livecue/core/action"
	"github.com/livecue/livecue/gui/look"
	"github.com/livecue/livecue/gui/words"
)

// bundledPrefix marks a sound that comes with the program.
const bundledPrefix = "bundled:"

// soundField edits which sound is played, and how loud.
type soundField struct {
	form    *form
	sound   *action.Sound
	choice  *widget.Select
	volume  *widget.Slider
	percent *widget.Label
	preview *widget.Button
	browse  *widget.Button
	object  fyne.CanvasObject
}

func newSoundField(f *form, sound *action.Sound) *soundField {
	s := &soundField{form: f, sound: sound, percent: widget.NewLabel("")}
	s.choice = widget.NewSelect(nil, nil)
	s.choice.PlaceHolder = lang.L("Choose a sound")
	s.showChoice()
	s.browse = widget.NewButtonWithIcon(lang.L("File …"), theme.FolderOpenIcon(), nil)
	s.browse.OnTapped = func() { s.form.page.openFile(s.browse, sounds(), s.choose) }
	s.preview = widget.NewButtonWithIcon(lang.L("Listen"), theme.MediaPlayIcon(), s.listen)
	s.volume = widget.NewSlider(1, 100)
	s.volume.Step = 1
	s.volume.Value = float64(s.level())
	s.volume.OnChanged = s.setVolume
	s.percent.SetText(fmt.Sprintf("%d %%", s.level()))
	s.object = container.NewVBox(
		container.NewBorder(nil, nil, nil, container.NewHBox(s.browse, s.preview), s.choice),
		container.New(look.Columns{Gap: 4, Cols: []look.Column{{}, {Weight: 1}, {Width: 64}}}, widget.NewLabel(lang.L("Volume")), s.volume, s.percent))
	return s
}

// level is the volume in percent.
func (s *soundField) level() int {
	if s.sound.Volume == 0 {
		return 100
	}
	return s.sound.Volume
}

func (s *soundField) setVolume(v float64) {
	s.sound.Volume = int(v)
	if s.sound.Volume == 100 {
		s.sound.Volume = 0 // as a sound that never said it
	}
	s.percent.SetText(fmt.Sprintf("%.0f %%", v))
	s.form.changed()
}

// showChoice lists the bundled sounds, and the file of the user's own where one is chosen.
func (s *soundField) showChoice() {
	names := s.form.page.core.Sounds()
	options := make([]string, 0, len(names)+1)
	for _, name := range names {
		options = append(options, lang.L("{{.Sound}} (bundled)", map[string]any{"Sound": name}))
	}
	isOwn := s.sound.File != "" && !strings.HasPrefix(s.sound.File, bundledPrefix)
	if isOwn {
		options = append(options, words.Sound(s.sound.File))
	}
	s.choice.OnChanged = nil
	s.choice.SetOptions(options)
	s.choice.ClearSelected()
	for i, name := range names {
		if s.sound.File == bundledPrefix+name {
			s.choice.SetSelectedIndex(i)
		}
	}
	if isOwn {
		s.choice.SetSelectedIndex(len(names))
	}
	s.choice.OnChanged = func(string) {
		if i := s.choice.SelectedIndex(); i >= 0 && i < len(names) {
			s.sound.File = bundledPrefix + names[i]
			s.form.changed()
		}
	}
}

func (s *soundField) choose(path string) {
	s.sound.File = path
	s.showChoice()
	s.form.changed()
}

// listen plays the sound as it is in the form. The button rests until it is decoded.
func (s *soundField) listen() {
	sound := *s.sound
	s.preview.Disable()
	s.form.page.host.Run(func(ctx context.Context) error { return s.form.page.core.Preview(ctx, sound) }, func(err error) {
		s.preview.Enable()
		if err != nil {
			s.form.page.host.Warn(words.Error(err))
		}
	})
}
