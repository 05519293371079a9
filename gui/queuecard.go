package gui

import (
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/widget"

	"github.com/livecue/livecue/core/action"
	"github.com/livecue/livecue/core/profile"
	"github.com/livecue/livecue/gui/look"
	"github.com/livecue/livecue/gui/words"
)

// queueCard asks how actions wait, and what becomes of those that are left over.
type queueCard struct {
	order  *look.Pick[profile.Order]
	turns  *look.Toggle
	wait   *look.Pick[action.Duration]
	after  *look.Pick[profile.AfterCrash]
	object fyne.CanvasObject
}

// orders and afterCrashes begin with the usual, which is kept as by a profile that never said it.
func orders() []profile.Order { return []profile.Order{profile.OrderArrival, profile.OrderCoins} }

func afterCrashes() []profile.AfterCrash {
	return []profile.AfterCrash{profile.AfterCrashAsk, profile.AfterCrashRun, profile.AfterCrashDrop}
}

// patiences are after how long an action can be given up; 0 is never.
func patiences() []action.Duration {
	all := []action.Duration{0}
	for _, d := range []time.Duration{30 * time.Second, time.Minute, 5 * time.Minute, 15 * time.Minute, 30 * time.Minute, time.Hour, 3 * time.Hour} {
		all = append(all, action.Duration(d))
	}
	return all
}

func newQueueCard(change func(func(*profile.Profile))) *queueCard {
	c := &queueCard{}
	c.order = look.NewPick(orders(), words.Order, func(o profile.Order) {
		change(func(p *profile.Profile) { p.Queue.Order = unlessFirst(orders(), o) })
	})
	c.turns = look.NewToggle(false, func(on bool) { change(func(p *profile.Profile) { p.Queue.TakeTurns = on }) })
	c.wait = look.NewPick(patiences(), words.Patience, func(d action.Duration) { change(func(p *profile.Profile) { p.Queue.MaxWait = d }) })
	c.after = look.NewPick(afterCrashes(), words.AfterCrash, func(a profile.AfterCrash) {
		change(func(p *profile.Profile) { p.Queue.AfterCrash = unlessFirst(afterCrashes(), a) })
	})
	form := container.New(layout.NewFormLayout(),
		widget.NewLabel(lang.L("Order")), c.order.Select,
		widget.NewLabel(lang.L("Give up after")), c.wait.Select,
		widget.NewLabel(lang.L("After quitting or a crash")), c.after.Select,
	)
	said := look.NewCompact(container.NewVBox(
		look.NewLine(lang.L("Viewers take turns")), look.NewNote(lang.L("One viewer with many gifts does not hold up the others."))))
	turns := container.New(look.Columns{Gap: 6, Cols: []look.Column{{}, {Weight: 1}}}, c.turns, said)
	c.object = look.NewCard(container.NewVBox(look.NewHeading(lang.L("Queue")), insetRight(form), look.Inset(turns)))
	return c
}

// insetRight moves a form's fields in by as much as its labels have of their own at the left.
func insetRight(form fyne.CanvasObject) fyne.CanvasObject {
	return container.New(layout.NewCustomPaddedLayout(0, 0, 0, 8), form)
}

// unlessFirst returns v, or the zero value where it is the first of all.
func unlessFirst[T comparable](all []T, v T) T {
	if v == all[0] {
		var zero T
		return zero
	}
	return v
}

// orFirst returns v, or the first of all where it is the zero value.
func orFirst[T comparable](all []T, v T) T {
	var zero T
	if v == zero {
		return all[0]
	}
	return v
}

// show shows what the profile says.
func (c *queueCard) show(q profile.Queue) {
	c.order.Set(orFirst(orders(), q.Order))
	c.turns.Set(q.TakeTurns)
	c.wait.Set(q.MaxWait)
	c.after.Set(orFirst(afterCrashes(), q.AfterCrash))
}
