package editor

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"github.com/livecue/livecue/core/profile"
	"github.com/livecue/livecue/core/rule"
	"github.com/livecue/livecue/gui/look"
	"github.com/livecue/livecue/gui/words"
)

// whenForm edits the trigger of a rule: only the fields of its kind are shown.
type whenForm struct {
	form *form
	// touched says that the user has changed something: before that, what is missing in a new rule is no mistake.
	touched bool

	kind       *widget.Select
	fields     *fyne.Container
	conditions *conditionList
	problem    *widget.Label
	object     fyne.CanvasObject
}

func newWhenForm(f *form) *whenForm {
	w := &whenForm{form: f, touched: !f.isNew, fields: container.NewVBox(), problem: look.NewHint("")}
	var names []string
	for _, k := range rule.TriggerKinds() {
		names = append(names, words.TriggerKind(k))
	}
	w.kind = widget.NewSelect(names, nil)
	w.kind.SetSelected(words.TriggerKind(f.rule.Trigger.Kind))
	w.kind.OnChanged = w.chooseKind
	w.problem.Hide()
	w.object = container.NewVBox(w.kind, w.fields, w.problem, w.conditionsItem(), w.waiting())
	w.showFields()
	return w
}

func (w *whenForm) chooseKind(string) {
	k := rule.TriggerKinds()[max(w.kind.SelectedIndex(), 0)]
	if k == w.form.rule.Trigger.Kind {
		return
	}
	w.form.rule.Trigger, w.form.learn = rule.Trigger{Kind: k}, nil
	switch k {
	case rule.OnLikes, rule.OnViewerLikes:
		w.form.rule.Trigger.Every = 100
	case rule.OnGoal:
		w.form.rule.Trigger.Every = 1000
	case rule.OnViewers:
		w.form.rule.Trigger.Every = 50
	case rule.OnTimer:
		w.form.rule.Trigger.Interval = duration(10 * time.Minute)
	case rule.OnGift, rule.OnAnyGift:
	default:
		w.form.rule.Streak = ""
	}
	w.showFields()
	w.form.then.showCards()
	w.form.changed()
	isBlank := []rule.TriggerKind{rule.OnGift, rule.OnCommand, rule.OnKeyword, rule.OnHotkey, rule.OnSignal, rule.OnData}
	w.touched = !slices.Contains(isBlank, k)
	w.form.validate()
}

func (w *whenForm) showFields() {
	w.fields.RemoveAll()
	switch w.form.rule.Trigger.Kind {
	case rule.OnGift:
		w.fields.Add(newGiftField(w.form).object)
		w.fields.Add(w.streak())
	case rule.OnAnyGift:
		w.fields.Add(w.coins())
		w.fields.Add(w.streak())
	case rule.OnGoal:
		w.fields.Add(w.goal())
	case rule.OnLikes:
		w.fields.Add(w.milestone(lang.L("likes in the stream")))
	case rule.OnViewerLikes:
		w.fields.Add(w.milestone(lang.L("likes of one viewer")))
	case rule.OnViewers:
		w.fields.Add(w.milestone(lang.L("viewers")))
	case rule.OnFirst:
		w.fields.Add(w.first())
	case rule.OnTimer:
		w.fields.Add(w.timer())
	case rule.OnKeyword:
		w.fields.Add(w.keyword())
	case rule.OnSignal:
		w.fields.Add(w.signal())
	case rule.OnData:
		w.fields.Add(w.data())
	case rule.OnParticipant, rule.OnSpeaks:
		w.fields.Add(look.NewHint(lang.L("In the LiveKit room that is set under Connections. {nickname} is their name.")))
	case rule.OnHotkey:
		w.fields.Add(w.hotkey())
	case rule.OnButton:
		w.fields.Add(look.NewHint(lang.L("Press the button in the list of rules.")))
	case rule.OnCommand:
		w.fields.Add(w.command())
	case rule.OnJoin:
		w.fields.Add(look.NewHint(lang.L("In a big stream many viewers join: a pause below keeps it calm.")))
	}
	w.fields.Add(w.cooldown())
	w.fields.Add(w.group())
	w.fields.Refresh()
}

