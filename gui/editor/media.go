package editor

import (
	"context"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"github.com/livecue/livecue/core/action"
	"github.com/livecue/livecue/gui/look"
	"github.com/livecue/livecue/gui/words"
)

// The keys of an alert's files.
const (
	alertImage = "overlay.image"
	alertSound = "overlay.sound"
)

// alertFile is a file that an alert uses, and what for.
type alertFile struct{ key, path string }

// media is a field for a picture or a sound of an alert: one of the bundled ones, from a menu, or a file. What is wrong with it is
// found out at once.
func (f *form) media(in *look.Fields, key, name, path string, bundled, endings []string, changed func(string)) {
	e := f.line(path, lang.L("none"), func(s string) {
		changed(s)
		f.lookAt(alertFile{key, s})
	})
	choose := plain(theme.MenuDropDownIcon(), nil)
	choose.OnTapped = func() {
		items := []*fyne.MenuItem{fyne.NewMenuItem(lang.L("none"), func() { e.SetText("") })}
		for _, b := range bundled {
			label := lang.L("{{.Sound}} (bundled)", map[string]any{"Sound": b})
			items = append(items, fyne.NewMenuItem(label, func() { e.SetText(bundledPrefix + b) }))
		}
		f.page.menu(choose, items...)
	}
	e.ActionItem = choose
	b := widget.NewButtonWithIcon("", theme.FolderOpenIcon(), nil)
	b.OnTapped = func() { f.page.openFile(b, endings, e.SetText) }
	in.Add(key, name, container.NewBorder(nil, nil, nil, b, e))
	f.lookAt(alertFile{key, path})
}

// lookAt looks at a file of an alert, which may be on a slow disk, and then says what is wrong with it.
func (f *form) lookAt(file alertFile) {
	if file.path == "" {
		return
	}
	o := action.Overlay{Image: file.path}
	if file.key == alertSound {
		o = action.Overlay{Sound: file.path}
	}
	var found error
	f.page.host.Run(func(context.Context) error {
		found = f.page.core.CheckOverlay(o)
		return nil
	}, func(error) {
		f.page.alerts[file] = found
		if f.page.form == f {
			f.validate()
		}
	})
}

// alertError says what is wrong with a file of an alert, once that is known.
func (f *form) alertError(o *action.Overlay, key string) string {
	if o == nil {
		return ""
	}
	file := alertFile{key, o.Image}
	if key == alertSound {
		file.path = o.Sound
	}
	if err := f.page.alerts[file]; err != nil {
		return words.Alert(err)
	}
	return ""
}
