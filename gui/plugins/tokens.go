package plugins

import (
	"context"
	"slices"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/dialog"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"github.com/livecue/livecue/core/grant"
	"github.com/livecue/livecue/gui/look"
	"github.com/livecue/livecue/gui/words"
)

// tokens is the card with the tokens of programs that LiveCue does not start.
type tokens struct {
	core   Core
	host   look.Host
	listed []grant.Grant
	rows   *fyne.Container
	object fyne.CanvasObject
}

func newTokens(core Core, host look.Host) *tokens {
	t := &tokens{core: core, host: host, rows: container.NewVBox()}
	add := widget.NewButtonWithIcon(lang.L("New token …"), theme.ContentAddIcon(), func() { t.ask() })
	head := container.NewBorder(nil, nil, look.NewHeading(lang.L("Tokens of other programs")), add)
	how := look.NewHint(lang.L("A program that you start yourself shows a token to connect to LiveCue. Whoever has the token can do what it allows."))
	t.object = look.NewCard(container.NewVBox(head, how, t.rows))
	return t
}

// show lists the tokens that are kept. Those of plugins come and go with them.
func (t *tokens) show(all []grant.Grant) {
	all = slices.DeleteFunc(all, func(g grant.Grant) bool { return g.Lent })
	isSame := slices.EqualFunc(t.listed, all, func(a, b grant.Grant) bool { return a.ID == b.ID && a.Used.Equal(b.Used) })
	if isSame && len(t.rows.Objects) > 0 {
		return
	}
	t.listed = all
	t.rows.RemoveAll()
	for _, g := range all {
		t.rows.Add(t.row(g))
	}
	if len(all) == 0 {
		t.rows.Add(look.NewProse(lang.L("There are none.")))
	}
	t.rows.Refresh()
}

func (t *tokens) row(g grant.Grant) fyne.CanvasObject {
	used := lang.L("never used")
	if !g.Used.IsZero() {
		used = lang.L("used {{.Date}}, {{.Time}}", map[string]any{"Date": words.Date(g.Used), "Time": words.TimeOfDay(g.Used)})
	}
	note := lang.L("It may: {{.What}}", map[string]any{"What": words.Scopes(g.Scopes)}) + "   ·   " + used
	text := look.NewCompact(container.NewVBox(look.NewStrong(words.Clean(g.Name, shownName)), look.NewNote(note)))
	revoke := widget.NewButton(lang.L("Revoke …"), func() { t.askRevoke(g) })
	return container.New(look.Columns{Gap: 8, Cols: []look.Column{{Weight: 1}, {}}}, text, revoke)
}

func (t *tokens) askRevoke(g grant.Grant) {
	look.Ask(look.Question{
		Title: lang.L("Revoke this token?"),
		Text:  lang.L("{{.Name}} is cut off at once, and cannot connect again without a new token.", map[string]any{"Name": words.Clean(g.Name, shownName)}),
		Yes:   lang.X("revoke a token", "Revoke"), No: lang.X("leave as it is", "Keep"), Danger: true,
		OnYes: func() {
			t.host.Run(func(context.Context) error { return t.core.RevokeToken(g.ID) }, func(err error) {
				if err != nil {
					t.host.Warn(words.Error(err))
				}
				t.show(t.core.Grants())
			})
		},
	}, t.host.Window)
}

// ask asks whom a new token is for, and what it is to allow.
func (t *tokens) ask() {
	name, problem := look.NewEntry(), look.NewHint("")
	name.SetPlaceHolder(lang.L("for example my stream deck"))
	hear := widget.NewCheck(lang.L("Hear events"), nil)
	call := widget.NewCheck(lang.L("Call rules"), nil)
	control := widget.NewCheck(lang.L("Control LiveCue: connect, pause, clear, switch rules"), nil)
	hear.SetChecked(true)
	var d *dialog.CustomDialog
	issue := widget.NewButton(lang.L("Make token"), nil)
	issue.Importance = widget.HighImportance
	boxes := []*widget.Check{hear, call, control}
	validate := func() {
		isNamed := strings.TrimSpace(name.Text) != ""
		isFit := len(strings.TrimSpace(name.Text)) <= grant.MaxName
		look.SetText(problem, "", widget.WarningImportance)
		if !isFit {
			look.SetText(problem, lang.L("The name is too long."), widget.WarningImportance)
		}
		isAny := slices.ContainsFunc(boxes, func(b *widget.Check) bool { return b.Checked })
		look.SetEnabled(issue, isNamed && isFit && isAny)
	}
	name.OnChanged = func(string) { validate() }
	for _, b := range boxes {
		b.OnChanged = func(bool) { validate() }
	}
	issue.OnTapped = func() {
		var scopes []grant.Scope
		for i, s := range grant.Scopes() {
			if boxes[i].Checked {
				scopes = append(scopes, s)
			}
		}
		d.Hide()
		t.issue(strings.TrimSpace(name.Text), scopes)
	}
	validate()
	cancel := widget.NewButton(lang.X("leave a dialog", "Cancel"), func() { d.Hide() })
	fields := container.New(layout.NewFormLayout(), widget.NewLabel(lang.X("name of a program", "Program")), name, widget.NewLabel(lang.L("It may")), container.NewVBox(hear, call, control))
	d = look.ShowDialog(lang.L("New token"), container.NewVBox(fields, problem, container.NewHBox(layout.NewSpacer(), cancel, issue)), fyne.NewSize(560, 260), t.host.Window)
	t.host.Window.Canvas().Focus(name)
}

// issue makes the token and shows it, this once.
func (t *tokens) issue(name string, scopes []grant.Scope) {
	var token string
	t.host.Run(func(context.Context) (err error) {
		token, err = t.core.IssueToken(name, scopes...)
		return err
	}, func(err error) {
		if err != nil {
			t.host.Warn(words.Error(err))
			return
		}
		t.show(t.core.Grants())
		t.reveal(token)
	})
}

func (t *tokens) reveal(token string) {
	shown := look.NewEntry()
	shown.SetText(token)
	shown.OnChanged = func(string) { shown.SetText(token) } // to be copied, not to be changed
	var d *dialog.CustomDialog
	copied := widget.NewButtonWithIcon(lang.L("Copy"), theme.ContentCopyIcon(), func() {
		fyne.CurrentApp().Clipboard().SetContent(token)
		t.host.Say(lang.L("The token is copied."))
	})
	copied.Importance = widget.HighImportance
	done := widget.NewButton(lang.X("close a dialog", "Close"), func() { d.Hide() })
	how := look.NewProse(lang.L("This is the only time that the token is shown. Copy it into the other program, and do not show it on stream."))
	d = look.ShowDialog(lang.L("The new token"), container.NewBorder(nil, container.NewHBox(layout.NewSpacer(), done, copied), nil, nil, container.NewVBox(how, shown)), fyne.NewSize(520, 230), t.host.Window)
}
