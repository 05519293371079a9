package look

import (
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/widget"
)

// Fields is a column of inputs: the name of each at its left, and below it what is wrong with it.
type Fields struct {
	// Object is what to show.
	Object fyne.CanvasObject

	rows     *fyne.Container
	problems []problemOf
}

// problemOf is the line below an input, and the key that the input is for.
type problemOf struct {
	key  string
	line *widget.Label
}

// NewFields returns an empty column.
func NewFields() *Fields {
	f := &Fields{rows: container.New(layout.NewFormLayout())}
	f.Object = f.rows
	return f
}

// Add appends an input. key tells which problems are its own.
func (f *Fields) Add(key, name string, input fyne.CanvasObject) {
	line := NewHint("")
	line.Hide()
	f.problems = append(f.problems, problemOf{key, line})
	f.rows.Add(widget.NewLabel(name))
	f.rows.Add(container.NewVBox(input, line))
}

// AddHint appends a line that belongs to the inputs above it.
func (f *Fields) AddHint(text string) {
	f.rows.Add(Gap(0, 0))
	f.rows.Add(NewHint(text))
}

// Has reports whether a problem with the key is shown beside one of the inputs.
func (f *Fields) Has(key string) bool {
	for _, p := range f.problems {
		if IsPart(key, p.key) {
			return true
		}
	}
	return false
}

// Say shows beside each input what problem says of its key; an empty text is no problem.
func (f *Fields) Say(problem func(key string) string) {
	isMoved := false
	for _, p := range f.problems {
		text := problem(p.key)
		isMoved = isMoved || p.line.Visible() != (text != "")
		SetText(p.line, text, widget.DangerImportance)
		SetShown(p.line, text != "")
	}
	if isMoved {
		f.rows.Refresh() // the rows have other heights now
	}
}

// IsPart reports whether a key is the other, or an entry of it: "args[1]" is part of "args".
func IsPart(key, of string) bool {
	rest, ok := strings.CutPrefix(key, of)
	return ok && (rest == "" || rest[0] == '[' || rest[0] == '.')
}
