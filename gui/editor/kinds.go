package editor

import (
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/dialog"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"github.com/livecue/livecue/core/action"
	"github.com/livecue/livecue/gui/look"
	"github.com/livecue/livecue/gui/words"
)

// kindGroup is some kinds of action under one heading.
type kindGroup struct {
	name  string
	kinds []action.Kind
}

// kindGroups sort the kinds by what a streamer wants to happen, and where.
func kindGroups() []kindGroup {
	return []kindGroup{
		{lang.L("In the game"), []action.Kind{action.KindRCON}},
		{lang.L("On the stream"), []action.Kind{action.KindOverlay, action.KindOBS, action.KindCounter, action.KindTimer}},
		{lang.L("Sound and speech"), []action.Kind{action.KindSound, action.KindSpeech}},
		{lang.L("More"), []action.Kind{action.KindPool, action.KindRun, action.KindHTTP, action.KindProgram}},
	}
}

// kindIcon is the name of a kind's picture.
func kindIcon(k action.Kind) string {
	if k == action.KindRCON {
		return "command"
	}
	return string(k)
}

// newSpec returns an action of the kind, with what most users want.
func newSpec(f *form, k action.Kind) action.Spec {
	switch k {
	case action.KindSound:
		return action.Spec{Sound: &action.Sound{File: f.firstSound()}}
	case action.KindOverlay:
		return action.Spec{Overlay: &action.Overlay{}}
	case action.KindOBS:
		return action.Spec{OBS: &action.OBS{Do: action.OBSScene}}
	case action.KindCounter:
		return action.Spec{Counter: &action.Counter{}}
	case action.KindTimer:
		return action.Spec{Timer: &action.Timer{Do: action.TimerAdd}}
	case action.KindSpeech:
		return action.Spec{Speech: &action.Speech{}}
	case action.KindPool:
		return action.Spec{Pool: &action.Pool{Choices: []action.Choice{{}, {}}}}
	case action.KindRun:
		return action.Spec{Run: &action.Run{}}
	case action.KindHTTP:
		return action.Spec{HTTP: &action.HTTP{}}
	case action.KindProgram:
		return action.Spec{Program: &action.Program{}}
	default:
		return action.Spec{RCON: &action.RCON{}}
	}
}

// firstSound is what a new sound action plays until another is chosen.
func (f *form) firstSound() string {
	if names := f.page.core.Sounds(); len(names) > 0 {
		return bundledPrefix + names[0]
	}
	return ""
}

// openKinds lets the user choose what kind of action to add to a list that stands in depth pools.
func openKinds(f *form, depth int, add func(action.Spec)) {
	var d *dialog.CustomDialog
	columns := []*fyne.Container{container.NewVBox(), container.NewVBox()}
	for i, g := range kindGroups() {
		column := columns[i/2]
		column.Add(look.NewCompact(look.NewHeading(g.name)))
		for _, k := range g.kinds {
			if k == action.KindPool && depth >= maxPoolDepth {
				continue
			}
			column.Add(look.NewOption(kindIcon(k), words.ActionKind(k), words.ActionHint(k), func() {
				d.Hide()
				add(newSpec(f, k))
			}))
		}
	}
	sides := container.New(look.Sides{Weights: []float32{1, 1}, Gap: 12}, columns[0], columns[1])
	cancel := widget.NewButton(lang.X("leave a dialog", "Cancel"), func() { d.Hide() })
	bottom := look.Pad(6, 0, container.NewHBox(layout.NewSpacer(), cancel))
	content := container.NewBorder(nil, bottom, nil, nil, container.NewVScroll(sides))
	d = look.ShowDialog(lang.L("What is to happen?"), content, fyne.NewSize(780, 560), f.page.host.Window)
}

// addButton adds an action of any kind to a list inside a pool.
func addButton(l *actionList) *widget.Button {
	b := widget.NewButtonWithIcon(lang.L("Add action"), theme.ContentAddIcon(), func() { openKinds(l.form, l.depth, l.add) })
	b.Importance = widget.LowImportance
	return b
}

// pickOf is a drop-down of words that a profile may leave empty: usual stands for the empty one.
func pickOf[T ~string](values []T, usual, value T, name func(T) string, changed func(T)) *look.Pick[T] {
	p := look.NewPick(values, name, func(v T) {
		if v == usual {
			v = ""
		}
		changed(v)
	})
	if value == "" && slices.Contains(values, usual) {
		value = usual
	}
	p.Set(value)
	return p
}
