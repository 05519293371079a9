package editor

import (
	"slices"

	"github.com/livecue/livecue/core/rule"
)

// maxPast is how many changes of the rules can be undone.
const maxPast = 100

// past remembers the rules before each change, so that changes can be undone and done again.
type past struct {
	undo, redo [][]rule.Rule
}

// note keeps the rules as they were before a change. What had been undone is gone.
func (p *past) note(rules []rule.Rule) {
	p.redo = nil
	p.undo = append(p.undo, rules)
	if over := len(p.undo) - maxPast; over > 0 {
		p.undo = slices.Delete(p.undo, 0, over)
	}
}

// Undo takes the last change of the rules back, and Redo does it again. In a form they do nothing: it has its own.
func (p *Page) Undo() { p.step(&p.past.undo, &p.past.redo) }

// Redo does again what was undone last.
func (p *Page) Redo() { p.step(&p.past.redo, &p.past.undo) }

// step puts the newest rules of from in force, and keeps those of now in to.
func (p *Page) step(from, to *[][]rule.Rule) {
	if p.form != nil || len(*from) == 0 {
		return
	}
	last := len(*from) - 1
	rules := (*from)[last]
	prof := p.core.Profile()
	now := prof.Rules
	if !p.store(prof, rules) {
		return
	}
	*from = (*from)[:last]
	*to = append(*to, now)
	p.list.load()
}
