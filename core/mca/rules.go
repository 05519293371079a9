package mca

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/livecue/livecue/core/action"
	"github.com/livecue/livecue/core/event"
	"github.com/livecue/livecue/core/rule"
)

const (
	// maxRules bounds the rules that a file can have.
	maxRules = 2000
	// maxCommand is the longest command that a Minecraft server reads over RCON, in bytes.
	maxCommand = 1446
	// maxChoices bounds the choices of a pool.
	maxChoices = 100
	// unknownEvery stands for a number of likes that is not known.
	unknownEvery = 1000
)

// Options say what a file does not tell.
type Options struct {
	// Gifts are those that are known, to find the ones that a file names.
	Gifts []event.GiftInfo
	// LikesEvery is how many likes each trigger for likes waits for, by its name. Tiktok2Mc keeps that in its config.yaml; nil
	// is what is in there at first: 100 for "likes", 100,000 for "like_2".
	LikesEvery map[string]int
	// Server is the game server for the commands; empty is the profile's first.
	Server string
	// Alerts makes overlay alerts of >> lines, which Tiktok2Mc shows in the stream, instead of titles in the game.
	Alerts bool
	// IsTaken reports whether a rule with that id is there already; nil is none.
	IsTaken func(id string) bool
}

// Result is what became of a file.
type Result struct {
	// Rules are sound: rule.Check finds nothing in them. Their ids are those of no other rule.
	Rules []rule.Rule
	// Problems are in the order of the file.
	Problems []Problem
	// Commands is how many commands the file has, Taken how many of them the rules do.
	Commands, Taken int
}

// Read makes rules of the content of an actions.mca. It changes nothing.
func Read(text string, o Options) Result {
	if o.LikesEvery == nil {
		o.LikesEvery = map[string]int{"likes": 100, "like_2": 100_000}
	}
	b := &builder{parser: parse(text), opts: o, ids: map[string]bool{}}
	for _, s := range b.statements {
		b.rule(s)
	}
	b.check(func(m *made) bool { return len(m.pools) == 0 })
	b.fillPools()
	b.check(func(m *made) bool { return len(m.pools) > 0 })
	b.switchOffTwins()
	slices.SortStableFunc(b.problems, func(a, c Problem) int { return cmp.Compare(a.Line, c.Line) })
	result := Result{Problems: b.problems, Commands: b.commands}
	for _, m := range b.made {
		result.Rules = append(result.Rules, m.rule)
		result.Taken += m.taken
	}
	return result
}

// builder turns statements into rules.
type builder struct {
	*parser
	opts Options
	made []*made
	ids  map[string]bool
	// isPerPlayerTold says that it was said once that commands ran for each player.
	isPerPlayerTold bool
}

// made is a rule with where it comes from.
type made struct {
	*statement
	rule  rule.Rule
	taken int // commands
	// pools are the actions that stand for another trigger by chance.
	pools []int
}

func (b *builder) rule(s *statement) {
	if len(s.commands) == 0 {
		return
	}
	if len(b.made) >= maxRules {
		b.loseAll(s, TooManyTriggers, "there are more than %d triggers", maxRules)
		return
	}
	m := &made{statement: s}
	if !b.trigger(m) {
		return
	}
	for _, c := range s.commands {
		if b.action(m, c) {
			m.taken++
		}
	}
	if len(m.rule.Actions) == 0 {
		return
	}
	m.rule.ID = b.id(s.name)
	b.made = append(b.made, m)
}

// id returns an id that no other rule has.
func (b *builder) id(name string) string {
	if len(name) > 100 {
		name = name[:100]
	}
	id := "mca-" + name
	for n := 2; b.ids[id] || b.opts.IsTaken != nil && b.opts.IsTaken(id); n++ {
		id = fmt.Sprintf("mca-%s-%d", name, n)
	}
	b.ids[id] = true
	return id
}

// loseAll tells that none of a statement's commands is taken.
func (b *builder) loseAll(s *statement, code Code, format string, args ...any) {
	for _, c := range s.commands {
		b.lost(c.line, s.trigger+":"+string(c.kind)+c.body, code, format, args...)
	}
}

// trigger sets trigger and name of the rule, or tells why there can be none.
func (b *builder) trigger(m *made) bool {
	r := &m.rule
	every, isKnown := b.opts.LikesEvery[m.name]
	switch {
	case strings.Trim(m.name, "0123456789") == "":
		id, err := strconv.ParseInt(m.name, 10, 64)
		if err != nil || id == 0 {
			b.loseAll(m.statement, NoGiftNumber, "the gift's number cannot be one")
			return false
		}
		r.Trigger, r.Name = rule.Trigger{Kind: rule.OnGift, GiftID: id}, "Gift "+strconv.FormatInt(id, 10)
		if i := slices.IndexFunc(b.opts.Gifts, func(g event.GiftInfo) bool { return g.ID == id }); i >= 0 {
			r.Trigger.Gift, r.Name = b.opts.Gifts[i].Name, "Gift: "+nameOf(b.opts.Gifts[i].Name)
		}
	case m.name == "follow":
		r.Trigger, r.Name = rule.Trigger{Kind: rule.OnFollow}, "Follow"
	case m.name == "share":
		r.Trigger, r.Name = rule.Trigger{Kind: rule.OnShare}, "Share"
	case m.name == "join":
		r.Trigger, r.Name = rule.Trigger{Kind: rule.OnJoin}, "Join"
	case m.name == "subscribe":
		r.Trigger, r.Name = rule.Trigger{Kind: rule.OnSubscribe}, "Subscription"
	case isKnown && every > 0:
		r.Trigger, r.Name = rule.Trigger{Kind: rule.OnLikes, Every: every}, fmt.Sprintf("Every %d likes", every)
		b.note(m.line, m.trigger, LikesTaken, "config.yaml says how many likes %s waits for: %d was taken. They are the stream's likes, as shown on screen", m.name, every)
	case strings.HasPrefix(m.name, "like"):
		r.Trigger, r.Name, r.Off = rule.Trigger{Kind: rule.OnLikes, Every: unknownEvery}, "Likes: "+nameOf(m.trigger), true
		b.note(m.line, m.trigger, LikesUnknown, "config.yaml says how many likes %s waits for: set it in the rule, which is switched off until then", shorten(m.name))
	default:
		b.giftByName(m)
	}
	return true
}

