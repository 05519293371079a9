package profiles

import (
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/theme"

	"github.com/livecue/livecue/core/profile"
	"github.com/livecue/livecue/core/profile/library"
	"github.com/livecue/livecue/core/rule"
	"github.com/livecue/livecue/gui/look"
	"github.com/livecue/livecue/gui/words"
)

const (
	// shownText is how much of a file's texts is shown, in graphemes.
	shownText = 110
	mcaName   = "Tiktok2Mc"
)

// exportOrigin is a file that LiveCue has exported.
type exportOrigin struct {
	core    Core
	preview *library.Preview
}

func (o *exportOrigin) option() string {
	return lang.L("It is my own file: keep programs, web addresses and settings as they are")
}

func (o *exportOrigin) plan(c choices) (planned, error) {
	v, rules := o.preview, o.preview.Profile.Rules
	got := planned{name: v.Profile.Name}
	var changes []library.Change
	var err error
	choice := library.Choices{Name: c.name, Trust: c.option}
	var hits []library.Collision
	if c.isAdded {
		if rules, changes, err = o.core.PlanAdd(v, choice); err == nil {
			hits = library.Collisions(o.core.Profile().Rules, rules)
		}
	} else {
		got.name, changes, err = o.core.PlanImport(v, choice)
	}
	if err != nil {
		return planned{}, err
	}
	got.rules = len(rules)
	if !c.isAdded {
		got.rules = max(got.rules, 1) // a profile without rules is one, too
	}
	got.summary = lang.L("“{{.Name}}”: {{.Rules}}, {{.Files}}, {{.Servers}}. Nothing is changed before you press Import.", map[string]any{
		"Name":    words.Clean(v.Profile.Name, shownName),
		"Rules":   lang.N("{{.N}} rules", len(rules), map[string]any{"N": words.Number(len(rules))}),
		"Files":   lang.N("{{.N}} sounds and pictures", len(v.Files), map[string]any{"N": words.Number(len(v.Files))}),
		"Servers": lang.N("{{.N}} game servers", len(v.Profile.RCON), map[string]any{"N": words.Number(len(v.Profile.RCON))}),
	})
	changed, lost := changeLines(changes)
	got.tabs = []tab{
		{lang.L("Comes in"), append(ruleLines(rules), o.things()...)},
		{lang.L("Is made different"), append(changed, collisionLines(hits)...)},
		{lang.L("Not taken"), append(lost, o.missing(c.isAdded)...)},
		{lang.L("What it does"), o.deeds()},
	}
	return got, nil
}

func (o *exportOrigin) take(c choices) (library.Entry, error) {
	choice := library.Choices{Name: c.name, Trust: c.option}
	if c.isAdded {
		_, err := o.core.AddImport(o.preview, choice)
		return library.Entry{}, err
	}
	e, _, err := o.core.ImportProfile(o.preview, choice)
	return e, err
}

// things lists what comes in beside the rules.
func (o *exportOrigin) things() []line {
	var lines []line
	for _, f := range o.preview.Files {
		lines = append(lines, line{look.Icon("sound"), theme.ColorNamePrimary, words.Clean(f.Name, shownText), words.Bytes(f.Size)})
	}
	for _, s := range o.preview.Profile.RCON {
		lines = append(lines, line{look.Icon("plug"), theme.ColorNamePrimary, words.Clean(s.Name, shownText), lang.L("Game server at {{.Address}}", map[string]any{"Address": words.Clean(s.Address, 60)})})
	}
	return lines
}

