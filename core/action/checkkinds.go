package action

import (
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"
)

const (
	// MaxText bounds the texts of an action that a person wrote, in bytes.
	MaxText = 8 << 10
	// MaxName bounds the names of counters, timers, scenes and the like, in bytes.
	MaxName    = 200
	maxURLText = 4000
	maxArgs    = 100
	maxHeaders = 50
	maxChoices = 100
	// maxDepth bounds how deep pools may stand in pools.
	maxDepth = 4
	// MaxTimeout bounds how long a request or a program may take.
	MaxTimeout = Duration(10 * time.Minute)
)

// missing, tooLong and outside return the Problems that many fields share.
func missing(field, text string) error { return Problem{field, ProblemMissing, text} }

func tooLong(field string, most int) error {
	return Problem{field, ProblemTooLong, fmt.Sprintf("a text is over %d bytes", most)}
}

func outside(field string, d, most Duration) error {
	if d < 0 || d > most {
		return Problem{field, ProblemRange, fmt.Sprintf("a time must be from 0 to %v", most)}
	}
	return nil
}

// first returns the first error, or nil.
func first(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

func oneOf[T ~string](field string, value T, allowed ...T) error {
	if value == "" || slices.Contains(allowed, value) {
		return nil
	}
	return Problem{field, ProblemUnknown, fmt.Sprintf("%q is none of those that there are", string(value))}
}

func named(field, value, text string) error {
	switch {
	case strings.TrimSpace(value) == "":
		return missing(field, text)
	case len(value) > MaxName:
		return tooLong(field, MaxName)
	default:
		return nil
	}
}

func (h HTTP) check() error {
	if strings.TrimSpace(h.URL) == "" {
		return missing("http.url", "no address is given")
	}
	if len(h.URL) > maxURLText {
		return tooLong("http.url", maxURLText)
	}
	bare := Expand(h.URL, Fields{}, func(Placeholder) string { return "x" })
	u, err := url.Parse(bare)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return Problem{"http.url", ProblemUnknown, "an address must begin with http:// or https://"}
	}
	if before, _, ok := strings.Cut(h.URL, "{"); ok && strings.Count(before, "/") < 3 {
		return Problem{"http.url", ProblemUnknown, "a placeholder cannot stand in the name of the server"}
	}
	if len(h.Headers) > maxHeaders {
		return Problem{"http.headers", ProblemRange, fmt.Sprintf("more than %d headers", maxHeaders)}
	}
	for name, value := range h.Headers {
		if !isToken(name) || len(value) > MaxText || strings.ContainsAny(value, "\r\n\x00") {
			return Problem{"http.headers", ProblemUnknown, fmt.Sprintf("%q cannot be a header with that value", name)}
		}
	}
	if len(h.Body) > MaxCommandText {
		return tooLong("http.body", MaxCommandText)
	}
	return first(
		oneOf("http.method", h.Method, "GET", "POST", "PUT", "PATCH", "DELETE"), outside("http.timeout", h.Timeout, MaxTimeout),
	)
}

// isToken reports whether s can be the name of a header (RFC 9110, 5.6.2).
func isToken(s string) bool {
	for _, r := range s {
		isWord := r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9'
		if !isWord && !strings.ContainsRune("!#$%&'*+-.^_`|~", r) {
			return false
		}
	}
	return s != ""
}

func (o OBS) check() error {
	if err := oneOf("obs.do", o.Do, OBSScene, OBSSource, OBSFilter, OBSMedia, OBSText); err != nil {
		return err
	}
	var err error
	switch o.Do {
	case "":
		err = missing("obs.do", "it is not said what OBS is to do")
	case OBSScene:
		err = named("obs.scene", o.Scene, "no scene is named")
	case OBSFilter:
		err = first(named("obs.source", o.Source, "no source is named"), named("obs.filter", o.Filter, "no filter is named"))
	default:
		err = named("obs.source", o.Source, "no source is named")
	}
	switch {
	case err != nil:
		return err
	case len(o.Scene) > MaxName:
		return tooLong("obs.scene", MaxName)
	case len(o.Text) > MaxText:
		return tooLong("obs.text", MaxText)
	}
	return first(oneOf("obs.switch", o.Switch, SwitchOn, SwitchOff, SwitchToggle), outside("obs.for", o.For, MaxDelay))
}