// giftByName makes the trigger of a rule for the gift of that name.
func (b *builder) giftByName(m *made) {
	var found []event.GiftInfo
	for _, g := range b.opts.Gifts {
		if sanitize(g.Name) == m.name {
			found = append(found, g)
		}
	}
	r := &m.rule
	r.Trigger.Kind = rule.OnGift
	if len(found) == 0 {
		r.Trigger.Gift = nameOf(strings.ReplaceAll(m.trigger, "_", " "))
		r.Name, r.Off = "Gift: "+r.Trigger.Gift, true
		b.note(m.line, m.trigger, UnknownGift, "no gift of that name is known: choose the trigger of the rule, which is switched off until then")
		return
	}
	r.Trigger.Gift, r.Name = found[0].Name, "Gift: "+nameOf(found[0].Name)
	if len(found) == 1 {
		r.Trigger.GiftID = found[0].ID
		return
	}
	b.note(m.line, m.trigger, SeveralGifts, "several gifts have that name, and the rule is for all of them")
}

// switchOffTwins switches rules by a gift's number off where there is one by its name: Tiktok2Mc takes the name alone, and both
// would do one gift twice.
func (b *builder) switchOffTwins() {
	byName := map[int64]bool{}
	isNumber := func(m *made) bool { return strings.Trim(m.name, "0123456789") == "" }
	for _, m := range b.made {
		if m.rule.Trigger.GiftID != 0 && !isNumber(m) {
			byName[m.rule.Trigger.GiftID] = true
		}
	}
	for _, m := range b.made {
		if isNumber(m) && byName[m.rule.Trigger.GiftID] {
			m.rule.Off = true
			b.note(m.line, m.trigger, SameGift, "the file has the same gift by its name, which Tiktok2Mc prefers: this rule is switched off")
		}
	}
}

// check keeps those of some rules out that are not sound.
func (b *builder) check(isMeant func(*made) bool) {
	b.made = slices.DeleteFunc(b.made, func(m *made) bool {
		if !isMeant(m) {
			return false
		}
		problems := rule.Check(m.rule)
		if len(problems) > 0 {
			b.lost(m.line, m.trigger, Unsound, "%v", problems[0])
		}
		return len(problems) > 0
	})
}

// fillPools gives each $random the rules that it can choose from: all but those for follows and the two for likes that Tiktok2Mc has
// at first, and those with a $random themselves.
func (b *builder) fillPools() {
	var choices []action.Choice
	for _, m := range b.made {
		if len(m.pools) == 0 && !slices.Contains([]string{"likes", "like_2", "follow"}, m.name) {
			choices = append(choices, action.Choice{Actions: []action.Spec{{Run: &action.Run{Rule: m.rule.ID}}}})
		}
	}
	for _, m := range b.made {
		if len(choices) > 0 {
			for _, i := range m.pools {
				m.rule.Actions[i].Pool = poolOf(choices).Clone().Pool
			}
			continue
		}
		for _, i := range slices.Backward(m.pools) {
			m.rule.Actions = slices.Delete(m.rule.Actions, i, i+1)
			m.taken--
			b.lost(m.line, m.trigger+":$random", NoOther, "there is no other trigger to choose from")
		}
	}
	b.made = slices.DeleteFunc(b.made, func(m *made) bool { return len(m.rule.Actions) == 0 })
}

// poolOf returns an action that chooses one of choices, each as likely as the other. Many stand in pools inside the pool.
func poolOf(choices []action.Choice) action.Spec {
	if len(choices) <= maxChoices {
		return action.Spec{Pool: &action.Pool{Choices: choices}}
	}
	pool := &action.Pool{}
	for part := range slices.Chunk(choices, maxChoices) {
		pool.Choices = append(pool.Choices, action.Choice{Weight: len(part), Actions: []action.Spec{poolOf(part)}})
	}
	return action.Spec{Pool: pool}
}

// nameOf makes text short enough for the name of a rule.
func nameOf(text string) string {
	text = shorten(text)
	for len(text) > rule.MaxName/2 {
		_, size := utf8.DecodeLastRuneInString(text)
		text = text[:len(text)-size]
	}
	return text
}

// self finds a selector of who runs a command.
var self = regexp.MustCompile(`@s\b`)
