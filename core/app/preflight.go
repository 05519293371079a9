package app

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"

	"github.com/livecue/livecue/core/action"
	"github.com/livecue/livecue/core/action/obs"
	"github.com/livecue/livecue/core/action/program"
	"github.com/livecue/livecue/core/action/rcon"
	"github.com/livecue/livecue/core/action/web"
	"github.com/livecue/livecue/core/profile"
	"github.com/livecue/livecue/core/rule"
)

// Verdict is what Preflight says of one thing that a rule does.
type Verdict string

// The verdicts, from the worst to the best.
const (
	// VerdictBad: it does not work.
	VerdictBad Verdict = "bad"
	// VerdictOdd: it works, and probably not as meant.
	VerdictOdd Verdict = "odd"
	// VerdictUnreachable: whoever knows could not be asked.
	VerdictUnreachable Verdict = "unreachable"
	// VerdictUnchecked: it cannot be checked without being done.
	VerdictUnchecked Verdict = "unchecked"
	// VerdictGood: the target understands it, or has it.
	VerdictGood Verdict = "good"
)

// Verdicts returns all of them, from the worst to the best.
func Verdicts() []Verdict {
	return []Verdict{VerdictBad, VerdictOdd, VerdictUnreachable, VerdictUnchecked, VerdictGood}
}

// PreflightResult is what was found about one thing that a rule does: a line of a command, a file, a name.
type PreflightResult struct {
	RuleID, RuleName string
	// Field is the key of the action in its rule, such as "action[2]" or "action[0].pool.choice[1].action[0]".
	Field string
	Kind  action.Kind
	// Server is the game server that was asked, for a command.
	Server string
	// Text is what was looked at, such as a command as it would be sent.
	Text    string
	Verdict Verdict
	// Err is why Verdict is not VerdictGood, where neither of the next two says it.
	Err error
	// Refusal is why a command cannot be read, in the server's words, and At where in Text it stopped, in runes; -1 is not known.
	Refusal string
	At      int
	// Issue is what is odd in the rule itself.
	Issue *profile.Issue
}

// String says r in English in a line.
func (r PreflightResult) String() string {
	text := fmt.Sprintf("%s: rule %q, %s: %s", r.Verdict, r.RuleName, r.Field, r.Text)
	switch {
	case r.Issue != nil:
		return text + ": " + r.Issue.Text
	case r.Refusal != "" && r.At >= 0:
		return fmt.Sprintf("%s: %s: %s, at character %d", text, r.Server, r.Refusal, r.At+1)
	case r.Refusal != "":
		return text + ": " + r.Server + ": " + r.Refusal
	case r.Err != nil:
		return text + ": " + r.Err.Error()
	default:
		return text
	}
}

// PreflightReport is what Preflight has found.
type PreflightReport struct {
	// Results are in the order of the rules and their actions.
	Results []PreflightResult
	// IsPractice says that a rehearsal's game server was asked, which knows fewer commands than a real one.
	IsPractice bool
}

// Worst returns the worst verdict on a rule, and whether there is any.
func (r PreflightReport) Worst(ruleID string) (worst Verdict, any bool) {
	at := len(Verdicts())
	for _, one := range r.Results {
		if i := slices.Index(Verdicts(), one.Verdict); one.RuleID == ruleID && i >= 0 && i < at {
			at = i
		}
	}
	if at == len(Verdicts()) {
		return "", false
	}
	return Verdicts()[at], true
}

