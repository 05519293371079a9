package overlays

import (
	"errors"
	"slices"
	"strconv"
	"strings"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/dialog"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"github.com/livecue/livecue/core/action"
	"github.com/livecue/livecue/core/scoreboard"
	"github.com/livecue/livecue/gui/look"
	"github.com/livecue/livecue/gui/words"
)

// nameLength is how much of a name is shown, in graphemes.
const nameLength = 40

// board has the counters and timers, and changes them.
type board struct {
	core Core
	host look.Host

	counters, timers []string // the names of the rows, in their order
	values, clocks   []*widget.Label
	runs             []*widget.Button
	counterRows      *fyne.Container
	timerRows        *fyne.Container
	noCounter        *widget.Label
	noTimer          *widget.Label
	object           fyne.CanvasObject
}

func newBoard(core Core, host look.Host) *board {
	b := &board{core: core, host: host, counterRows: container.NewVBox(), timerRows: container.NewVBox()}
	b.noCounter = look.NewHint(lang.L("None yet. Add one, or let a rule make it with the action Counter."))
	b.noTimer = look.NewHint(lang.L("None yet. Add one, or let a rule make it with the action Timer."))
	counters := container.NewVBox(look.NewHeading(lang.L("Counters")), b.noCounter, b.counterRows,
		b.adder(lang.L("Name of a new counter"), func(name string) error { return core.SetCounter(name, 0) }))
	timers := container.NewVBox(look.NewHeading(lang.L("Timers")), b.noTimer, b.timerRows,
		b.adder(lang.L("Name of a new timer"), func(name string) error { return core.ChangeTimer(name, action.TimerSet, 5*time.Minute) }))
	b.object = look.NewCard(look.Fold(foldBelow, counters, timers))
	return b
}

// adder is a field for a name, and the button that makes something of it.
func (b *board) adder(placeholder string, add func(name string) error) fyne.CanvasObject {
	name := look.NewEntry()
	name.SetPlaceHolder(placeholder)
	do := func() {
		if text := strings.TrimSpace(name.Text); text != "" && b.did(add(text)) {
			name.SetText("")
		}
	}
	name.OnSubmitted = func(string) { do() }
	button := widget.NewButtonWithIcon(lang.X("make a counter or a timer", "Add"), theme.ContentAddIcon(), do)
	return look.Inset(container.NewBorder(nil, nil, nil, button, name))
}

// did tells why something could not be done, and shows how the board stands.
func (b *board) did(err error) bool {
	if err != nil {
		b.host.Warn(words.Error(err))
	}
	b.show(b.core.Counters(), b.core.Timers())
	return err == nil
}

func (b *board) show(counters []scoreboard.Counter, timers []scoreboard.Timer) {
	var counterNames, timerNames []string
	for _, c := range counters {
		counterNames = append(counterNames, c.Name)
	}
	for _, t := range timers {
		timerNames = append(timerNames, t.Name)
	}
	if !slices.Equal(counterNames, b.counters) {
		b.counters = counterNames
		b.makeCounters()
	}
	if !slices.Equal(timerNames, b.timers) {
		b.timers = timerNames
		b.makeTimers()
	}
	look.SetShown(b.noCounter, len(counters) == 0)
	look.SetShown(b.noTimer, len(timers) == 0)
	for i, c := range counters {
		look.SetText(b.values[i], words.Number(c.Value), widget.MediumImportance)
	}
	for i, t := range timers {
		look.SetText(b.clocks[i], clock(t.Left), widget.MediumImportance)
		icon := theme.MediaPlayIcon()
		if t.Running {
			icon = theme.MediaPauseIcon()
		}
		if b.runs[i].Icon.Name() != icon.Name() {
			b.runs[i].SetIcon(icon)
		}
	}
}

func number() *widget.Label {
	l := widget.NewLabelWithStyle("", fyne.TextAlignTrailing, fyne.TextStyle{Bold: true})
	return l
}

func (b *board) makeCounters() {
	b.counterRows.RemoveAll()
	b.values = nil
	for _, name := range b.counters {
		value := number()
		b.values = append(b.values, value)
		add := func(by int64) func() {
			return func() { b.did(b.core.SetCounter(name, b.counter(name)+by)) }
		}
		b.counterRows.Add(row(name, value,
			widget.NewButton("-1", add(-1)), widget.NewButton("+1", add(1)),
			widget.NewButton(lang.X("give a number", "Set …"), func() { b.askCounter(name) }),
			widget.NewButton(lang.X("start again at nothing", "To 0"), func() { b.did(b.core.SetCounter(name, 0)) }),
			widget.NewButtonWithIcon("", theme.DeleteIcon(), func() { b.askRemove(name, b.core.RemoveCounter) })))
	}
}

