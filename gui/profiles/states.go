package profiles

import (
	"context"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/widget"

	"github.com/livecue/livecue/core/profile/library"
	"github.com/livecue/livecue/gui/look"
	"github.com/livecue/livecue/gui/words"
)

// openStates lists the earlier states of a profile, which may be deleted or unreadable.
func (p *Page) openStates(id, name string) {
	var states []library.State
	p.work(func(context.Context) (err error) {
		states, err = p.core.ProfileHistory(id)
		return err
	}, func(err error) {
		if err != nil {
			p.host.Warn(words.Error(err))
			return
		}
		p.showStates(id, name, states)
	})
}

func (p *Page) showStates(id, name string, states []library.State) {
	var hide func()
	hint := look.NewHint(lang.L("LiveCue keeps the state before each change by itself. Going back is safe: the state of now is then in this list, too."))
	list := NewStates(states, func(s library.State) { p.askRestore(id, name, s, func() { hide() }) })
	closing := widget.NewButton(lang.X("close a dialog", "Close"), func() { hide() })
	foot := container.NewHBox(layout.NewSpacer(), closing)
	d := look.ShowDialog(lang.L("Earlier states of “{{.Name}}”", map[string]any{"Name": name}),
		container.NewBorder(hint, look.Pad(6, 0, foot), nil, nil, list), fyne.NewSize(820, 560), p.host.Window)
	hide = d.Hide
}

// NewStates lists states with a button each that hands the state to restore.
func NewStates(states []library.State, restore func(library.State)) fyne.CanvasObject {
	if len(states) == 0 {
		return look.NewProse(lang.L("There are no earlier states yet."))
	}
	rows, now := container.NewVBox(), time.Now()
	for _, s := range states {
		note := look.NewNote(lang.N("{{.N}} rules", s.Rules, map[string]any{"N": words.Number(s.Rules)}))
		back := widget.NewButton(lang.L("Go back to it"), func() { restore(s) })
		if s.Problem != nil {
			note.SetText(words.Error(s.Problem))
			note.Importance = widget.DangerImportance
			back.Disable()
		}
		why := look.NewLine(words.Why(s.Why))
		columns := look.Columns{Gap: 8, Cols: []look.Column{{Width: 150}, {Weight: 3}, {Weight: 1}, {}}}
		rows.Add(container.New(columns, look.NewStrong(words.Moment(s.At, now)), why, note, back))
	}
	return container.NewVScroll(rows)
}

// askRestore asks once more, and brings a state back. restored is called when the question is answered with yes.
func (p *Page) askRestore(id, name string, s library.State, restored func()) {
	at := words.Moment(s.At, time.Now())
	look.Ask(look.Question{
		Title: lang.L("Go back to the state of {{.Time}}?", map[string]any{"Time": at}),
		Text: lang.N("“{{.Name}}” then has {{.N}} rules again. What it is now is kept, so that you can come back to it.", s.Rules,
			map[string]any{"Name": name, "N": words.Number(s.Rules)}),
		Yes: lang.L("Go back to it"), No: lang.L("Cancel"),
		OnYes: func() {
			restored()
			p.try(&change{
				name: name, said: lang.L("“{{.Name}}” is as it was at {{.Time}}. What it was a moment ago is among its earlier states.", map[string]any{"Name": name, "Time": at}),
				do:    func() error { return p.core.RestoreBackup(id, s.Backup.Name) },
				clear: func(ctx context.Context) error { return p.core.ClearAndRestore(ctx, id, s.Backup.Name) },
			})
		},
	}, p.host.Window)
}
