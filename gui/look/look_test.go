package look_test

import (
	"image/color"
	"io/fs"
	"os"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"github.com/livecue/livecue/gui/look"
	"github.com/livecue/livecue/gui/look/looktest"
)

// contrast is the ratio of WCAG: 4.5 is what text needs to be read with ease, 3 what large text and pictures need.
func contrast(a, b color.Color) float64 {
	la, lb := luminance(a), luminance(b)
	return (max(la, lb) + 0.05) / (min(la, lb) + 0.05)
}

func luminance(c color.Color) float64 {
	r, g, b, _ := c.RGBA()
	linear := func(v uint32) float64 {
		f := float64(v) / 0xffff
		if f <= 0.03928 {
			return f / 12.92
		}
		f = (f + 0.055) / 1.055
		return f * f * (0.6 + 0.4*f) // near enough to the power of 2.4
	}
	return 0.2126*linear(r) + 0.7152*linear(g) + 0.0722*linear(b)
}

func TestColoursCanBeRead(t *testing.T) {
	pairs := []struct {
		ink, ground fyne.ThemeColorName
		least       float64
	}{
		{theme.ColorNameForeground, theme.ColorNameBackground, 7},
		{theme.ColorNameForeground, look.ColorCard, 7},
		{theme.ColorNameForeground, look.ColorAccentSoft, 7},
		{theme.ColorNamePlaceHolder, look.ColorCard, 4.5},
		{theme.ColorNamePlaceHolder, look.ColorQuiet, 4.5},
		{theme.ColorNameDisabled, look.ColorCard, 4},
		{theme.ColorNameSuccess, look.ColorCard, 4.5},
		{theme.ColorNameWarning, look.ColorCard, 4.5},
		{theme.ColorNameError, look.ColorCard, 4.5},
		{theme.ColorNamePrimary, look.ColorCard, 4},
		{look.ColorCoin, look.ColorCard, 4},
		{theme.ColorNameForegroundOnPrimary, theme.ColorNamePrimary, 4.5},
		{theme.ColorNameForegroundOnError, theme.ColorNameError, 4.5},
		{theme.ColorNameForegroundOnWarning, theme.ColorNameWarning, 4.5},
	}
	for _, mode := range []look.Mode{look.ModeLight, look.ModeDark} {
		th := look.NewTheme(mode)
		for _, p := range pairs {
			ink, ground := th.Color(p.ink, 0), th.Color(p.ground, 0)
			if got := contrast(ink, ground); got < p.least {
				t.Errorf("%s: %s on %s has a contrast of %.1f, want %.1f", mode, p.ink, p.ground, got, p.least)
			}
		}
	}
}

func TestModeStandsAboveTheSystem(t *testing.T) {
	dark, system := look.NewTheme(look.ModeDark), look.NewTheme(look.ModeSystem)
	if dark.Color(theme.ColorNameBackground, theme.VariantLight) != system.Color(theme.ColorNameBackground, theme.VariantDark) {
		t.Error("dark is not dark on a light system")
	}
	if system.Color(theme.ColorNameBackground, theme.VariantLight) == system.Color(theme.ColorNameBackground, theme.VariantDark) {
		t.Error("the system's variant makes no difference")
	}
}

func TestEveryIconIsDrawn(t *testing.T) {
	test.NewTempApp(t)
	names, err := fs.Glob(os.DirFS("icons"), "*.svg")
	if err != nil || len(names) < 10 {
		t.Fatalf("%d icons: %v", len(names), err)
	}
	for _, file := range names {
		name := strings.TrimSuffix(file, ".svg")
		w := test.NewTempWindow(t, container.NewGridWrap(fyne.NewSquareSize(32), widget.NewIcon(look.Icon(name))))
		img := w.Canvas().Capture()
		ground, ink := img.At(0, 0), 0
		for x := range img.Bounds().Dx() {
			for y := range img.Bounds().Dy() {
				if img.At(x, y) != ground {
					ink++
				}
			}
		}
		if ink < 60 {
			t.Errorf("%s draws %d pixels", name, ink)
		}
	}
}

