package mca

import (
	"encoding/json"
	"fmt"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/livecue/livecue/core/action"
	"github.com/livecue/livecue/core/action/rcon"
	"github.com/livecue/livecue/core/event"
	"github.com/livecue/livecue/core/rule"
)

func gifts() []event.GiftInfo {
	return []event.GiftInfo{
		{ID: 5655, Name: "Rose", Coins: 1},
		{ID: 8913, Name: "Rosa", Coins: 10},
		{ID: 7934, Name: "Heart Me", Coins: 1},
		{ID: 1, Name: "Twin", Coins: 1},
		{ID: 2, Name: "twin", Coins: 5},
	}
}

func TestSplit(t *testing.T) {
	for _, c := range []struct {
		text       string
		parts      []string
		comment    string
		unbalanced bool
	}{
		{"/a; /b", []string{"/a", "/b"}, "", false},
		{"/a;;/b;", []string{"/a", "", "/b", ""}, "", false},
		{"/a # x; y", []string{"/a"}, "# x; y", false},
		{`/tellraw @a "one; two # three"; /b`, []string{`/tellraw @a "one; two # three"`, "/b"}, "", false},
		{`/tellraw @a {"text":"a \" ; b"}; /b`, []string{`/tellraw @a {"text":"a \" ; b"}`, "/b"}, "", false},
		{`/give @a book{pages:['{"text":"a;b"}'],x:[I;1,2]} 1; /b`, []string{`/give @a book{pages:['{"text":"a;b"}'],x:[I;1,2]} 1`, "/b"}, "", false},
		{`/kill @e[type=#minecraft:skeletons]; /b`, []string{`/kill @e[type=#minecraft:skeletons]`, "/b"}, "", false},
		{`/say Don't; /say can't`, []string{`/say Don't`, `/say can't`}, "", false},
		{`/say 'tis; /b`, []string{`/say 'tis`, "/b"}, "", false},
		{`/say :]; /b`, []string{`/say :]`, "/b"}, "", false},
		{`/say {; /b # c`, []string{`/say {`, "/b"}, "# c", true},
		{`>>You're {user} :(|:{|5; /b`, []string{`>>You're {user} :(|:{|5`, "/b"}, "", false},
		{``, []string{""}, "", false},
	} {
		parts, comment, isBalanced := split(c.text)
		for i := range parts {
			parts[i] = strings.TrimSpace(parts[i])
		}
		if !reflect.DeepEqual(parts, c.parts) || comment != c.comment || isBalanced == c.unbalanced {
			t.Errorf("%q: got %q, %q, balanced %v", c.text, parts, comment, isBalanced)
		}
	}
}

// describe says what a rule does, for tables.
func describe(r rule.Rule) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s %d %q every %d", r.Trigger.Kind, r.Trigger.GiftID, r.Trigger.Gift, r.Trigger.Every)
	if r.Off {
		b.WriteString(" off")
	}
	for _, a := range r.Actions {
		fmt.Fprintf(&b, " | %dx", max(a.Repeat, 1))
		if a.PerGift {
			b.WriteString(" per gift")
		}
		switch {
		case a.RCON != nil:
			b.WriteString(" " + strings.ReplaceAll(a.RCON.Command, "\n", "⏎"))
		case a.Overlay != nil:
			fmt.Fprintf(&b, " alert %q for %v", a.Overlay.Text, a.Overlay.For.Std())
		case a.Pool != nil:
			for _, c := range a.Pool.Choices {
				b.WriteString(" ?" + c.Actions[0].Run.Rule)
			}
		}
	}
	return b.String()
}

