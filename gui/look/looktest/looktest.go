// Package looktest finds the parts of a window in tests as a user would, by what is to be seen, and has a profile to show in it.
package looktest

import (
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/widget"

	"github.com/livecue/livecue/gui/look"
)

// All returns what is visible below o and is a T, in the order of drawing.
func All[T any](o fyne.CanvasObject) []T {
	var found []T
	walk(o, func(o fyne.CanvasObject) {
		if x, ok := o.(T); ok {
			found = append(found, x)
		}
	})
	return found
}

func walk(o fyne.CanvasObject, visit func(fyne.CanvasObject)) {
	if o == nil || !o.Visible() {
		return
	}
	visit(o)
	var children []fyne.CanvasObject
	switch o := o.(type) {
	case *fyne.Container:
		children = o.Objects
	case fyne.Widget:
		children = test.WidgetRenderer(o).Objects()
	}
	for _, child := range children {
		walk(child, visit)
	}
}

// Top is what the user can reach in a window: the dialog or menu on top, or else the content.
func Top(w fyne.Window) fyne.CanvasObject {
	if o := w.Canvas().Overlays().Top(); o != nil {
		return o
	}
	return w.Content()
}

// Button returns the visible button with the text; a test without it fails.
func Button(t testing.TB, o fyne.CanvasObject, text string) *widget.Button {
	t.Helper()
	for _, b := range All[*widget.Button](o) {
		if b.Text == text {
			return b
		}
	}
	t.Fatalf("no button %q; there is: %s", text, Texts(o))
	return nil
}

// Press presses a button that must be there and be enabled.
func Press(t testing.TB, o fyne.CanvasObject, text string) {
	t.Helper()
	b := Button(t, o, text)
	if b.Disabled() {
		t.Fatalf("the button %q is disabled; there is: %s", text, Texts(o))
	}
	test.Tap(b)
}

// Entry returns the visible field with the placeholder.
func Entry(t testing.TB, o fyne.CanvasObject, placeholder string) *look.Entry {
	t.Helper()
	for _, e := range All[*look.Entry](o) {
		if e.PlaceHolder == placeholder {
			return e
		}
	}
	t.Fatalf("no field %q; there is: %s", placeholder, Texts(o))
	return nil
}

// Choice returns the visible drop-down that offers the option.
func Choice(t testing.TB, o fyne.CanvasObject, option string) *widget.Select {
	t.Helper()
	for _, s := range All[*widget.Select](o) {
		for _, text := range s.Options {
			if text == option {
				return s
			}
		}
	}
	t.Fatalf("no choice with %q; there is: %s", option, Texts(o))
	return nil
}

// Texts returns all text that is visible below o, in one line.
func Texts(o fyne.CanvasObject) string {
	var texts []string
	walk(o, func(o fyne.CanvasObject) {
		switch o := o.(type) {
		case *widget.Label:
			texts = append(texts, o.Text)
		case *widget.Button:
			texts = append(texts, "["+o.Text+"]")
		case *look.Pill:
			texts = append(texts, o.Text())
		case *look.Chip:
			texts = append(texts, "("+o.Text()+")")
		case *look.Entry:
			texts = append(texts, "_"+o.Text+"_")
		case *canvas.Text:
			texts = append(texts, o.Text)
		}
	})
	return strings.Join(texts, " | ")
}

// Shows reports whether text is to be seen below o.
func Shows(o fyne.CanvasObject, text string) bool { return strings.Contains(Texts(o), text) }
