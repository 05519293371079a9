package editor

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/widget"

	"github.com/livecue/livecue/core/action"
	"github.com/livecue/livecue/core/rule"
	"github.com/livecue/livecue/gui/look"
)

// commandField edits Minecraft commands, one a line, and inserts placeholders.
type commandField struct {
	form   *form
	rcon   *action.RCON
	text   *look.Entry
	server *widget.Select
	object fyne.CanvasObject
}

func newCommandField(f *form, rcon *action.RCON) *commandField {
	c := &commandField{form: f, rcon: rcon, text: look.NewMultiLine(2)}
	c.text.TextStyle.Monospace = true
	c.text.SetPlaceHolder("say {nickname} sent {count} x {gift}")
	c.text.SetText(rcon.Command)
	c.text.OnChanged = func(text string) { rcon.Command = text; f.changed() }
	buttons := container.New(layout.NewRowWrapLayoutWithCustomPadding(3, 3))
	for _, p := range placeholders(f.rule.Trigger.Kind) {
		buttons.Add(widget.NewButton("{"+p+"}", func() { f.insert(c.text, "{"+p+"}") }))
	}
	insert := container.NewHBox(c.readyButton())
	box := container.NewVBox(c.text, look.NewCompact(buttons), insert)
	if servers := c.servers(); servers != nil {
		box.Add(container.NewBorder(nil, nil, widget.NewLabel(lang.L("Server")), nil, servers))
	}
	c.object = box
	return c
}

// placeholders are the names of those that have a value with a trigger.
func placeholders(k rule.TriggerKind) []string {
	var names []string
	if k.NamesUser() {
		names = append(names, "user", "nickname", "nickname:json")
	}
	switch k {
	case rule.OnGift, rule.OnAnyGift, rule.OnGoal:
		names = append(names, "count", "gift", "coins", "total_coins")
	case rule.OnCommand:
		names = append(names, "args", "arg1", "comment")
	case rule.OnSignal:
		names = append(names, "comment", "count")
	case rule.OnKeyword, rule.OnQuestion, rule.OnData:
		names = append(names, "comment")
	case rule.OnSubscribe:
		names = append(names, "count")
	}
	switch k {
	case rule.OnGoal, rule.OnLikes, rule.OnViewerLikes, rule.OnViewers:
		names = append(names, "total")
	}
	return append(names, "likes", "viewers")
}

// servers asks which server gets the command, or is nil while there is no choice.
func (c *commandField) servers() fyne.CanvasObject {
	var names []string
	for _, s := range c.form.profile.RCON {
		names = append(names, s.Name)
	}
	isFirst := c.rcon.Server == "" || len(names) > 0 && c.rcon.Server == names[0]
	if len(names) < 2 && isFirst {
		return nil
	}
	c.server = widget.NewSelect(names, nil)
	if isFirst {
		c.server.SetSelectedIndex(0)
	} else {
		c.server.SetSelected(c.rcon.Server)
	}
	c.server.OnChanged = func(name string) { c.rcon.Server = name; c.form.changed() }
	return c.server
}
