package plugins

import (
	"slices"
	"strings"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/dialog"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"github.com/livecue/livecue/core/plugin"
	"github.com/livecue/livecue/core/profile"
	"github.com/livecue/livecue/gui/look"
	"github.com/livecue/livecue/gui/words"
)

const (
	// linesShown is how much of a plugin's output a card shows, linesKept what there is at most.
	linesShown, linesKept = 8, 1000
)

// card shows one plugin.
type card struct {
	page   *Page
	plugin profile.Plugin
	isOpen bool
	// isChosen says that the user has opened or closed the output; before that it is open when there is some.
	isChosen bool

	pill    *look.Pill
	detail  *widget.Label
	restart *widget.Button
	fold    *widget.Button
	output  *widget.Label
	panel   *fyne.Container
	object  fyne.CanvasObject
	lines   uint64
	isRead  bool
}

func newCard(p *Page, at int, one profile.Plugin) *card {
	c := &card{page: p, plugin: one, pill: look.NewPill(words.PluginState(plugin.Off), theme.ColorNamePlaceHolder), detail: look.NewHint(""), output: widget.NewLabel("")}
	c.output.TextStyle.Monospace, c.output.SizeName = true, theme.SizeNameCaptionText
	c.output.Truncation = fyne.TextTruncateEllipsis
	ground := look.NewPanel(look.ColorQuiet, c.output)
	ground.Radius = 6
	copied := look.NewHintButton(theme.ContentCopyIcon(), lang.L("Copy what it has printed"), nil, c.copy)
	whole := look.NewHintButton(theme.ViewFullScreenIcon(), lang.L("Show all that it has printed"), nil, c.showAll)
	c.panel = container.NewBorder(nil, nil, nil, container.NewVBox(whole, copied), ground)
	c.restart = widget.NewButtonWithIcon(lang.L("Restart"), theme.ViewRefreshIcon(), c.again)
	c.fold = widget.NewButtonWithIcon(lang.X("what a program prints", "Output"), theme.MenuDropDownIcon(), func() { c.isChosen = true; c.setOpen(!c.isOpen) })
	edit := widget.NewButtonWithIcon("", theme.DocumentCreateIcon(), func() { p.Edit(at) })
	remove := widget.NewButtonWithIcon("", theme.DeleteIcon(), c.askRemove)
	c.fold.Importance, edit.Importance, remove.Importance = widget.LowImportance, widget.LowImportance, widget.LowImportance
	on := look.NewToggle(!one.Off && !one.Imported, nil)
	on.OnChanged = func(isOn bool) { c.setOn(on, isOn) }
	note := words.Clean(strings.Join(append([]string{one.Program}, one.Args...), " "), 160)
	text := look.NewCompact(container.NewVBox(look.NewStrong(words.Clean(one.Name, shownName)), look.NewNote(note)))
	state := container.NewCenter(c.pill)
	row := container.New(look.Columns{Gap: 8, Cols: []look.Column{{Width: 104}, {Weight: 1}, {}, {}, {}, {}, {Width: 44}}}, state, text, c.fold, c.restart, edit, remove, on)
	body := container.NewVBox(row)
	if one.Imported {
		mark := look.NewProse(lang.L("It came with somebody else’s profile and has never run here. Look at the program before you switch it on."))
		mark.Importance = widget.WarningImportance
		body.Add(mark)
	}
	body.Add(c.detail)
	body.Add(c.panel)
	c.object = look.NewCard(body)
	c.setOpen(false)
	return c
}

// show tells how the plugin stands.
func (c *card) show(st plugin.Status, now time.Time) {
	c.pill.Set(words.PluginState(st.State), tone(st.State))
	importance := widget.LowImportance
	if st.State == plugin.Failing || st.State == plugin.Pausing {
		importance = widget.DangerImportance
	}
	text := words.Plugin(st, now)
	look.SetText(c.detail, text, importance)
	look.SetShown(c.detail, text != "")
	look.SetEnabled(c.restart, slices.Contains([]plugin.State{plugin.Running, plugin.Pausing, plugin.Failing, plugin.Ended}, st.State))
	if hasSome := st.Lines > 0 && st.State != plugin.Off; !c.isChosen && hasSome != c.isOpen {
		c.setOpen(hasSome)
	}
	if c.isOpen && (st.Lines != c.lines || !c.isRead) {
		c.lines, c.isRead = st.Lines, true
		c.read()
	}
}