// missing lists what the file lacks, and what in it is nothing of LiveCue's. When rules are added, those with mistakes are told of as
// changes.
func (o *exportOrigin) missing(isAdded bool) []line {
	var lines []line
	for _, m := range o.preview.Missing {
		lines = append(lines, warning(m[strings.LastIndexAny(m, `/\`)+1:], lang.L("This sound or picture does not come with the file. Choose another one in the rule.")))
	}
	for _, i := range o.preview.Issues {
		if i.Severity == profile.SeverityError && !isAdded {
			lines = append(lines, warning(i.RuleName, lang.L("To be mended before you can use the profile: {{.Detail}}", map[string]any{"Detail": words.Issue(i)})))
		}
	}
	for _, name := range o.preview.Ignored {
		lines = append(lines, warning(name, lang.L("This is in the file, but nothing of LiveCue’s.")))
	}
	return lines
}

// deeds lists what the rules do: what can do harm on this computer first.
func (o *exportOrigin) deeds() []line {
	var lines []line
	add := func(deeds []library.Deed, icon fyne.Resource, tone fyne.ThemeColorName, kind string) {
		for _, d := range deeds {
			lines = append(lines, line{icon, tone, words.Clean(d.What, shownText), words.Clean(d.RuleName, 60) + " · " + kind})
		}
	}
	add(o.preview.Programs, look.Icon("program"), theme.ColorNameError, lang.L("runs a program on this computer"))
	add(o.preview.Requests, look.Icon("http"), theme.ColorNameWarning, lang.L("sends a request to this address"))
	add(o.preview.Commands, look.Icon("command"), theme.ColorNamePrimary, lang.L("command for the game server"))
	return lines
}

// mcaOrigin is an actions.mca of Tiktok2Mc.
type mcaOrigin struct {
	core       Core
	file, text string
}

func (o *mcaOrigin) option() string {
	return lang.L("Show texts (>>) on the overlay pages instead of in the game")
}

func (o *mcaOrigin) plan(c choices) (planned, error) {
	read := o.core.PreviewMCA(o.text, c.option)
	got := planned{name: mcaName, rules: len(read.Rules)}
	got.summary = lang.L("{{.File}}: {{.Rules}} do {{.Taken}} of {{.All}} commands. Nothing is changed before you press Import.", map[string]any{
		"File": words.Clean(o.file, 60), "Rules": lang.N("{{.N}} rules", len(read.Rules), map[string]any{"N": words.Number(len(read.Rules))}),
		"Taken": words.Number(read.Taken), "All": words.Number(read.Commands),
	})
	var lost, notes []line
	for _, p := range read.Problems {
		title := words.Clean(p.Text, shownText)
		if p.Line > 0 {
			title = lang.L("Line {{.N}}: {{.Text}}", map[string]any{"N": words.Number(p.Line), "Text": title})
		}
		if p.Lost {
			lost = append(lost, warning(title, words.MCA(p)))
			continue
		}
		notes = append(notes, line{theme.InfoIcon(), theme.ColorNamePrimary, title, words.MCA(p)})
	}
	if c.isAdded {
		notes = append(collisionLines(library.Collisions(o.core.Profile().Rules, read.Rules)), notes...)
	}
	got.tabs = []tab{{lang.L("Rules"), ruleLines(read.Rules)}, {lang.L("Not taken"), lost}, {lang.L("Good to know"), notes}}
	return got, nil
}

func (o *mcaOrigin) take(c choices) (library.Entry, error) {
	rules := o.core.PreviewMCA(o.text, c.option).Rules
	p := o.core.Profile()
	if c.isAdded {
		p.Rules = append(p.Rules, rules...)
		return library.Entry{}, o.core.SetProfile(p)
	}
	p.Rules, p.Groups = rules, nil
	if c.name == "" {
		c.name = mcaName
	}
	return o.core.CreateProfile(c.name, p)
}

func warning(title, detail string) line {
	return line{theme.WarningIcon(), theme.ColorNameWarning, words.Clean(title, shownText), detail}
}

func ruleLines(rules []rule.Rule) []line {
	var lines []line
	for _, r := range rules {
		detail := words.Trigger(r.Trigger, 0) + " · " + lang.N("{{.N}} actions", len(r.Actions), map[string]any{"N": words.Number(len(r.Actions))})
		if r.Off {
			detail += " · " + lang.L("switched off")
		}
		lines = append(lines, line{look.Icon("rule"), theme.ColorNamePrimary, words.Clean(r.Name, shownText), detail})
	}
	return lines
}

// changeLines returns what is made different, and what is left out.
func changeLines(changes []library.Change) (changed, lost []line) {
	for _, c := range changes {
		l := warning(c.Rule, words.Change(c))
		if c.Rule == "" {
			l.title = lang.L("Settings")
		}
		if c.Kind == library.ChangedLost {
			lost = append(lost, l)
			continue
		}
		changed = append(changed, l)
	}
	return changed, lost
}

func collisionLines(hits []library.Collision) []line {
	var lines []line
	for _, h := range hits {
		text := lang.L("Your profile has a rule of that name: both will be there.")
		if h.IsTwice {
			text = lang.L("Your rule “{{.Rule}}” waits for the same: both will act each time.", map[string]any{"Rule": words.Clean(h.Own, 60)})
		}
		lines = append(lines, warning(h.Rule, text))
	}
	return lines
}
