package profile

import (
	"math"
	"strings"

	"github.com/livecue/livecue/core/action"
	"github.com/livecue/livecue/core/rule"
)

// normalize gives p the one form in which it is kept, so that saving and loading change nothing: no empty lists, and texts of
// several lines with plain line ends and none after the last line.
func normalize(p Profile) Profile {
	p = p.Clone()
	trim(&p.RCON)
	for i := range p.RCON {
		trim(&p.RCON[i].FailurePatterns)
	}
	trim(&p.Viewers.Allow)
	trim(&p.Viewers.Block)
	trim(&p.Plugins)
	for i := range p.Plugins {
		trim(&p.Plugins[i].Args)
		trim(&p.Plugins[i].Events)
	}
	trim(&p.Groups)
	trim(&p.Rules)
	for i := range p.Rules {
		trim(&p.Rules[i].Actions)
		normalizeConditions(&p.Rules[i].Conditions)
		action.Each(p.Rules[i].Actions, normalizeSpec)
	}
	return p
}

// trim makes an empty list none.
func trim[T any](list *[]T) {
	if len(*list) == 0 {
		*list = nil
	}
}

func normalizeConditions(all *[]rule.Condition) {
	trim(all)
	for i := range *all {
		c := &(*all)[i]
		trim(&c.Viewers)
		trim(&c.Days)
		if math.IsNaN(c.Percent) {
			c.Percent = 0 // not even equal to itself
		}
		normalizeConditions(&c.Conditions)
	}
}

func normalizeSpec(a *action.Spec) {
	for _, text := range manyLines(a) {
		*text = trimLines(*text)
	}
	if a.HTTP != nil && len(a.HTTP.Headers) == 0 {
		a.HTTP.Headers = nil
	}
	if a.Program != nil {
		trim(&a.Program.Args)
	}
	if a.Pool != nil {
		trim(&a.Pool.Choices)
		for i := range a.Pool.Choices {
			trim(&a.Pool.Choices[i].Actions)
		}
	}
}

// manyLines points at the texts of an action that a profile writes over several lines.
func manyLines(a *action.Spec) []*string {
	var texts []*string
	if a.RCON != nil {
		texts = append(texts, &a.RCON.Command)
	}
	if a.HTTP != nil {
		texts = append(texts, &a.HTTP.Body)
	}
	return texts
}

func trimLines(text string) string {
	return strings.TrimRight(strings.ReplaceAll(text, "\r\n", "\n"), "\n")
}
