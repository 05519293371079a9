package overlays

import (
	"fmt"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"github.com/livecue/livecue/core/overlay"
	"github.com/livecue/livecue/core/scoreboard"
	"github.com/livecue/livecue/gui/look"
	"github.com/livecue/livecue/gui/words"
)

const (
	// previewHeight is the same for all, so that the cards stand in rows.
	previewHeight = 84
	previewLines  = 3
	previewText   = 60 // graphemes of each text
)

// now is what is shown at one moment.
type now struct {
	shown    overlay.Shown
	counters []scoreboard.Counter
	timers   []scoreboard.Timer
}

// preview draws in small what a page shows now: its real names and numbers, in the window's own look.
type preview struct {
	name   string
	title  *widget.Label
	big    *widget.Label
	bar    *widget.ProgressBar
	left   [previewLines]*widget.Label
	right  [previewLines]*widget.Label
	lines  [previewLines]*fyne.Container
	empty  *widget.Label
	object fyne.CanvasObject
}

func newPreview(name string) *preview {
	v := &preview{name: name, title: look.NewNote(""), big: look.NewLine(""), bar: widget.NewProgressBar(), empty: look.NewNote("")}
	v.title.Alignment, v.big.Alignment, v.empty.Alignment = fyne.TextAlignCenter, fyne.TextAlignCenter, fyne.TextAlignCenter
	v.big.TextStyle.Bold, v.big.SizeName = true, theme.SizeNameSubHeadingText
	v.bar.TextFormatter = func() string { return "" } // the numbers stand above it, where they can be read
	lines := container.NewVBox()
	for i := range v.lines {
		v.left[i], v.right[i] = look.NewNote(""), look.NewNote("")
		v.left[i].Importance = widget.MediumImportance
		v.right[i].Alignment, v.right[i].Truncation = fyne.TextAlignTrailing, fyne.TextTruncateOff
		v.lines[i] = container.New(look.Columns{Gap: 4, Cols: []look.Column{{Weight: 1}, {}}}, v.left[i], v.right[i])
		lines.Add(v.lines[i])
	}
	body := look.NewCompact(container.New(layout.NewCustomPaddedVBoxLayout(0), layout.NewSpacer(), v.title, v.big, v.bar, lines, v.empty, layout.NewSpacer()))
	panel := look.NewPanel(look.ColorQuiet, container.NewStack(look.Gap(0, previewHeight), look.Pad(0, 8, body)))
	panel.Radius = 8
	v.object = panel
	return v
}

// line is one line of a list.
type line struct{ left, right string }

func (v *preview) show(n now) {
	title, big, empty := "", "", ""
	var lines []line
	reached := -1.0
	switch v.name {
	case overlay.PageAlert:
		big, empty = words.Clean(n.shown.Alert, previewText), lang.L("No alert just now")
	case overlay.PageGoal:
		title, big, reached = goal(n)
	case overlay.PageCounter:
		if empty = lang.L("There is no counter yet. Make one below."); len(n.counters) > 0 {
			title, big = words.Clean(n.counters[0].Name, previewText), words.Number(n.counters[0].Value)
		}
	case overlay.PageTimer:
		if empty = lang.L("There is no timer yet. Make one below."); len(n.timers) > 0 {
			title, big = words.Clean(n.timers[0].Name, previewText), clock(n.timers[0].Left)
		}
	default:
		lines, empty = list(v.name, n.shown)
	}
	v.set(title, big, empty, reached, lines)
}

// set shows what there is of these, and the word for nothing where there is none.
func (v *preview) set(title, big, empty string, reached float64, lines []line) {
	put := func(l *widget.Label, text string) {
		if l.Text != text {
			l.SetText(text)
		}
		look.SetShown(l, text != "")
	}
	put(v.title, title)
	put(v.big, big)
	if big != "" || len(lines) > 0 {
		empty = ""
	}
	put(v.empty, empty)
	look.SetShown(v.bar, reached >= 0)
	if reached >= 0 && v.bar.Value != reached {
		v.bar.SetValue(reached)
	}
	for i := range v.lines {
		look.SetShown(v.lines[i], i < len(lines))
		if i < len(lines) && (v.left[i].Text != lines[i].left || v.right[i].Text != lines[i].right) {
			v.left[i].SetText(lines[i].left)
			v.right[i].SetText(lines[i].right)
			v.lines[i].Refresh()
		}
	}
}

// goal returns the title of the profile's goal, its numbers, and how much of it is reached, from 0 to 1.
func goal(n now) (title, numbers string, reached float64) {
	g, value := n.shown.Goal, n.shown.Reached
	if name, isCounter := strings.CutPrefix(g.Of, "counter:"); isCounter {
		for _, c := range n.counters {
			if c.Name == name {
				value = c.Value
			}
		}
	}
	target := max(g.Target, 1)
	reached = min(max(float64(value)/float64(target), 0), 1)
	title = words.Clean(g.Title, previewText)
	if title == "" {
		title = measure(g.Of)
	}
	return title, words.Number(value) + " / " + words.Number(target) + fmt.Sprintf("   %.0f %%", reached*100), reached
}

// list returns the lines of a page that has several, and what to say where there are none.
func list(page string, s overlay.Shown) (lines []line, empty string) {
	clean := func(text string) string { return words.Clean(text, previewText) }
	switch page {
	case overlay.PageGifts:
		for _, g := range s.Gifts {
			lines = append(lines, line{closed(clean(g.Name)) + "  " + clean(g.Gift), "× " + words.Number(g.Count)})
		}
		return lines, lang.L("No gifts yet in this stream")
	case overlay.PageTop:
		for i, g := range s.Givers {
			lines = append(lines, line{fmt.Sprintf("%d  %s", i+1, clean(g.Name)), words.Number(g.Coins)})
		}
		return lines, lang.L("No gifts yet in this stream")
	case overlay.PageChat:
		for _, c := range s.Comments {
			lines = append(lines, line{left: closed(clean(c.Name)) + ": " + clean(c.Text)})
		}
		return lines, lang.L("No comments yet in this stream")
	}
	if s.Open[overlay.PageQueue] == 0 {
		return nil, lang.L("Shows what waits while the page is open")
	}
	for _, w := range s.Waiting {
		lines = append(lines, line{closed(clean(w.Name)) + "  " + clean(w.Rule), "× " + words.Number(w.Runs)})
	}
	return lines, lang.L("Nothing waits")
}

// closed ends a name that is written from right to left with the mark for left to right: without it, what is drawn behind the
// name has its spaces at the name's other side.
func closed(name string) string {
	if last, _ := utf8.DecodeLastRuneInString(name); unicode.In(last, unicode.Arabic, unicode.Hebrew, unicode.Syriac, unicode.Thaana, unicode.Nko) {
		return name + "\u200e"
	}
	return name
}

// clock writes a time that is left, as the page does.
func clock(left time.Duration) string {
	s := int((left + time.Second - 1) / time.Second)
	if s >= 3600 {
		return fmt.Sprintf("%d:%02d:%02d", s/3600, s/60%60, s%60)
	}
	return fmt.Sprintf("%d:%02d", s/60, s%60)
}
