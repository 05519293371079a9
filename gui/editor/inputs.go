package editor

import (
	"strconv"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/dialog"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/storage"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"github.com/livecue/livecue/gui/look"
	"github.com/livecue/livecue/gui/words"
)

// line is a field for a short text.
func (f *form) line(text, usual string, changed func(string)) *look.Entry {
	e := look.NewEntry()
	e.SetPlaceHolder(usual)
	e.SetText(text)
	e.OnChanged = func(s string) { changed(s); f.changed() }
	return e
}

// text is a field for a text in which placeholders count, with a menu that inserts them.
func (f *form) text(text string, rows int, usual string, changed func(string)) fyne.CanvasObject {
	var e *look.Entry
	if rows > 1 {
		e = look.NewMultiLine(rows)
	} else {
		e = look.NewEntry()
	}
	e.SetPlaceHolder(usual)
	e.SetText(text)
	e.OnChanged = func(s string) { changed(s); f.changed() }
	return container.NewBorder(nil, nil, nil, f.placeholderButton(e), e)
}

// placeholderButton opens a menu of the placeholders that have a value with the rule's trigger; the one that is chosen is
// typed into e.
func (f *form) placeholderButton(e *look.Entry) *widget.Button {
	b := widget.NewButton("{ }", nil)
	b.OnTapped = func() {
		var items []*fyne.MenuItem
		for _, name := range placeholders(f.rule.Trigger.Kind) {
			items = append(items, fyne.NewMenuItem("{"+name+"}  –  "+words.Placeholder(name), func() { f.insert(e, "{"+name+"}") }))
		}
		f.page.menu(b, items...)
	}
	return b
}

// insert types a placeholder where the cursor of e is.
func (f *form) insert(e *look.Entry, placeholder string) {
	for _, r := range placeholder {
		e.TypedRune(r)
	}
	f.page.host.Window.Canvas().Focus(e)
}

// menu opens a menu below the right end of an object.
func (p *Page) menu(at fyne.CanvasObject, items ...*fyne.MenuItem) {
	popup := widget.NewPopUpMenu(fyne.NewMenu("", items...), p.host.Window.Canvas())
	popup.ShowAtRelativePosition(fyne.NewPos(at.Size().Width-popup.MinSize().Width, at.Size().Height), at)
}

// known is a field for a name that others may have used already: those can be chosen.
func (f *form) known(name string, names []string, changed func(string)) *look.Entry {
	e := f.line(name, "", changed)
	if len(names) == 0 {
		return e
	}
	b := plain(theme.MenuDropDownIcon(), nil)
	b.OnTapped = func() {
		var items []*fyne.MenuItem
		for _, k := range names {
			items = append(items, fyne.NewMenuItem(words.Clean(k, 60), func() { e.SetText(k) }))
		}
		f.page.menu(b, items...)
	}
	e.ActionItem = b
	return e
}

// seconds is a field for a time; usual is what holds when it is empty.
func (f *form) seconds(d duration, usual string, changed func(duration)) *look.Entry {
	e := seconds(d, func(d duration) { changed(d); f.changed() })
	e.SetPlaceHolder(usual)
	return e
}

func pictures() []string { return []string{".png", ".jpg", ".jpeg", ".gif", ".webp", ".svg"} }

func sounds() []string { return []string{".wav", ".mp3", ".ogg", ".flac"} }

// file is a field for a file, with a button that looks for one.
func (f *form) file(path string, endings []string, changed func(string)) fyne.CanvasObject {
	e := f.line(path, lang.L("none"), changed)
	b := widget.NewButtonWithIcon("", theme.FolderOpenIcon(), nil)
	b.OnTapped = func() { f.page.openFile(b, endings, e.SetText) }
	return container.NewBorder(nil, nil, nil, b, e)
}

// openFile asks for a file with one of the endings, or any when there are none. The button rests meanwhile.
func (p *Page) openFile(button *widget.Button, endings []string, choose func(path string)) {
	button.Disable()
	d := dialog.NewFileOpen(func(file fyne.URIReadCloser, err error) {
		if err != nil {
			p.host.Warn(words.Error(err))
			return
		}
		if file == nil {
			return // cancelled
		}
		path := file.URI().Path()
		if err := file.Close(); err != nil {
			p.host.Warn(words.Error(err))
		}
		choose(path)
	}, p.host.Window)
	if len(endings) > 0 {
		d.SetFilter(storage.NewExtensionFileFilter(endings))
	}
	d.SetOnClosed(button.Enable)
	d.Show()
}

// parseAmount reads a whole number that may be negative; what is none is handed on as one that no check lets through.
func parseAmount(text string) int64 {
	if text = strings.TrimSpace(text); text == "" {
		return 0
	}
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		return 1 << 62
	}
	return n
}