// Preflight looks whether what the enabled rules do can work, those among it that they run, and does nothing of it. Game servers are
// asked whether they can read the commands, filled in for a made-up viewer; OBS is asked for the names that are used. Files,
// programs and bodies of requests are looked at here.
//
// It has connections of its own and asks each server ten times a second at most, so that it holds up no lane. It takes as long as that
// takes; the error is ctx's, or rcon.ErrClosed when the program ends. Fit for any goroutine but the window's.
func (a *App) Preflight(ctx context.Context) (PreflightReport, error) {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	stop := context.AfterFunc(a.life, func() { cancel(rcon.ErrClosed) }) //nolint:contextcheck // the program's own end counts too
	defer stop()
	p := a.Profile()
	f := flight{app: a, ctx: ctx, profile: p}
	for _, r := range preflightRules(p) {
		f.plan(r) //nolint:contextcheck // decoding has a deadline of its own
	}
	isPractice, err := f.askGames()
	if err != nil {
		return PreflightReport{}, err
	}
	if err := f.askOBS(); err != nil {
		return PreflightReport{}, err
	}
	return PreflightReport{Results: f.results, IsPractice: isPractice}, nil
}

// preflightRules returns the rules that are on, and those that they run, in the profile's order.
func preflightRules(p profile.Profile) []rule.Rule {
	off := p.OffGroups()
	wanted := map[string]bool{}
	var want func(r rule.Rule)
	want = func(r rule.Rule) {
		if wanted[r.ID] {
			return
		}
		wanted[r.ID] = true
		action.Each(r.Actions, func(s *action.Spec) {
			if s.Run == nil {
				return
			}
			for _, other := range p.Rules {
				if other.ID == s.Run.Rule {
					want(other)
				}
			}
		})
	}
	for _, r := range p.Rules {
		if !r.Off && !slices.Contains(off, r.Group) {
			want(r)
		}
	}
	return slices.DeleteFunc(slices.Clone(p.Rules), func(r rule.Rule) bool { return !wanted[r.ID] })
}

// flight is one run of Preflight.
type flight struct {
	app     *App
	ctx     context.Context //nolint:containedctx // it lives for one call
	profile profile.Profile
	results []PreflightResult
	// lines are the commands that servers are to be asked about, and names what OBS is to be asked about, each with its result's index.
	lines []plannedLine
	names []plannedName
}

type plannedLine struct {
	server, line string
	result       int
}

type plannedName struct {
	obs    action.OBS
	result int
}

// plan looks at what can be looked at here, and notes what others are to be asked.
func (f *flight) plan(r rule.Rule) {
	for _, i := range f.profile.CheckRule(r) {
		f.add(PreflightResult{RuleID: r.ID, RuleName: r.Name, Field: actionOf(i.Field), Verdict: verdictOf(i.Severity), Text: i.Field, Issue: &i, At: -1})
	}
	fields := f.app.exampleFields(r)
	f.actions(f.profile.Resolve(r), "", fields)
}

func verdictOf(s profile.Severity) Verdict {
	if s == profile.SeverityError {
		return VerdictBad
	}
	return VerdictOdd
}

func (f *flight) add(r PreflightResult) int {
	f.results = append(f.results, r)
	return len(f.results) - 1
}

// exampleFields are what placeholders stand for when a made-up viewer triggers r.
func (a *App) exampleFields(r rule.Rule) action.Fields {
	probe := r.Clone()
	probe.Actions = []action.Spec{{Counter: &action.Counter{Name: "probe"}}} // whose job is thrown away
	if jobs, _ := a.rules.Test(probe, rule.TestEvent(r, a.catalog)); len(jobs) > 0 {
		return jobs[0].Fields
	}
	return action.Fields{User: "test_viewer", Nickname: "Test viewer", Count: 1}
}

// actions plans those of r that stand behind prefix, and those inside pools.
func (f *flight) actions(r rule.Rule, prefix string, fields action.Fields) {
	for i, s := range r.Actions {
		at := fmt.Sprintf("%saction[%d]", prefix, i)
		if s.Pool != nil {
			for n, c := range s.Pool.Choices {
				inner := r
				inner.Actions = c.Actions
				f.actions(inner, fmt.Sprintf("%s.pool.choice[%d].", at, n), fields)
			}
			continue
		}
		s = s.Roll(func(low, _ int) int { return low })
		f.action(PreflightResult{RuleID: r.ID, RuleName: r.Name, Field: at, Kind: s.Kind(), Verdict: VerdictGood, At: -1}, s, fields)
	}
}

