package editor

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"strings"
	"sync"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/dialog"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"github.com/livecue/livecue/core/app"
	"github.com/livecue/livecue/core/rule"
	"github.com/livecue/livecue/gui/look"
	"github.com/livecue/livecue/gui/words"
)

// maxFindings is how many findings a dialog lists.
const maxFindings = 200

// findings are what the last check of everything has found, and the rules as they were then: what it says of a rule holds until the
// rule is changed.
type findings struct {
	report app.PreflightReport
	rules  map[string]rule.Rule
}

// worst returns the worst that was found about a rule, if it is still as it was.
func (f findings) worst(r rule.Rule) (app.PreflightResult, bool) {
	verdict, ok := f.report.Worst(r.ID)
	if !ok || !f.holds(r) {
		return app.PreflightResult{}, false
	}
	for _, one := range f.report.Results {
		if one.RuleID == r.ID && one.Verdict == verdict {
			return one, true
		}
	}
	return app.PreflightResult{}, false
}

// holds reports whether a rule does what it did when it was checked.
func (f findings) holds(r rule.Rule) bool {
	then, ok := f.rules[r.ID]
	return ok && reflect.DeepEqual(then.Actions, r.Actions) && reflect.DeepEqual(then.Trigger, r.Trigger)
}

// about returns what is wrong with the action at a key of a rule, in words, while the rule is as it was.
func (f findings) about(r rule.Rule, field string) string {
	if !f.holds(r) {
		return ""
	}
	var all []string
	for _, one := range f.report.Results {
		if one.RuleID == r.ID && one.Field == field && one.Verdict == app.VerdictBad && one.Issue == nil {
			all = append(all, words.Finding(one))
		}
	}
	return strings.Join(all, " ")
}

// checkAll checks what all rules do, and shows what was found. It may take a while, and can be given up.
func (p *Page) checkAll(button *widget.Button) {
	button.Disable()
	left := make(chan struct{})
	leave := sync.OnceFunc(func() { close(left) })
	var wait *dialog.CustomDialog
	stop := widget.NewButton(lang.X("leave a dialog", "Cancel"), leave)
	bar := widget.NewProgressBarInfinite()
	wait = look.ShowDialog(lang.L("Checking everything"), container.NewVBox(
		look.NewProse(lang.L("Your game servers and OBS are asked whether they know what your rules say. Nothing of it is done.")),
		bar, look.Pad(6, 0, container.NewHBox(layout.NewSpacer(), stop))), fyne.NewSize(460, 200), p.host.Window)
	rules := p.core.Profile().Rules
	var report app.PreflightReport
	p.host.Run(func(life context.Context) error {
		ctx, cancel := context.WithCancel(life)
		defer cancel()
		go func() { // ends with ctx
			select {
			case <-left:
				cancel()
			case <-ctx.Done():
			}
		}()
		var err error
		report, err = p.core.Preflight(ctx)
		return err
	}, func(err error) {
		leave()
		bar.Stop()
		wait.Hide()
		button.Enable()
		switch {
		case errors.Is(err, context.Canceled):
		case err != nil:
			p.host.Warn(words.Error(err))
		default:
			p.take(report, rules)
		}
	})
}

// take keeps and shows what was found.
func (p *Page) take(report app.PreflightReport, rules []rule.Rule) {
	p.found = findings{report: report, rules: map[string]rule.Rule{}}
	for _, r := range rules {
		p.found.rules[r.ID] = r
	}
	p.list.load()
	p.showFindings()
}

// showFindings lists what the last check has found, the worst first. A press on one opens its rule there.
func (p *Page) showFindings() {
	var d *dialog.CustomDialog
	rows, counts, listed := container.NewVBox(), []string{}, 0
	for _, v := range app.Verdicts() {
		n := 0
		for _, r := range p.found.report.Results {
			if r.Verdict != v {
				continue
			}
			n++
			if v == app.VerdictGood || listed >= maxFindings {
				continue
			}
			listed++
			title := lang.L("{{.Rule}}: {{.Verdict}}", map[string]any{"Rule": words.Clean(r.RuleName, 60), "Verdict": words.Verdict(v)})
			rows.Add(look.NewOption(findingIcon(r), title, words.Finding(r), func() {
				d.Hide()
				p.open(r.RuleID, r.Field)
			}))
		}
		if n > 0 {
			counts = append(counts, words.VerdictCount(v, n))
		}
	}
	summary := strings.Join(counts, " · ")
	if len(counts) == 0 {
		summary = lang.L("No rule that is switched on does anything that can be checked.")
	}
	top := container.NewVBox(look.NewProse(summary))
	if p.found.report.IsPractice {
		top.Add(look.NewHint(lang.L("The rehearsal's game server was asked. It knows fewer commands than Minecraft: check again with your own.")))
	}
	closing := widget.NewButton(lang.X("close a dialog", "Close"), func() { d.Hide() })
	bottom := look.Pad(6, 0, container.NewHBox(layout.NewSpacer(), closing))
	content := container.NewBorder(top, bottom, nil, nil, container.NewVScroll(rows))
	height := float32(220)
	if listed > 0 {
		height = 520
	}
	d = look.ShowDialog(lang.L("What the check has found"), content, fyne.NewSize(760, height), p.host.Window)
}

// findingIcon is the picture of the action that a finding is about.
func findingIcon(r app.PreflightResult) string {
	if r.Kind == "" {
		return "rule"
	}
	return kindIcon(r.Kind)
}

// open opens the form with a rule, at one of its actions.
func (p *Page) open(ruleID, field string) {
	i := indexOf(p.list.rules, ruleID)
	if i < 0 {
		return
	}
	p.edit(p.list.rules[i], false)
	var at int
	if _, err := fmt.Sscanf(field, "action[%d]", &at); err == nil {
		p.form.then.scrollTo(at)
	}
}

// scrollTo brings a card into view.
func (t *thenForm) scrollTo(i int) {
	if i >= 0 && i < len(t.cards) {
		t.panes.ScrollTo(t.cards[i].object.Position().Y)
	}
}

// showFound marks a rule about which the last check has found something.
func (r *row) showFound(c rule.Rule) {
	one, ok := r.list.page.found.worst(c)
	switch {
	case !ok || c.Off:
		return
	case one.Verdict == app.VerdictBad:
		look.SetText(r.others, words.Finding(one), widget.DangerImportance)
	case one.Verdict == app.VerdictOdd:
		look.SetText(r.others, words.Finding(one), widget.WarningImportance)
	default:
		return
	}
	look.SetShown(r.others, true)
	r.kind.SetResource(theme.NewErrorThemedResource(theme.WarningIcon()))
}