func TestRead(t *testing.T) {
	title := func(seconds int, title, subtitle string) string {
		return fmt.Sprintf(`title @a times 10 %d 20⏎title @a subtitle {"text":"%s"}⏎title @a title {"text":"%s"}`, seconds*20, subtitle, title)
	}
	for name, c := range map[string]struct {
		text     string
		rules    []string
		problems []string // line, "lost" or "note", a part of the reason
	}{
		"a gift by its number": {
			text:     "5655:!tnt 2 0.1 2 Notch",
			rules:    []string{`gift 5655 "Rose" every 0 | 1x per gift tnt 2 0.1 2 Notch`},
			problems: nil,
		},
		"a gift that is not known": {text: "77:!tnt 1", rules: []string{`gift 77 "" every 0 | 1x per gift tnt 1`}},
		"a gift by its name":       {text: "heart_me:!a\nROSE:!b", rules: []string{`gift 7934 "Heart Me" every 0 | 1x per gift a`, `gift 5655 "Rose" every 0 | 1x per gift b`}},
		"a name of two gifts": {
			text: "twin:!a", rules: []string{`gift 0 "Twin" every 0 | 1x per gift a`}, problems: []string{"1 note several gifts"},
		},
		"a name of no gift": {
			text: "no_such:!a", rules: []string{`gift 0 "no such" every 0 off | 1x per gift a`}, problems: []string{"1 note switched off"},
		},
		"one gift twice": {
			text:  "5655:!a\nrose:!b",
			rules: []string{`gift 5655 "Rose" every 0 off | 1x per gift a`, `gift 5655 "Rose" every 0 | 1x per gift b`}, problems: []string{"1 note by its name"},
		},
		"repetitions": {
			text:     "follow:/summon creeper ~ ~ ~ x3; !a; !b x0; !c x5 x; !d x99999999999999999999",
			rules:    []string{`follow 0 "" every 0 | 3x summon creeper ~ ~ ~ | 1x a⏎b⏎c x5 x | 10000x d`},
			problems: []string{"1 note the most", "1 note once for every player"},
		},
		"who runs it": {
			text: "join:/effect give @s speed 5; /say {user}", rules: []string{`join 0 "" every 0 | 1x execute as @a run effect give @s speed 5⏎say @a`},
			problems: []string{"1 note for every player", "1 note every player, @a"},
		},
		"likes": {
			text:  "likes:!a\nlike_2:!b\nlike_3:!c",
			rules: []string{`likes 0 "" every 100 | 1x a`, `likes 0 "" every 100000 | 1x b`, `likes 0 "" every 1000 off | 1x c`},
			problems: []string{
				"1 note 100 was taken", "2 note 100000 was taken", "3 note switched off",
			},
		},
		"texts": {
			text:  `follow:>>New "Follower"!|{user} \o/ {count}|5; >>only; >>|sub|x` + "\n" + `likes:>>{user}|a|b|c`,
			rules: []string{`follow 0 "" every 0 | 1x ` + title(5, `New \"Follower\"!`, `{user:json} \\o/ \u007bcount\u007d`) + " | 1x " + title(3, "only", "") + " | 1x " + title(3, "", "sub"), `likes 0 "" every 100 | 1x ` + title(3, "Community", "a")},
			problems: []string{
				"1 note no number of seconds", "2 note 100 was taken", "2 note no number of seconds", "2 note third",
			},
		},
		"chance": {
			text:     "5655:!a\n8913:$random x2\nfollow:!b; $random\nlikes:!c\n7934:!d",
			rules:    []string{`gift 5655 "Rose" every 0 | 1x per gift a`, `gift 8913 "Rosa" every 0 | 2x per gift ?mca-5655 ?mca-7934`, `follow 0 "" every 0 | 1x b | 1x ?mca-5655 ?mca-7934`, `likes 0 "" every 100 | 1x c`, `gift 7934 "Heart Me" every 0 | 1x per gift d`},
			problems: []string{"4 note 100"},
		},
		"nothing to choose from": {
			text: "5655:$random\nfollow:!b", rules: []string{`follow 0 "" every 0 | 1x b`}, problems: []string{"1 lost no other trigger"},
		},
		"two lines": {
			text: "\ufefffollow:!a\r\n\r\n# nothing: here\r\n  follow : !b  # why", rules: []string{`follow 0 "" every 0 | 1x a⏎b`},
		},
		"what cannot be taken": {
			text: "follow /say x\nfollow:$dance\nfollow:say x\n:!a\n***:!b\nfollow:\nfollow:/;!\n0:!x\nfollow:/say \xff\nfollow:/say \x01\nfollow:!" + strings.Repeat("y", 1447) + "\nfollow:>>|",
			problems: []string{
				"1 lost no colon", "2 lost script", "3 lost must begin", "4 lost cannot be a trigger", "5 lost cannot be a trigger", "6 lost nothing follows",
				"7 lost empty", "7 lost empty", "8 lost number", "9 lost UTF-8", "10 lost control", "11 lost 1447 bytes", "12 lost no text",
			},
		},
		"odd comments": {
			text: "follow:!fill air replace #minecraft:logs\nshare:>>You are #1", rules: []string{`follow 0 "" every 0 | 1x fill air replace`, `share 0 "" every 0 | 1x ` + title(3, "You are", "")},
			problems: []string{"1 note comment", "2 note comment"},
		},
		"a placeholder of ours": {
			text: "follow:!say {count}", rules: []string{`follow 0 "" every 0 | 1x say {count}`}, problems: []string{"1 note {count}"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			got := Read(c.text, Options{Gifts: gifts()})
			var rules []string
			for _, r := range got.Rules {
				rules = append(rules, describe(r))
			}
			if !reflect.DeepEqual(rules, c.rules) {
				t.Errorf("rules:\n got %s\nwant %s", strings.Join(rules, "\n     "), strings.Join(c.rules, "\n     "))
			}
			if len(got.Problems) != len(c.problems) {
				t.Fatalf("problems: %+v", got.Problems)
			}
			for i, p := range got.Problems {
				kind := "note"
				if p.Lost {
					kind = "lost"
				}
				head, rest, _ := strings.Cut(c.problems[i], kind+" ")
				if head != fmt.Sprintf("%d ", p.Line) || !strings.Contains(p.Reason, rest) {
					t.Errorf("problem %d: %+v, want %s", i, p, c.problems[i])
				}
			}
			wantSound(t, got)
		})
	}
}

