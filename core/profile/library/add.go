package library

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"

	"github.com/livecue/livecue/core/action"
	"github.com/livecue/livecue/core/profile"
	"github.com/livecue/livecue/core/rule"
)

// Add hands save the profile into with the rules of a previewed one, and keeps their files where that succeeds. The other settings stay
// as they are. What is for a game server goes to into's own of that name; servers of other names come along, under another name where
// Import would give them one. Rules that cannot be used are left out. The changes tell of all that.
func (l *Library) Add(into profile.Profile, v *Preview, c Choices, save func(profile.Profile) error) (changes []Change, err error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	sum, im, err := l.prepareAdd(into, v, c)
	if err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, os.RemoveAll(im.folder)) // it is new, and nobody else's
		}
	}()
	if err := im.writeFiles(); err != nil {
		return nil, err
	}
	return im.changes, save(sum)
}

// PlanAdd tells what Add would make different, and the rules that it would add. It changes nothing.
func (l *Library) PlanAdd(into profile.Profile, v *Preview, c Choices) ([]rule.Rule, []Change, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	_, im, err := l.prepareAdd(into, v, c)
	if err != nil {
		return nil, nil, err
	}
	return im.profile.Rules, im.changes, nil
}

// prepareAdd makes the rules of a previewed profile fit for this computer and for into, and returns both together. The lock is held.
func (l *Library) prepareAdd(into profile.Profile, v *Preview, c Choices) (profile.Profile, *importer, error) {
	all, err := l.List()
	if err != nil {
		return profile.Profile{}, nil, err
	}
	im := &importer{profile: v.Profile.Clone(), preview: v}
	if err := im.leaveBroken(); err != nil {
		return profile.Profile{}, nil, err
	}
	im.folder = filepath.Join(l.data, l.newID("added "+shortName(v.Profile.Name)))
	if !c.Trust {
		im.switchOff()
	}
	into = into.Clone()
	im.useServersOf(into)
	if !c.Trust {
		im.renameServers(l.servers(all), c.HasSecret)
	}
	im.placeFiles(c.Trust)
	im.giveIDs(into.Rules)
	for _, s := range im.profile.RCON {
		im.tell("", ChangedNewServer, s.Name, s.Address)
	}
	into.RCON = append(into.RCON, im.profile.RCON...)
	for _, g := range im.profile.Groups {
		if !slices.ContainsFunc(into.Groups, func(o profile.Group) bool { return o.Name == g.Name }) {
			into.Groups = append(into.Groups, g)
		}
	}
	into.Rules = append(into.Rules, im.profile.Rules...)
	return into, im, nil
}

// leaveBroken removes the rules that cannot be used: one of them would keep the whole profile from being saved. A rule that runs one
// of those cannot be used either.
func (im *importer) leaveBroken() error {
	for {
		issues := im.profile.Check()
		i := slices.IndexFunc(issues, func(i profile.Issue) bool { return i.Severity == profile.SeverityError })
		if i < 0 {
			return nil
		}
		before := len(im.profile.Rules)
		broken := issues[i]
		im.profile.Rules = slices.DeleteFunc(im.profile.Rules, func(r rule.Rule) bool { return broken.RuleID != "" && r.ID == broken.RuleID })
		if len(im.profile.Rules) == before {
			return fmt.Errorf("the file cannot be used: %s", broken.Text)
		}
		im.tell(broken.RuleName, ChangedLost, broken.Text)
	}
}

// useServersOf lets rules send to the servers that into has by the same names. An action that names none is for the first server, as
// it was.
func (im *importer) useServersOf(into profile.Profile) {
	im.profile.RCON = slices.DeleteFunc(im.profile.RCON, func(s profile.Server) bool {
		i := slices.IndexFunc(into.RCON, func(mine profile.Server) bool { return mine.Name == s.Name })
		if i >= 0 && into.RCON[i].Address != s.Address {
			im.tell("", ChangedTarget, s.Name, into.RCON[i].Address)
		}
		return i >= 0
	})
}

// giveIDs gives rules whose ids are taken other ones, and lets what runs them know.
func (im *importer) giveIDs(mine []rule.Rule) {
	taken, renamed := map[string]bool{}, map[string]string{}
	for _, r := range slices.Concat(mine, im.profile.Rules) {
		taken[r.ID] = true
	}
	for i := range im.profile.Rules {
		r := &im.profile.Rules[i]
		if slices.ContainsFunc(mine, func(o rule.Rule) bool { return o.ID == r.ID }) {
			renamed[r.ID] = unique(shortName(r.ID), func(id string) bool { return taken[id] })
			r.ID = renamed[r.ID]
			taken[r.ID] = true
		}
	}
	for i := range im.profile.Rules {
		action.Each(im.profile.Rules[i].Actions, func(s *action.Spec) {
			if s.Run != nil && renamed[s.Run.Rule] != "" {
				s.Run.Rule = renamed[s.Run.Rule]
			}
		})
	}
}

// Collision is a rule to be added that stands beside one of the user's own.
type Collision struct {
	// Rule is the name of the new rule, Own that of the user's.
	Rule, Own string
	// IsTwice says that one event fires both; otherwise only the names are the same.
	IsTwice bool
}

// Collisions compares rules to be added with the user's own. Rules that are switched off fire nothing.
func Collisions(mine, added []rule.Rule) []Collision {
	var all []Collision
	for _, r := range added {
		for _, own := range mine {
			isTwice := !r.Off && !own.Off && isSameTrigger(r.Trigger, own.Trigger)
			if isTwice || fold(strings.TrimSpace(r.Name)) == fold(strings.TrimSpace(own.Name)) {
				all = append(all, Collision{Rule: r.Name, Own: own.Name, IsTwice: isTwice})
				break // one is enough to look at the rule
			}
		}
	}
	return all
}

// isSameTrigger reports whether the same events fire both. What a gift is called does not matter where its number is known.
func isSameTrigger(a, b rule.Trigger) bool {
	if a.GiftID != 0 && a.GiftID == b.GiftID {
		a.Gift, b.Gift = "", ""
	}
	a.Gift, b.Gift = fold(strings.TrimSpace(a.Gift)), fold(strings.TrimSpace(b.Gift))
	a.Command, b.Command = fold(a.Command), fold(b.Command)
	a.Keyword, b.Keyword = fold(a.Keyword), fold(b.Keyword)
	return a.Kind != rule.OnButton && reflect.DeepEqual(a, b)
}