func (s Speech) check() error {
	switch {
	case strings.TrimSpace(s.Text) == "":
		return missing("speech.text", "there is nothing to say")
	case len(s.Text) > MaxText:
		return tooLong("speech.text", MaxText)
	case len(s.Voice) > MaxName:
		return tooLong("speech.voice", MaxName)
	case s.Rate != 0 && (s.Rate < 50 || s.Rate > 300):
		return Problem{"speech.rate", ProblemRange, "the speed must be from 50 to 300 percent"}
	default:
		return nil
	}
}

func (p Program) check() error {
	switch {
	case strings.TrimSpace(p.Path) == "":
		return missing("program.path", "no program is chosen")
	case len(p.Path) > maxPath || strings.ContainsRune(p.Path, 0):
		return tooLong("program.path", maxPath)
	case len(p.Args) > maxArgs:
		return Problem{"program.args", ProblemRange, fmt.Sprintf("more than %d arguments", maxArgs)}
	}
	for i, arg := range p.Args {
		field := fmt.Sprintf("program.args[%d]", i)
		if len(arg) > MaxText {
			return tooLong(field, MaxText)
		}
		if !isWholeArgument(arg) {
			return Problem{field, ProblemUnknown, "what a viewer wrote can only be an argument of its own"}
		}
	}
	return outside("program.timeout", p.Timeout, MaxTimeout)
}

// isWholeArgument reports whether an argument holds no viewer's text, or nothing else.
func isWholeArgument(arg string) bool {
	texts := 0
	rest := Expand(arg, Fields{}, func(p Placeholder) string {
		if p.Numeric {
			return "0"
		}
		texts++
		return ""
	})
	return texts == 0 || texts == 1 && rest == ""
}

func (o Overlay) check() error {
	for _, one := range []struct {
		field, text string
		most        int
	}{
		{"overlay.text", o.Text, MaxText},
		{"overlay.image", o.Image, maxPath},
		{"overlay.sound", o.Sound, maxPath},
		{"overlay.channel", o.Channel, MaxName},
	} {
		if len(one.text) > one.most {
			return tooLong(one.field, one.most)
		}
	}
	if strings.TrimSpace(o.Text) == "" && o.Image == "" && o.Sound == "" {
		return missing("overlay.text", "there is nothing to show")
	}
	return first(oneOf("overlay.animation", o.Animation, "pop", "slide", "fade", "shake"), outside("overlay.for", o.For, MaxTimeout))
}

func (c Counter) check() error {
	const most = 1_000_000_000
	if c.Amount < -most || c.Amount > most {
		return Problem{"counter.amount", ProblemRange, fmt.Sprintf("the amount must be from %d to %d", -most, most)}
	}
	return named("counter.name", c.Name, "the counter has no name")
}

func (t Timer) check() error {
	switch {
	case t.Do == "":
		return missing("timer.do", "it is not said what the timer is to do")
	case t.Do == TimerAdd && t.Time == 0:
		return missing("timer.time", "no time is given")
	}
	return first(
		named("timer.name", t.Name, "the timer has no name"), oneOf("timer.do", t.Do, TimerAdd, TimerSet, TimerStart, TimerPause),
		outside("timer.time", t.Time, MaxDelay),
	)
}

// problems returns all that is wrong with a pool that stands in depth others.
func (p Pool) problems(depth int) []Problem {
	switch {
	case depth >= maxDepth:
		return []Problem{{"pool", ProblemRange, fmt.Sprintf("pools stand in pools, more than %d deep", maxDepth)}}
	case len(p.Choices) == 0:
		return []Problem{{"pool.choice", ProblemMissing, "the pool has nothing to choose from"}}
	case len(p.Choices) > maxChoices:
		return []Problem{{"pool.choice", ProblemRange, fmt.Sprintf("the pool has more than %d choices", maxChoices)}}
	}
	var all []Problem
	var order Problem
	if errors.As(oneOf("pool.order", p.Order, PoolRandom, PoolCycle), &order) {
		all = append(all, order)
	}
	for i, c := range p.Choices {
		field := fmt.Sprintf("pool.choice[%d].", i)
		if c.Weight < 0 || c.Weight > 1_000_000 {
			all = append(all, Problem{field + "weight", ProblemRange, "a weight must be from 0 to 1,000,000"})
		}
		for n, s := range c.Actions {
			for _, inner := range s.problems(depth + 1) {
				inner.Field = strings.TrimSuffix(fmt.Sprintf("%saction[%d].%s", field, n, inner.Field), ".")
				all = append(all, inner)
			}
		}
	}
	return all
}

func (r Run) check() error { return named("run.rule", r.Rule, "no rule is chosen") }