func TestAlerts(t *testing.T) {
	got := Read("follow:>>Hi {user}|there|7", Options{Alerts: true})
	if len(got.Rules) != 1 || describe(got.Rules[0]) != `follow 0 "" every 0 | 1x alert "Hi {user}\nthere" for 7s` {
		t.Errorf("got %+v", got)
	}
}

func TestTakenIDsAndServer(t *testing.T) {
	got := Read("follow:!a\n5655:!b", Options{Server: "skyblock", IsTaken: func(id string) bool { return id == "mca-follow" }})
	if got.Rules[0].ID != "mca-follow-2" || got.Rules[1].ID != "mca-5655" || got.Rules[0].Actions[0].RCON.Server != "skyblock" {
		t.Errorf("got %+v", got.Rules)
	}
}

func TestAHundredChoicesAndMore(t *testing.T) {
	var text strings.Builder
	text.WriteString("1:$random\n")
	for i := range 250 {
		fmt.Fprintf(&text, "%d:!x\n", 1000+i)
	}
	got := Read(text.String(), Options{})
	wantSound(t, got)
	pool := got.Rules[0].Actions[0].Pool
	if len(pool.Choices) != 3 || pool.Choices[0].Weight != 100 || pool.Choices[2].Weight != 50 || len(pool.Choices[2].Actions[0].Pool.Choices) != 50 {
		t.Errorf("got %+v", pool)
	}
}

// The file that Tiktok2Mc's users begin with is of this shape.
func TestAWholeFile(t *testing.T) {
	text, err := os.ReadFile("testdata/actions.mca")
	if err != nil {
		t.Fatal(err)
	}
	got := Read(string(text), Options{Gifts: gifts()})
	wantSound(t, got)
	if len(got.Rules) != 9 || got.Taken != got.Commands || got.Commands != 15 {
		t.Errorf("%d rules, %d of %d commands", len(got.Rules), got.Taken, got.Commands)
	}
	if slices.ContainsFunc(got.Problems, func(p Problem) bool { return p.Lost }) {
		t.Errorf("problems: %+v", got.Problems)
	}
}

