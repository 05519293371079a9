package editor

import (
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/widget"

	"github.com/livecue/livecue/gui/look"
)

// data asks which data of a LiveKit room counts.
func (w *whenForm) data() fyne.CanvasObject {
	t := &w.form.rule.Trigger
	topic := w.form.line(t.Topic, lang.L("empty: any topic"), func(s string) { t.Topic = strings.TrimSpace(s) })
	begins := w.form.line(t.Begins, lang.L("empty: any text"), func(s string) { t.Begins = s })
	form := container.New(look.Columns{Gap: 4, Cols: []look.Column{{}, {Weight: 1}, {}, {Weight: 1}}},
		widget.NewLabel(lang.L("Topic")), topic, widget.NewLabel(lang.L("begins with")), begins)
	return container.NewVBox(form, look.NewHint(lang.L("What someone in the LiveKit room sends. The text is {comment}.")))
}