func (b *board) makeTimers() {
	b.timerRows.RemoveAll()
	b.clocks, b.runs = nil, nil
	for _, name := range b.timers {
		left, run := number(), widget.NewButtonWithIcon("", theme.MediaPlayIcon(), func() { b.toggle(name) })
		b.clocks, b.runs = append(b.clocks, left), append(b.runs, run)
		add := func(by time.Duration) func() {
			return func() { b.did(b.core.ChangeTimer(name, action.TimerAdd, by)) }
		}
		b.timerRows.Add(row(name, left, run,
			widget.NewButton(lang.L("-1 min"), add(-time.Minute)), widget.NewButton(lang.L("+1 min"), add(time.Minute)),
			widget.NewButton(lang.X("give a number", "Set …"), func() { b.askTimer(name) }),
			widget.NewButtonWithIcon("", theme.DeleteIcon(), func() { b.askRemove(name, b.core.RemoveTimer) })))
	}
}

func row(name string, rest ...fyne.CanvasObject) fyne.CanvasObject {
	columns := look.Columns{Gap: 3, Cols: []look.Column{{Weight: 1}}}
	return look.NewCompact(container.New(columns, append([]fyne.CanvasObject{look.NewLine(words.Clean(name, nameLength))}, rest...)...))
}

// counter is what a counter stands at now: a rule may have changed it since it was shown.
func (b *board) counter(name string) int64 {
	for _, c := range b.core.Counters() {
		if c.Name == name {
			return c.Value
		}
	}
	return 0
}

// toggle lets a timer run, or stand.
func (b *board) toggle(name string) {
	do := action.TimerStart
	for _, t := range b.core.Timers() {
		if t.Name == name && t.Running {
			do = action.TimerPause
		}
	}
	b.did(b.core.ChangeTimer(name, do, 0))
}

func (b *board) askRemove(name string, remove func(string)) {
	look.Ask(look.Question{
		Title: lang.L("Remove {{.Name}}?", map[string]any{"Name": words.Clean(name, nameLength)}),
		Text:  lang.L("Pages that show it have nothing to show then. A rule that changes it makes it anew."),
		Yes:   lang.L("Remove"), No: lang.X("leave as it is", "Keep"), Danger: true,
		OnYes: func() {
			remove(name)
			b.did(nil)
		},
	}, b.host.Window)
}

func (b *board) askCounter(name string) {
	b.ask(name, lang.L("Number"), strconv.FormatInt(b.counter(name), 10), func(text string) error {
		_, err := strconv.ParseInt(strings.TrimSpace(text), 10, 64)
		if err != nil {
			return errors.New(lang.L("a whole number, such as 12"))
		}
		return nil
	}, func(text string) error {
		n, err := strconv.ParseInt(strings.TrimSpace(text), 10, 64)
		if err != nil {
			return err
		}
		return b.core.SetCounter(name, n)
	})
}

func (b *board) askTimer(name string) {
	text := clock(0)
	for _, t := range b.core.Timers() {
		if t.Name == name {
			text = clock(t.Left)
		}
	}
	b.ask(name, lang.L("Time"), text, func(text string) error {
		_, err := parseClock(text)
		return err
	}, func(text string) error {
		left, err := parseClock(text)
		if err != nil {
			return err
		}
		return b.core.ChangeTimer(name, action.TimerSet, left)
	})
}

// ask lets the user type a value for name.
func (b *board) ask(name, field, text string, check, set func(string) error) {
	entry := look.NewEntry()
	entry.SetText(text)
	entry.Validator = check
	item := widget.NewFormItem(field, look.Wide(220, entry))
	form := dialog.NewForm(words.Clean(name, nameLength), lang.X("take the value", "Set"), lang.X("leave a dialog", "Cancel"), []*widget.FormItem{item}, func(isSet bool) {
		if isSet {
			b.did(set(entry.Text))
		}
	}, b.host.Window)
	entry.OnSubmitted = func(string) { form.Submit() }
	form.Show()
	b.host.Window.Canvas().Focus(entry)
}

// parseClock reads a time as the clock writes it, such as 1:30:00 or 5:00; a number alone is minutes.
func parseClock(text string) (time.Duration, error) {
	wrong := errors.New(lang.L("a time such as 5:00 or 1:30:00; a number alone is minutes"))
	parts := strings.Split(strings.TrimSpace(text), ":")
	if len(parts) > 3 {
		return 0, wrong
	}
	total, most := int64(0), int64(scoreboard.MaxTime/time.Second)
	for _, part := range parts {
		n, err := strconv.ParseInt(part, 10, 32)
		if err != nil || n < 0 {
			return 0, wrong
		}
		total = total*60 + n
	}
	if len(parts) == 1 {
		total *= 60
	}
	if total > most {
		return 0, wrong
	}
	return time.Duration(total) * time.Second, nil
}
