package editor

import (
	"reflect"
	"slices"

	"github.com/livecue/livecue/core/profile"
	"github.com/livecue/livecue/core/rule"
)

// maxPast is how many changes can be undone.
const maxPast = 100

// scene is all of a profile that the page changes: the rules, and the switches of their groups.
type scene struct {
	rules  []rule.Rule
	groups []profile.Group
}

func sceneOf(p profile.Profile) scene {
	p = p.Clone()
	return scene{rules: p.Rules, groups: p.Groups}
}

// past remembers the scene before each change, so that changes can be undone and done again.
type past struct {
	undo, redo []scene
	// now is what the last change has left.
	now scene
	// of is the profile whose scenes they are.
	of string
}

// note keeps the scene of a profile as it was before a change. What had been undone is gone.
func (p *past) note(of string, before, after scene) {
	p.belongTo(of)
	p.redo, p.now = nil, after
	p.undo = append(p.undo, before)
	if over := len(p.undo) - maxPast; over > 0 {
		p.undo = slices.Delete(p.undo, 0, over)
	}
}

// check forgets everything when somebody else has changed the scene, such as by opening another profile: going back from there
// would bring in what is not its own.
func (p *past) check(now scene) {
	if len(p.undo)+len(p.redo) > 0 && !reflect.DeepEqual(now, p.now) {
		*p = past{}
	}
}

// belongTo forgets the changes of another profile: their rules must not come into this one.
func (p *past) belongTo(of string) {
	if p.of != of {
		*p = past{of: of}
	}
}

// Forget lets no change up to now be undone: the rules are others by another way than the editor's.
func (p *Page) Forget() { p.past = past{} }

// Undo takes the last change of the rules back, and Redo does it again. In a form they do nothing: it has its own.
func (p *Page) Undo() { p.step(&p.past.undo, &p.past.redo) }

// Redo does again what was undone last.
func (p *Page) Redo() { p.step(&p.past.redo, &p.past.undo) }

// step puts the newest scene of from in force, and keeps that of now in to.
func (p *Page) step(from, to *[]scene) {
	prof := p.core.Profile()
	now := sceneOf(prof)
	p.past.belongTo(p.core.ProfilePath())
	p.past.check(now)
	if p.form != nil || len(*from) == 0 {
		return
	}
	last := len(*from) - 1
	s := (*from)[last]
	prof.Rules, prof.Groups = s.rules, s.groups
	if !p.store(prof) {
		return
	}
	*from = (*from)[:last]
	*to = append(*to, now)
	p.past.now = sceneOf(p.core.Profile())
	p.list.load()
}
