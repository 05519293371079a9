package editor

import (
	"strconv"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"github.com/livecue/livecue/core/action"
	"github.com/livecue/livecue/core/profile"
	"github.com/livecue/livecue/gui/look"
	"github.com/livecue/livecue/gui/words"
)

// card edits one action.
type card struct {
	list  *actionList
	index int

	repeat, delay *look.Entry
	perGift       *widget.Check
	problem       *widget.Label
	// Of these, only what belongs to the action's kind is set.
	command *commandField
	sound   *soundField
	pool    *poolField
	fields  *look.Fields
	object  fyne.CanvasObject
}

func newCard(l *actionList, index int) *card {
	c := &card{list: l, index: index, problem: look.NewHint("")}
	c.problem.Hide()
	c.object = look.NewCard(container.NewVBox(c.head(), c.body(), c.timing(), c.problem))
	return c
}

// spec is the action in the form's rule.
func (c *card) spec() *action.Spec { return &(*c.list.specs)[c.index] }

func (c *card) head() fyne.CanvasObject {
	up := plain(theme.MoveUpIcon(), func() { c.list.move(c.index, -1) })
	down := plain(theme.MoveDownIcon(), func() { c.list.move(c.index, 1) })
	double := plain(theme.ContentCopyIcon(), func() { c.list.copy(c.index) })
	remove := plain(theme.DeleteIcon(), func() { c.list.remove(c.index) })
	look.SetEnabled(up, c.index > 0)
	look.SetEnabled(down, c.index < len(*c.list.specs)-1)
	kind := c.spec().Kind()
	title := look.NewStrong(strconv.Itoa(c.index+1) + ". " + words.ActionKind(kind))
	icon := container.NewGridWrap(fyne.NewSquareSize(18), widget.NewIcon(look.IconIn(kindIcon(kind), theme.ColorNamePrimary)))
	columns := look.Columns{Gap: 4, Cols: []look.Column{{}, {Weight: 1}, {}, {}, {}, {}}}
	return container.New(columns, icon, title, up, down, double, remove)
}

// body is what the action's kind asks for.
func (c *card) body() fyne.CanvasObject {
	f, spec := c.list.form, c.spec()
	switch spec.Kind() {
	case action.KindSound:
		c.sound = newSoundField(f, spec.Sound)
		return c.sound.object
	case action.KindRCON:
		c.command = newCommandField(f, spec.RCON)
		return c.command.object
	case action.KindPool:
		c.pool = newPoolField(c.list, spec.Pool)
		return c.pool.object
	case "":
		return look.NewHint(lang.L("This action was made by hand in the file, and LiveCue does not know its kind."))
	}
	c.fields = look.NewFields()
	switch spec.Kind() {
	case action.KindOverlay:
		f.overlay(c.fields, spec.Overlay)
	case action.KindSpeech:
		f.speech(c.fields, spec.Speech)
	case action.KindOBS:
		f.obs(c.fields, spec.OBS, c.list.showCards)
	case action.KindCounter:
		f.counter(c.fields, spec.Counter)
	case action.KindTimer:
		f.timer(c.fields, spec.Timer, c.list.showCards)
	case action.KindRun:
		f.run(c.fields, spec.Run)
	case action.KindHTTP:
		f.web(c.fields, spec.HTTP)
	case action.KindProgram:
		f.program(c.fields, spec.Program, c.list.showCards)
	}
	return c.fields.Object
}

// timing asks how often and when.
func (c *card) timing() fyne.CanvasObject {
	spec, f := c.spec(), c.list.form
	c.repeat = look.NewEntry()
	c.repeat.SetText(strconv.Itoa(max(spec.Repeat, 1)))
	c.repeat.OnChanged = func(text string) {
		n := parseNumber(text)
		switch n {
		case 0:
			n = -1 // empty is no number of times
		case 1:
			n = 0 // as an action that never said it
		}
		spec.Repeat = n
		f.changed()
	}
	c.delay = seconds(spec.Delay, func(d duration) { spec.Delay = d; f.changed() })
	row := container.New(look.Columns{Gap: 2, Cols: []look.Column{{}, {Width: 56}, {}, {}, {Width: 56}, {}, {Weight: 1}}},
		widget.NewLabel(lang.L("Do it")), c.repeat, widget.NewLabel(lang.L("times")),
		widget.NewLabel(lang.L("after")), c.delay, widget.NewLabel(lang.L("seconds")), look.Gap(0, 0))
	if !f.isGift() {
		return row
	}
	c.perGift = widget.NewCheck(lang.L("once more for each gift of the streak"), func(on bool) { spec.PerGift = on; f.changed() })
	c.perGift.Checked = spec.PerGift
	return container.NewVBox(row, c.perGift)
}

// say shows what is wrong with the action, or what is odd and still works: beside the input that it is about, or else below
// all of them.
func (c *card) say(issues []profile.Issue, prefix string) {
	if c.fields != nil {
		c.fields.Say(func(key string) string {
			if text := errorAt(issues, prefix+"."+key); text != "" {
				return text
			}
			return c.list.form.alertError(c.spec().Overlay, key)
		})
	}
	if c.pool != nil {
		c.pool.say(issues, prefix)
	}
	var wrong, odd []string
	for _, i := range issues {
		key, isOurs := strings.CutPrefix(i.Field, prefix)
		switch key = strings.TrimPrefix(key, "."); {
		case !isOurs || c.pool != nil && c.pool.has(key):
		case i.Severity == profile.SeverityWarning:
			odd = append(odd, words.Issue(i))
		case len(wrong) == 0 && (c.fields == nil || !c.fields.Has(key)):
			wrong = append(wrong, words.Issue(i))
		}
	}
	if found := c.found(prefix); len(wrong) == 0 && found != "" {
		wrong = append(wrong, found)
	}
	text, importance := strings.Join(wrong, " "), widget.DangerImportance
	if text == "" {
		text, importance = strings.Join(odd, " "), widget.WarningImportance
	}
	look.SetText(c.problem, text, importance)
	look.SetShown(c.problem, text != "")
}

// found is what the last check of everything has found about the action.
func (c *card) found(prefix string) string {
	f := c.list.form
	if c.spec().Overlay != nil {
		return "" // said beside its inputs
	}
	return f.page.found.about(f.rule, prefix)
}

// errorAt returns the words of the first error of a key or of an entry of it, or "".
func errorAt(issues []profile.Issue, key string) string {
	for _, i := range issues {
		if i.Severity == profile.SeverityError && look.IsPart(i.Field, key) {
			return words.Issue(i)
		}
	}
	return ""
}
