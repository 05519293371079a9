package editor

import (
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/dialog"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"github.com/livecue/livecue/core/event"
	"github.com/livecue/livecue/core/rule"
	"github.com/livecue/livecue/gui/look"
	"github.com/livecue/livecue/gui/words"
)

// trial asks with which viewer, gift and count a rule is to be tested, and shows what would be sent.
type trial struct {
	page   *Page
	rule   rule.Rule
	choice rule.TestChoice
	gift   *widget.Button
	out    *widget.Label
	dialog *dialog.CustomDialog
}

func openTrial(p *Page, r rule.Rule) *trial {
	t := &trial{page: p, rule: r, out: look.NewProse("")}
	t.out.Selectable = true
	in := look.NewFields()
	if r.Trigger.Kind.IsFromViewer() {
		viewer := look.NewEntry()
		viewer.SetPlaceHolder(lang.L("Test viewer"))
		viewer.OnChanged = t.setViewer
		in.Add("viewer", lang.L("Viewer"), viewer)
	}
	switch r.Trigger.Kind {
	case rule.OnAnyGift, rule.OnGoal:
		t.gift = widget.NewButtonWithIcon(lang.L("Choose a gift …"), look.IconIn("gift", look.ColorCoin), func() { openGiftPicker(p, t.setGift) })
		in.Add("gift", lang.L("Gift"), t.gift)
	}
	switch r.Trigger.Kind {
	case rule.OnGift, rule.OnAnyGift, rule.OnGoal, rule.OnLikes, rule.OnViewerLikes, rule.OnViewers:
		in.Add("count", lang.L("How many"), number(0, func(n int) { t.choice.Count = max(n, 0) }))
	}
	dry := widget.NewButtonWithIcon(lang.L("Dry run"), theme.VisibilityIcon(), t.dryRun)
	run := widget.NewButtonWithIcon(lang.L("Test"), look.Icon("test"), t.run)
	run.Importance = widget.HighImportance
	cancel := widget.NewButton(lang.X("close a dialog", "Close"), func() { t.dialog.Hide() })
	bottom := look.Pad(6, 0, container.NewHBox(layout.NewSpacer(), cancel, dry, run))
	content := container.NewBorder(in.Object, bottom, nil, nil, container.NewVScroll(t.out))
	t.out.SetText(lang.L("A dry run shows here what would be sent, and sends nothing."))
	t.dialog = look.ShowDialog(lang.L("Try {{.Rule}}", map[string]any{"Rule": words.Clean(r.Name, 40)}), content, fyne.NewSize(620, 460), p.host.Window)
	return t
}

func (t *trial) setViewer(name string) {
	t.choice.Viewer = event.User{}
	if name = strings.TrimSpace(name); name != "" {
		t.choice.Viewer = event.User{ID: "0", Handle: strings.TrimPrefix(name, "@"), Nickname: strings.TrimPrefix(name, "@")}
	}
}

func (t *trial) setGift(g event.GiftInfo) {
	t.choice.Gift = g
	t.gift.SetText(words.Gift(g) + " · " + words.Coins(g.Coins))
}

func (t *trial) run() {
	t.dialog.Hide()
	if err := t.page.core.TestRuleFor(t.rule, t.choice); err != nil {
		t.page.host.Warn(words.Error(err))
		return
	}
	t.page.sayTest(t.rule)
}

func (t *trial) dryRun() {
	jobs, decision, err := t.page.core.DryRun(t.rule, t.choice)
	switch {
	case err != nil:
		t.out.SetText(words.Error(err))
	case len(jobs) == 0:
		t.out.SetText(words.Reason(decision))
	default:
		lines := make([]string, len(jobs))
		for i, j := range jobs {
			lines[i] = wouldSend(j, t.page.core.Profile())
		}
		t.out.SetText(strings.Join(lines, "\n\n"))
	}
}