func TestToggleByMouseAndKeyboard(t *testing.T) {
	test.NewTempApp(t)
	var changes []bool
	tg := look.NewToggle(false, func(on bool) { changes = append(changes, on) })
	test.NewTempWindow(t, tg)
	test.Tap(tg)
	tg.TypedKey(&fyne.KeyEvent{Name: fyne.KeySpace})
	tg.TypedKey(&fyne.KeyEvent{Name: fyne.KeyTab})
	tg.Set(true)
	if !tg.On() || len(changes) != 2 || !changes[0] || changes[1] {
		t.Errorf("on = %v after %v", tg.On(), changes)
	}
}

func TestChipByMouseAndKeyboard(t *testing.T) {
	test.NewTempApp(t)
	changes := 0
	c := look.NewChip("Gifts", "gift", true, func(bool) { changes++ })
	test.NewTempWindow(t, c)
	test.Tap(c)
	if c.On() {
		t.Error("a tap does not switch it off")
	}
	c.TypedKey(&fyne.KeyEvent{Name: fyne.KeySpace})
	if !c.On() || changes != 2 {
		t.Errorf("on = %v after %d changes", c.On(), changes)
	}
}

func TestEntryHandsShortcutsOn(t *testing.T) {
	test.NewTempApp(t)
	e := look.NewEntry()
	w := test.NewTempWindow(t, e)
	w.Canvas().Focus(e)
	stop := &desktop.CustomShortcut{KeyName: fyne.KeyP, Modifier: fyne.KeyModifierControl | fyne.KeyModifierShift}
	stopped := false
	w.Canvas().AddShortcut(stop, func(fyne.Shortcut) { stopped = true })
	e.TypedShortcut(stop)
	if !stopped {
		t.Error("the window's shortcut was swallowed")
	}
	test.Type(e, "text")
	e.TypedShortcut(&fyne.ShortcutSelectAll{})
	if e.SelectedText() != "text" {
		t.Errorf("the field's own shortcuts are lost: %q is selected", e.SelectedText())
	}
}

func TestColumnsShareWhatIsLeft(t *testing.T) {
	boxes := []fyne.CanvasObject{look.Gap(10, 10), look.Gap(5, 10), look.Gap(5, 30), look.Gap(20, 10)}
	c := container.New(look.Columns{Gap: 10, Cols: []look.Column{{Width: 50}, {Weight: 1}, {Weight: 3}, {}}}, boxes...)
	c.Resize(fyne.NewSize(300, 40))
	widths := []float32{50, 50, 150, 20}
	x := float32(0)
	for i, b := range boxes {
		if b.Size().Width != widths[i] || b.Position().X != x {
			t.Errorf("column %d is %v wide at %v, want %v at %v", i, b.Size().Width, b.Position().X, widths[i], x)
		}
		x += widths[i] + 10
		if middle := b.Position().Y + b.Size().Height/2; middle != 20 {
			t.Errorf("column %d has its middle at %v", i, middle)
		}
	}
	if got := c.MinSize(); got != fyne.NewSize(110, 30) {
		t.Errorf("MinSize = %v", got)
	}
}

func TestAskCallsOnlyOnYes(t *testing.T) {
	test.NewTempApp(t)
	w := test.NewTempWindow(t, widget.NewLabel(""))
	w.Resize(fyne.NewSize(600, 400))
	asked := 0
	q := look.Question{Title: "Really?", Text: "It will be gone.", Yes: "Delete", No: "Keep", Danger: true, OnYes: func() { asked++ }}
	look.Ask(q, w)
	looktest.Press(t, looktest.Top(w), "Keep")
	if asked != 0 || w.Canvas().Overlays().Top() != nil {
		t.Fatalf("asked = %d after no", asked)
	}
	look.Ask(q, w)
	looktest.Press(t, looktest.Top(w), "Delete")
	if asked != 1 || w.Canvas().Overlays().Top() != nil {
		t.Fatalf("asked = %d after yes", asked)
	}
}