func (w *whenForm) command() fyne.CanvasObject {
	word := look.NewEntry()
	word.SetPlaceHolder("!zombie")
	word.SetText(w.form.rule.Trigger.Command)
	word.OnChanged = func(text string) { w.form.rule.Trigger.Command = strings.TrimSpace(text); w.form.changed() }
	least := number(w.form.rule.Trigger.MinArgs, func(n int) { w.form.rule.Trigger.MinArgs = n; w.form.changed() })
	least.SetPlaceHolder("0")
	return container.NewVBox(
		container.NewBorder(nil, nil, widget.NewLabel(lang.L("First word")), nil, word),
		sentence(lang.L("at least"), least, lang.L("words must follow")),
		look.NewHint(lang.L("What follows the word is {args} in commands.")))
}

func (w *whenForm) coins() fyne.CanvasObject {
	t := &w.form.rule.Trigger
	low := number(t.MinCoins, func(n int) { t.MinCoins = n; w.form.changed() })
	high := number(t.MaxCoins, func(n int) { t.MaxCoins = n; w.form.changed() })
	low.SetPlaceHolder("0")
	high.SetPlaceHolder(lang.L("no limit"))
	return container.NewVBox(
		container.New(look.Columns{Gap: 4, Cols: []look.Column{{}, {Weight: 1}, {}, {Weight: 1}, {}}},
			widget.NewLabel(lang.X("lower bound", "from")), low, widget.NewLabel(lang.X("upper bound", "to")), high, widget.NewLabel(lang.L("coins"))),
		look.NewHint(lang.L("The price of one gift counts, not of the whole streak.")))
}

// streak asks when a streak of gifts fires, in plain words.
func (w *whenForm) streak() fyne.CanvasObject {
	modes := []rule.StreakMode{rule.StreakEnd, rule.StreakGrowth, rule.StreakOnce}
	var names []string
	for _, m := range modes {
		names = append(names, words.Streak(m))
	}
	choice := widget.NewSelect(names, nil)
	choice.SetSelected(words.Streak(w.form.rule.Streak))
	choice.OnChanged = func(string) {
		w.form.rule.Streak = modes[max(choice.SelectedIndex(), 0)]
		if w.form.rule.Streak == rule.StreakEnd {
			w.form.rule.Streak = "" // as a rule that never said it
		}
		w.form.changed()
	}
	return container.NewVBox(section(lang.L("If a viewer taps the gift many times in a row")), choice)
}

// cooldown asks for the pause after the rule has fired.
func (w *whenForm) cooldown() fyne.CanvasObject {
	scope := pickOf(rule.CooldownScopes(), rule.CooldownAll, w.form.rule.CooldownPer, words.CooldownScope, func(c rule.CooldownScope) {
		w.form.rule.CooldownPer = c
		w.form.changed()
	})
	pause := seconds(w.form.rule.Cooldown, func(d duration) { w.form.rule.Cooldown = d; w.form.changed() })
	return container.NewVBox(
		section(lang.L("Pause after it has fired")),
		container.New(look.Columns{Gap: 4, Cols: []look.Column{{Width: 72}, {}, {Weight: 1}}}, pause, widget.NewLabel(lang.L("seconds")), scope.Select))
}

// say shows what is wrong with the trigger.
func (w *whenForm) say(issues []profile.Issue) {
	text := ""
	for _, prefix := range []string{"name", "trigger.", "cooldown", "streak", "priority", "max_wait", "group"} {
		if text == "" {
			text = errorIn(issues, prefix)
		}
	}
	look.SetText(w.problem, text, widget.DangerImportance)
	look.SetShown(w.problem, text != "" && w.touched)
	w.conditions.say(issues, "")
}

// section is a small heading inside a card.
func section(text string) fyne.CanvasObject {
	l := look.NewProse(text)
	l.SizeName, l.TextStyle.Bold = theme.SizeNameCaptionText, true
	return look.NewCompact(container.NewVBox(look.Gap(0, 2), l))
}

// sentence puts a field between words.
func sentence(before string, field fyne.CanvasObject, after string) fyne.CanvasObject {
	return container.New(look.Columns{Gap: 4, Cols: []look.Column{{}, {Width: 96}, {}, {Weight: 1}}},
		widget.NewLabel(before), field, widget.NewLabel(after), look.Gap(0, 0))
}

// number is a field for a whole number; 0 is left empty, and what is no number is handed on as -1.
func number(n int, changed func(int)) *look.Entry {
	e := look.NewEntry()
	if n != 0 {
		e.SetText(strconv.Itoa(n))
	}
	e.OnChanged = func(text string) { changed(parseNumber(text)) }
	return e
}

func parseNumber(text string) int {
	if text = strings.TrimSpace(text); text == "" {
		return 0
	}
	n, err := strconv.Atoi(text)
	if err != nil {
		return -1
	}
	return n
}
