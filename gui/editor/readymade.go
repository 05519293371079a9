package editor

import (
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/dialog"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/widget"

	"github.com/livecue/livecue/core/action/rcon/ready"
	"github.com/livecue/livecue/gui/look"
	"github.com/livecue/livecue/gui/words"
)

// readyMade asks for what a ready-made command needs, shows the command, and hands it on.
type readyMade struct {
	command *commandField
	choice  ready.Choice
	edition ready.Edition
	shown   *widget.Label
	dialog  *dialog.CustomDialog
}

// readyButton opens a menu of the ready-made commands.
func (c *commandField) readyButton() *widget.Button {
	b := widget.NewButton(lang.L("Insert …"), nil)
	b.OnTapped = func() {
		var items []*fyne.MenuItem
		for _, k := range ready.Kinds() {
			items = append(items, fyne.NewMenuItem(words.ReadyMade(string(k)), func() { openReadyMade(c, k) }))
		}
		c.form.page.menu(b, items...)
	}
	return b
}

func openReadyMade(c *commandField, k ready.Kind) *readyMade {
	r := &readyMade{command: c, choice: ready.Choice{Kind: k, What: usualWhat(k)}, edition: c.edition(), shown: look.NewProse("")}
	r.shown.TextStyle.Monospace = true
	in := look.NewFields()
	r.ask(in)
	edition := look.NewPick([]ready.Edition{ready.Modern, ready.Legacy}, func(e ready.Edition) string { return words.Edition(string(e)) }, func(e ready.Edition) {
		r.edition = e
		c.remember(e)
		r.show()
	})
	edition.Set(r.edition)
	in.Add("edition", lang.L("Minecraft"), edition.Select)
	cancel := widget.NewButton(lang.X("leave a dialog", "Cancel"), func() { r.dialog.Hide() })
	insert := widget.NewButton(lang.L("Insert"), r.insert)
	insert.Importance = widget.HighImportance
	bottom := look.Pad(6, 0, container.NewHBox(layout.NewSpacer(), cancel, insert))
	content := container.NewBorder(in.Object, bottom, nil, nil, container.NewVScroll(r.shown))
	r.show()
	r.dialog = look.ShowDialog(words.ReadyMade(string(k)), content, fyne.NewSize(560, 420), c.form.page.host.Window)
	return r
}

// usualWhat is what a form begins with.
func usualWhat(k ready.Kind) string {
	switch k {
	case ready.Spawn:
		return "zombie"
	case ready.Give:
		return "diamond"
	case ready.Effect:
		return "speed"
	case ready.Sound:
		return "entity.ender_dragon.growl"
	default:
		return ""
	}
}

// ask adds the inputs that the kind needs.
func (r *readyMade) ask(in *look.Fields) {
	c := &r.choice
	text := func(name, value, usual string, set func(string)) {
		e := look.NewEntry()
		e.SetPlaceHolder(usual)
		e.SetText(value)
		e.OnChanged = func(s string) { set(strings.TrimSpace(s)); r.show() }
		in.Add(name, name, e)
	}
	count := func(name string, set func(int)) {
		e := number(0, func(n int) { set(n); r.show() })
		in.Add(name, name, e)
	}
	pick := func(options ...string) {
		p := look.NewPick(options, words.Clock, func(s string) { c.What = s; r.show() })
		p.Set(options[0])
		c.What = options[0]
		in.Add("what", lang.L("What"), p.Select)
	}
	switch c.Kind {
	case ready.Spawn, ready.Give, ready.Effect, ready.Sound:
		text(lang.L("What"), c.What, "", func(s string) { c.What = s })
	case ready.Weather:
		pick("clear", "rain", "thunder")
	case ready.Time:
		pick("day", "noon", "night", "midnight")
	case ready.Title, ready.Chat:
		text(lang.L("Text"), "", lang.L("Thank you, {nickname}!"), func(s string) { c.Text = s })
	}
	switch c.Kind {
	case ready.Spawn, ready.Give, ready.TNT, ready.Lightning:
		count(lang.L("How many"), func(n int) { c.Count = n })
	case ready.Teleport:
		count(lang.L("Blocks up"), func(n int) { c.Count = n })
	}
	switch c.Kind {
	case ready.Effect, ready.Weather, ready.TNT:
		count(lang.L("Seconds"), func(n int) { c.Seconds = n })
	}
	if c.Kind == ready.Give {
		text(lang.L("Enchantment"), "", lang.L("none"), func(s string) { c.Enchantment = s })
	}
	if c.Kind == ready.Give || c.Kind == ready.Effect {
		count(lang.L("Level"), func(n int) { c.Level = n })
	}
	if c.Kind != ready.Weather && c.Kind != ready.Time {
		text(lang.L("To whom"), "", lang.L("@p nearest, @a all, @r random, or a name"), func(s string) { c.Who = s })
	}
}

func (r *readyMade) show() { r.shown.SetText(ready.Command(r.choice, r.edition)) }

// insert appends the command to those of the action.
func (r *readyMade) insert() {
	text := strings.TrimRight(r.command.rcon.Command, "\n ")
	if text != "" {
		text += "\n"
	}
	r.command.text.SetText(text + ready.Command(r.choice, r.edition))
	r.dialog.Hide()
}

// edition is how the action's server reads commands.
func (c *commandField) edition() ready.Edition {
	for i, s := range c.form.profile.RCON {
		if (s.Name == c.rcon.Server || c.rcon.Server == "" && i == 0) && s.Edition == string(ready.Legacy) {
			return ready.Legacy
		}
	}
	return ready.Modern
}

// remember keeps in the profile how the action's server reads commands.
func (c *commandField) remember(e ready.Edition) {
	p := c.form.page.core.Profile()
	for i, s := range p.RCON {
		if s.Name == c.rcon.Server || c.rcon.Server == "" && i == 0 {
			p.RCON[i].Edition = string(e)
		}
	}
	if err := c.form.page.core.SetProfile(p); err != nil {
		c.form.page.host.Warn(words.Error(err))
		return
	}
	c.form.profile = p
}