// action looks at one action; r is its result as far as it is known.
func (f *flight) action(r PreflightResult, s action.Spec, fields action.Fields) {
	switch {
	case s.RCON != nil:
		f.command(r, *s.RCON, fields)
		return
	case s.OBS != nil:
		r.Text = cmp.Or(s.OBS.Source, s.OBS.Scene)
		f.names = append(f.names, plannedName{*s.OBS, f.add(r)})
		return
	case s.Sound != nil:
		r.Text, r.Err = s.Sound.File, f.app.mixer.Check(*s.Sound)
	case s.Overlay != nil && s.Overlay.Image+s.Overlay.Sound != "":
		r.Text, r.Err = cmp.Or(s.Overlay.Image, s.Overlay.Sound), f.app.overlay.Check(*s.Overlay)
	case s.Program != nil:
		r.Text, r.Err = s.Program.Path, program.Check(*s.Program)
	case s.HTTP != nil:
		_, r.Err = web.Render(*s.HTTP, fields)
		r.Text = s.HTTP.URL
	default:
		return // there is nothing about it that could be missing
	}
	if r.Err != nil {
		r.Verdict = VerdictBad
	}
	f.add(r)
}

// command plans each line of a command.
func (f *flight) command(r PreflightResult, c action.RCON, fields action.Fields) {
	r.Server = c.Server
	lines, err := rcon.Render(c, fields)
	if err != nil {
		r.Text, r.Verdict, r.Err = c.Command, VerdictBad, err
		f.add(r)
		return
	}
	for _, line := range lines {
		r.Text = line
		f.lines = append(f.lines, plannedLine{c.Server, line, f.add(r)})
	}
}

// askOBS asks OBS for its names, if any are used.
func (f *flight) askOBS() error {
	if len(f.names) == 0 {
		return nil
	}
	has, err := f.app.OBSNames(f.ctx)
	if f.ctx.Err() != nil {
		return context.Cause(f.ctx)
	}
	for _, n := range f.names {
		r := &f.results[n.result]
		if err != nil {
			r.Verdict, r.Err = VerdictUnreachable, err
		} else if missing := missingIn(has, n.obs); missing != nil {
			r.Verdict, r.Err = VerdictBad, missing
		}
	}
	return nil
}

// OBSNameError is a name that OBS does not have.
type OBSNameError struct {
	// What is "scene", "source" or "filter".
	What, Name string
}

// Error implements error.
func (e *OBSNameError) Error() string { return fmt.Sprintf("OBS has no %s called %q", e.What, e.Name) }

// missingIn returns the first name of o that OBS does not have, or nil.
func missingIn(has obs.Names, o action.OBS) error {
	sources := slices.Concat(append(slices.Collect(maps.Values(has.Sources)), has.Texts, has.Media, slices.Collect(maps.Keys(has.Filters)))...)
	switch {
	case o.Scene != "" && !slices.Contains(has.Scenes, o.Scene):
		return &OBSNameError{"scene", o.Scene}
	case o.Do == action.OBSScene:
		return nil
	case o.Do == action.OBSText && !slices.Contains(has.Texts, o.Source), o.Do == action.OBSMedia && !slices.Contains(has.Media, o.Source),
		o.Do == action.OBSSource && o.Scene != "" && !slices.Contains(has.Sources[o.Scene], o.Source),
		!slices.Contains(sources, o.Source) && !slices.Contains(has.Scenes, o.Source):
		return &OBSNameError{"source", o.Source}
	case o.Do == action.OBSFilter && !slices.Contains(has.Filters[o.Source], o.Filter):
		return &OBSNameError{"filter", o.Filter}
	default:
		return nil
	}
}

// isOurs reports whether err says something of the connection rather than of a command.
func isOurs(err error) bool {
	for _, one := range []error{rcon.ErrPassword, rcon.ErrUnreachable, rcon.ErrSilent, rcon.ErrProtocol, rcon.ErrAddress} {
		if errors.Is(err, one) {
			return true
		}
	}
	return false
}
