package statistics

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"github.com/livecue/livecue/core/store"
	"github.com/livecue/livecue/gui/look"
	"github.com/livecue/livecue/gui/words"
)

// streams is the view with all streams, and what can be done with one of them.
type streams struct {
	sessions []store.Session
	chosen   int64 // the number of the chosen one, 0 for none
	table    *look.Table
	buttons  []*widget.Button
	replay   *widget.Button
	hint     *widget.Label
	object   fyne.CanvasObject
}

// newStreams returns the view; p does what its buttons ask for.
func newStreams(p *Page) *streams {
	s := &streams{hint: look.NewNote("")}
	s.table = look.NewTable(lang.L("No streams yet."),
		look.TableColumn{Title: lang.X("when a stream was", "Begun"), Width: 150}, look.TableColumn{Title: lang.L("Stream"), Weight: 1},
		look.TableColumn{Title: lang.L("Length"), Width: 110, IsNumber: true}, look.TableColumn{Title: lang.L("Coins"), Width: 120, IsNumber: true},
		look.TableColumn{Title: lang.L("Gifts"), Width: 110, IsNumber: true}, look.TableColumn{Title: lang.L("Likes"), Width: 120, IsNumber: true})
	s.table.OnSelected = s.choose
	s.table.OnEnd = p.readOlder
	button := func(text string, icon fyne.Resource, do func(store.Session)) *widget.Button {
		b := widget.NewButtonWithIcon(text, icon, func() {
			if one, ok := s.one(); ok {
				do(one)
			}
		})
		s.buttons = append(s.buttons, b)
		return b
	}
	show := button(lang.L("Show its numbers"), look.Icon("chart"), func(one store.Session) { p.setScope(scope{session: one.ID}) })
	name := button(lang.L("Name …"), theme.DocumentCreateIcon(), p.askName)
	s.replay = button(lang.L("Replay …"), theme.MediaReplayIcon(), func(one store.Session) { p.OnReplay(one) })
	save := button(lang.L("Save recording …"), theme.DocumentSaveIcon(), func(one store.Session) { p.OnSave(one) })
	open := widget.NewButtonWithIcon(lang.L("Open recording …"), theme.FolderOpenIcon(), func() { p.OnOpen() })
	bar := container.New(layout.NewRowWrapLayout(), show, name, s.replay, save)
	below := container.New(look.Columns{Gap: 8, Cols: []look.Column{{Weight: 1}, {}}}, s.hint, open)
	s.object = container.NewBorder(container.NewVBox(bar, below), nil, nil, nil, s.table.Object)
	s.showChosen()
	return s
}

// one returns the chosen stream.
func (s *streams) one() (store.Session, bool) {
	for _, one := range s.sessions {
		if one.ID == s.chosen {
			return one, true
		}
	}
	return store.Session{}, false
}

func (s *streams) choose(row int) {
	if row >= 0 && row < len(s.sessions) {
		s.chosen = s.sessions[row].ID
	}
	s.showChosen()
}

// show lists other streams. The chosen one stays chosen.
func (s *streams) show(sessions []store.Session) {
	s.sessions = sessions
	rows := make([][]string, len(sessions))
	chosen := -1
	for i, one := range sessions {
		rows[i] = []string{
			words.Date(one.Begun) + " " + words.TimeOfDay(one.Begun), titleOf(one), words.Length(lengthOf(one)),
			words.Number(one.Total.Coins), words.Number(one.Total.Gifts), words.Number(one.Total.Likes),
		}
		if one.ID == s.chosen {
			chosen = i
		}
	}
	s.table.Set(rows)
	if chosen >= 0 {
		s.table.Select(chosen)
	}
	s.showChosen()
}

// showChosen says what can be done with the chosen stream.
func (s *streams) showChosen() {
	one, isChosen := s.one()
	for _, b := range s.buttons {
		look.SetEnabled(b, isChosen)
	}
	text := lang.L("Choose a stream to see its numbers, name it, or play it again.")
	switch {
	case isChosen && one.Recorded == 0:
		s.replay.Disable()
		s.buttons[len(s.buttons)-1].Disable()
		text = lang.L("What happened in this stream one by one is not kept any more, so it cannot be played again. Its numbers stay.")
	case isChosen:
		text = titleOf(one) + " · " + summary(one)
	}
	look.SetText(s.hint, text, widget.LowImportance)
}