func tone(s plugin.State) fyne.ThemeColorName {
	switch s {
	case plugin.Running:
		return theme.ColorNameSuccess
	case plugin.Failing:
		return theme.ColorNameError
	case plugin.Pausing, plugin.Stopping:
		return theme.ColorNameWarning
	default:
		return theme.ColorNamePlaceHolder
	}
}

// read shows the end of the output. It has no scroll bar of its own, which would catch the wheel that is meant for the page.
func (c *card) read() {
	text := printed(c.page.core.PluginLog(c.plugin.Name, linesShown))
	if text == "" {
		text = lang.L("It has printed nothing yet.")
	}
	c.output.SetText(text)
}

// showAll shows what is kept of the output.
func (c *card) showAll() {
	all := widget.NewLabel(printed(c.page.core.PluginLog(c.plugin.Name, linesKept)))
	all.TextStyle.Monospace, all.SizeName = true, theme.SizeNameCaptionText
	scroll := container.NewScroll(all)
	var d *dialog.CustomDialog
	copied := widget.NewButtonWithIcon(lang.L("Copy"), theme.ContentCopyIcon(), c.copy)
	done := widget.NewButton(lang.X("close a dialog", "Close"), func() { d.Hide() })
	done.Importance = widget.HighImportance
	buttons := container.NewHBox(layout.NewSpacer(), copied, done)
	d = look.ShowDialog(words.Clean(c.plugin.Name, shownName), container.NewBorder(nil, look.Pad(6, 0, buttons), nil, nil, scroll), fyne.NewSize(1100, 620), c.page.host.Window)
	scroll.ScrollToBottom()
}

func printed(lines []plugin.Line) string {
	var all []string
	for _, l := range lines {
		all = append(all, words.PluginLine(l))
	}
	return strings.Join(all, "\n")
}

func (c *card) copy() {
	fyne.CurrentApp().Clipboard().SetContent(printed(c.page.core.PluginLog(c.plugin.Name, linesKept)))
	c.page.host.Say(lang.L("What the plugin has printed is copied."))
}

func (c *card) setOpen(isOpen bool) {
	c.isOpen = isOpen
	look.SetShown(c.panel, isOpen)
	icon := theme.MenuDropDownIcon()
	if isOpen {
		icon = theme.MenuDropUpIcon()
		c.read()
	}
	c.fold.SetIcon(icon)
	c.object.Refresh()
}

func (c *card) again() {
	if err := c.page.core.RestartPlugin(c.plugin.Name); err != nil {
		c.page.host.Warn(words.Error(err))
	}
	c.page.Tick(time.Now())
}

// setOn switches the plugin. One of somebody else's asks first.
func (c *card) setOn(on *look.Toggle, isOn bool) {
	set := func() {
		c.page.change(c.plugin.Name, func(p *profile.Plugin) { p.Off, p.Imported = !isOn, p.Imported && !isOn })
	}
	if !isOn || !c.plugin.Imported {
		set()
		return
	}
	on.Set(false)
	look.Ask(look.Question{
		Title: lang.L("Run a program of somebody else?"),
		Text: lang.L("{{.Program}} came with an imported profile. It can do on this computer whatever you can.", map[string]any{
			"Program": words.Clean(strings.Join(append([]string{c.plugin.Program}, c.plugin.Args...), " "), 300),
		}),
		Yes: lang.L("Let it run"), No: lang.X("leave as it is", "Keep"), Danger: true, OnYes: set,
	}, c.page.host.Window)
}

func (c *card) askRemove() {
	look.Ask(look.Question{
		Title: lang.L("Delete this plugin?"),
		Text:  lang.L("{{.Name}} is ended and taken out of the profile. Its program stays on the disk.", map[string]any{"Name": words.Clean(c.plugin.Name, shownName)}),
		Yes:   lang.X("delete something", "Delete"), No: lang.X("leave as it is", "Keep"), Danger: true,
		OnYes: func() {
			err := c.page.save(func(all []profile.Plugin) []profile.Plugin {
				return slices.DeleteFunc(all, func(p profile.Plugin) bool { return p.Name == c.plugin.Name })
			})
			if err != nil {
				c.page.host.Warn(words.Error(err))
			}
		},
	}, c.page.host.Window)
}
