package library

import (
	"errors"
	"io/fs"
	"reflect"
	"slices"

	"github.com/livecue/livecue/core/profile"
	"github.com/livecue/livecue/core/rule"
)

// State is an earlier state of a profile, with what is in it.
type State struct {
	profile.Backup
	// Name is what the profile was called.
	Name string
	// Rules is how many it had.
	Rules int
	// Problem is why it cannot be read, or nil.
	Problem error
	// Why says which change it was kept for.
	Why Why
}

// Why is the change before which a state was kept. It is found by comparing the state with the one after it.
type Why struct {
	Kind WhyKind
	// N is how many rules it was about, and Rule the name of the first.
	N    int
	Rule string
}

// WhyKind is a kind of change.
type WhyKind string

// The kinds.
const (
	WhyUnknown  WhyKind = "unknown" // what came after it cannot be read
	WhyDeleted  WhyKind = "deleted"
	WhyRestored WhyKind = "restored" // an earlier state was brought back
	WhyRenamed  WhyKind = "renamed"
	WhyAdded    WhyKind = "added"   // rules
	WhyRemoved  WhyKind = "removed" // rules
	WhyChanged  WhyKind = "changed" // rules
	WhyMoved    WhyKind = "moved"   // rules have another order
	WhySettings WhyKind = "settings"
)

// History returns the earlier states of a profile, or of a deleted one by its id, the newest first. It reads all of them.
func (l *Library) History(ref string) ([]State, error) {
	id, err := l.findAny(ref)
	if err != nil {
		return nil, err
	}
	return History(l.path(id))
}

// History returns the earlier states of the profile at path, which need not be in a library.
func History(path string) ([]State, error) {
	kept, err := profile.Backups(path)
	if err != nil {
		return nil, err
	}
	read := make([]*profile.Profile, len(kept)+1) // the state of now, then the backups; nil where one cannot be read
	now, err := profile.Load(path)
	isThere := !errors.Is(err, fs.ErrNotExist)
	if err == nil {
		read[0] = &now
	}
	states := make([]State, len(kept))
	for i, b := range kept {
		states[i].Backup = b
		p, err := profile.Load(b.Path)
		if err != nil {
			states[i].Problem = err
			continue
		}
		states[i].Name, states[i].Rules, read[i+1] = p.Name, len(p.Rules), &p
	}
	for i := range states {
		if i == 0 && !isThere {
			states[i].Why.Kind = WhyDeleted
			continue
		}
		states[i].Why = why(read[i+1], read[i], read[i+2:])
	}
	return states, nil
}

// why compares a state with the one after it; earlier are those before it.
func why(old, next *profile.Profile, earlier []*profile.Profile) Why {
	if old == nil || next == nil {
		return Why{Kind: WhyUnknown}
	}
	isSame := func(p *profile.Profile) bool { return p != nil && reflect.DeepEqual(*p, *next) }
	if slices.ContainsFunc(earlier, isSame) {
		return Why{Kind: WhyRestored}
	}
	if w := compareRules(old.Rules, next.Rules); w.Kind != "" {
		return w
	}
	if old.Name != next.Name {
		return Why{Kind: WhyRenamed}
	}
	return Why{Kind: WhySettings}
}

// compareRules tells the one thing that counts most: a rule that is gone is what a backup is looked for.
func compareRules(old, next []rule.Rule) Why {
	if reflect.DeepEqual(old, next) {
		return Why{}
	}
	byID := func(rules []rule.Rule, id string) int {
		return slices.IndexFunc(rules, func(r rule.Rule) bool { return r.ID == id })
	}
	var removed, added, changed []string
	for _, r := range old {
		switch i := byID(next, r.ID); {
		case i < 0:
			removed = append(removed, r.Name)
		case !reflect.DeepEqual(next[i], r):
			changed = append(changed, r.Name)
		}
	}
	for _, r := range next {
		if byID(old, r.ID) < 0 {
			added = append(added, r.Name)
		}
	}
	for _, found := range []struct {
		kind  WhyKind
		rules []string
	}{{WhyRemoved, removed}, {WhyAdded, added}, {WhyChanged, changed}} {
		if len(found.rules) > 0 {
			return Why{Kind: found.kind, N: len(found.rules), Rule: found.rules[0]}
		}
	}
	return Why{Kind: WhyMoved}
}