// wantSound checks what holds for every result: sound rules with ids of their own whose commands can be sent, titles that are JSON,
// pools that name rules, and each command taken or told of.
func wantSound(t *testing.T, got Result) {
	t.Helper()
	ids := map[string]bool{}
	for _, r := range got.Rules {
		if problems := rule.Check(r); len(problems) > 0 {
			t.Errorf("rule %q: %+v", r.Name, problems)
		}
		if ids[r.ID] {
			t.Errorf("two rules have the id %q", r.ID)
		}
		ids[r.ID] = true
	}
	for _, r := range got.Rules {
		for _, a := range r.Actions {
			wantSoundAction(t, a, ids)
		}
	}
	lost := 0
	for _, p := range got.Problems {
		if p.Reason == "" || len([]rune(p.Text)) > maxShown {
			t.Errorf("problem %+v", p)
		}
		if p.Lost {
			lost++
		}
	}
	if got.Taken > got.Commands || got.Commands-got.Taken > lost && !slices.ContainsFunc(got.Problems, func(p Problem) bool { return p.Lost }) {
		t.Errorf("%d of %d commands were taken, and %d problems tell of one", got.Taken, got.Commands, lost)
	}
}

func wantSoundAction(t *testing.T, a action.Spec, ids map[string]bool) {
	t.Helper()
	switch {
	case a.RCON != nil:
		f := action.Fields{User: `pixel"pia`, Nickname: "Pia"}
		lines, err := rcon.Render(*a.RCON, f)
		if strings.HasPrefix(a.RCON.Command, titleTimes) && err != nil {
			t.Errorf("%q cannot be sent: %v", a.RCON.Command, err)
		}
		for _, line := range lines {
			_, text, isTitle := strings.Cut(line, "title @a subtitle ")
			if isTitle && strings.HasPrefix(a.RCON.Command, titleTimes) && !json.Valid([]byte(text)) {
				t.Errorf("%q is no JSON", text)
			}
		}
	case a.Pool != nil:
		for _, c := range a.Pool.Choices {
			wantSoundAction(t, c.Actions[0], ids)
		}
	case a.Run != nil && !ids[a.Run.Rule]:
		t.Errorf("a pool names %q, which is no rule", a.Run.Rule)
	}
}

func TestHugeFilesAreRefusedAtOnce(t *testing.T) {
	if got := Read(strings.Repeat("x", MaxFile+1), Options{}); len(got.Rules) != 0 || len(got.Problems) != 1 || !got.Problems[0].Lost {
		t.Errorf("got %+v", got)
	}
	begin := time.Now()
	for _, text := range []string{
		strings.Repeat("[", MaxFile-2), "a:" + strings.Repeat(" '", MaxFile/4), strings.Repeat("a:!b\n", MaxFile/6), strings.Repeat(";", MaxFile),
		"a:" + strings.Repeat(";", maxLine-10), "a:" + strings.Repeat(">>;", maxLine/4), "a:" + strings.Repeat("!b x2;", maxLine/8),
		"a:/" + strings.Repeat(" '\\", maxLine/4), strings.Repeat("a:/b"+strings.Repeat(" ", maxLine-10)+"\n", 15),
		strings.Repeat("a:/"+strings.Repeat(" '\\", maxLine/4)+"\n", 15),
	} {
		wantSound(t, Read(text, Options{}))
	}
	if took := time.Since(begin); took > time.Minute {
		t.Errorf("it took %v", took)
	}
}

func FuzzRead(f *testing.F) {
	for _, seed := range []string{
		"5655:!tnt 2\nfollow:/give @a x 7; >>T|{user}|5 # c\n1:$random x3", `a:/say {"x":'[;#'} x2; !b`, "like_9:>>{|}|9", "\ufeff:", "a:;\xff", "x:$y",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		got := Read(text, Options{Gifts: gifts()})
		wantSound(t, got)
		for n, line := range strings.Split(text, "\n") {
			code, _, _ := strings.Cut(strings.Trim(line, "\ufeff \t\r"), "#")
			trigger, rest, hasColon := strings.Cut(code, ":")
			isWord := strings.Trim(trigger, "abcdefghijklmnopqrstuvwxyz") == "" && trigger != ""
			if !hasColon || !isWord || len(text) > MaxFile || strings.TrimSpace(rest) == "" {
				continue
			}
			isRule := slices.ContainsFunc(got.Rules, func(r rule.Rule) bool { return strings.HasPrefix(r.ID, "mca-"+trigger[:min(len(trigger), 100)]) })
			isTold := slices.ContainsFunc(got.Problems, func(p Problem) bool { return p.Lost && p.Line == n+1 })
			if !isRule && !isTold {
				t.Errorf("line %d, %q, was dropped in silence", n+1, line)
			}
		}
	})
}
