package rehearsal

import (
	"errors"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"
)

func parse(t *testing.T, text string) *Script {
	t.Helper()
	s, err := ParseScript("test", strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestEmbeddedScriptsLoad(t *testing.T) {
	for _, name := range Scripts() {
		s, err := Load(name)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if s.Name != name || s.Title == "" || s.Length < time.Minute || s.Length > 90*time.Second {
			t.Errorf("%s: name %q, title %q, length %s", name, s.Name, s.Title, s.Length)
		}
	}
}

func TestScriptsReturnsACopy(t *testing.T) {
	Scripts()[0] = "changed"
	if Scripts()[0] != "first-steps" {
		t.Error("a caller could change the list")
	}
}

func TestLoadReadsFiles(t *testing.T) {
	path := filepath.Join(t.TempDir(), "mine.txt")
	if err := os.WriteFile(path, []byte("\ufeffat 1s random viewer follows\r\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	s, err := Load(path)
	if err != nil {
		t.Fatal(err)
	}
	if s.Name != "mine" {
		t.Errorf("name %q", s.Name)
	}
	if _, err := Load("no-such-script"); err == nil || !strings.Contains(err.Error(), "gift-storm") {
		t.Errorf("an unknown name should list the scripts: %v", err)
	}
}

func TestParseErrorsNameLineAndExpectation(t *testing.T) {
	tests := []struct{ name, text, want string }{
		{"unknown word", "seed 1\nwhen 3s x follows", `line 2: "when": expected at, every`},
		{"empty script", "# nothing\n", "nothing happens"},
		{"unknown viewer", "at 3s pixle_pia follows", `line 1: nobody is called "pixle_pia"`},
		{"no viewer", "at 3s", "line 1: the line ends: expected a viewer"},
		{"quoted viewer", `at 3s "pia" follows`, "without quotes"},
		{"unknown deed", "at 3s random viewer dances", `"dances": expected follows, joins`},
		{"no time", "at once random viewer follows", `"once": expected a time such as 3s`},
		{"negative time", "at -3s random viewer follows", "expected a time"},
		{"too much", "at 3s random viewer follows twice", `"twice": expected the end of the line`},
		{"open quote", `at 3s random viewer says "hi`, "does not end"},
		{"bad escape", `at 3s random viewer says "\q"`, "does not end"},
		{"no text", "at 3s random viewer says hi", `"hi": expected a text in quotes`},
		{"unknown gift", "at 3s random viewer gifts Unobtainium", `no gift is called "Unobtainium"`},
		{"gift of two spellings", "at 3s random viewer gifts \"LOVE YOU\"", "several gifts"},
		{"how many", "at 3s random viewer gifts Rose five", `"five": expected how many`},
		{"backwards range", "at 3s random viewer gifts Rose x5..1", "expected how many"},
		{"zero gifts", "at 3s random viewer gifts Rose x0", "expected how many"},
		{"streak of animated", "at 3s random viewer streaks Corgi to 5 over 1s", "not combined"},
		{"streak without over", "at 3s random viewer streaks Rose to 5", `the line ends: expected "over"`},
		{"endless repetition", "every 5s random viewer follows", "line 1: repeats for ever"},
		{"until before from", "every 5s from 10s until 3s random viewer follows", "expected a time after"},
		{"too often", "every 1ns for 1h random viewer follows", "expected an interval"},
		{"too many messages", "every 1ms for 24h random viewer streaks Rose to 10000 over 1s", "more than 1000000 messages"},
		{"handle twice", "viewer pia\nviewer PIA\nat 1s pia follows", `line 2: "PIA" has been defined`},
		{"handle is a word", "viewer random\nat 1s random follows", "word of the script language"},
		{"bad handle", "viewer pía\nat 1s pía follows", "expected a handle"},
		{"bad trait", "viewer pia queen\n", `"queen": expected moderator`},
		{"gift known", "gift \"Rose\" id 1 costs 1", "known already"},
		{"likes range", "at 1s random viewer likes 0", "expected a number of likes"},
		{"refuse what", "at 1s refuse dinner", `"dinner": expected signing, rooms or next socket`},
		{"send what", "at 1s send flowers", "expected garbage"},
		{"drop what", "at 1s drop everything", `expected "connection"`},
		{"stall how long", "at 1s stall", `expected "for"`},
		{"months", "at 1s random viewer subscribes for 3 years", `expected "month"`},
		{"close code", "at 1s close managed socket with 200", "expected a close code"},
		{"huge number", "seed 99999999999999999999", "expected a seed"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := ParseScript("test", strings.NewReader(tt.text))
			var p *ParseError
			if !errors.As(err, &p) {
				t.Fatalf("error %v is no ParseError", err)
			}
			if !strings.Contains(err.Error(), tt.want) {
				t.Errorf("error %q does not say %q", err, tt.want)
			}
		})
	}
}

func TestParseTooLong(t *testing.T) {
	if _, err := ParseScript("test", strings.NewReader(strings.Repeat("#", maxScriptBytes+1))); err == nil {
		t.Error("a script without bound was read")
	}
}

func TestParseReadsWell(t *testing.T) {
	s := parse(t, `
		viewer pixel_pia "Pia, \"the\" # one" follower team 3 picture "https://example.test/p.png" # a comment
		AT 3s @pixel_pia Streaks the Rose to 3 over 1500ms, without its end
		at 5s an end the live for 2s
	`)
	v := s.viewers[0]
	if v.nickname != `Pia, "the" # one` || v.roles.team != 3 || !v.roles.follower || v.picture == "" {
		t.Errorf("viewer %+v", v)
	}
	if d := s.lines[0].deed; d.verb != doStreak || !d.isEndLost || d.count.to != 3 || d.over.to != 1500*time.Millisecond {
		t.Errorf("deed %+v", d)
	}
	if s.Length != 5*time.Second {
		t.Errorf("length %s", s.Length)
	}
}

func TestPlanOfGifts(t *testing.T) {
	type tap struct {
		at    time.Duration
		count int
		isEnd bool
	}
	ms := func(n int) time.Duration { return time.Duration(n) * time.Millisecond }
	tests := []struct {
		name, text string
		want       []tap
	}{
		{"a single one comes twice", "at 1s random viewer gifts Rose", []tap{{ms(1000), 1, false}, {ms(1300), 1, true}}},
		{"several at once", "at 1s random viewer gifts Rose x5", []tap{{ms(1000), 5, false}, {ms(1300), 5, true}}},
		{
			"a streak grows", "at 1s random viewer streaks Rose to 3 over 3s",
			[]tap{{ms(1000), 1, false}, {ms(2000), 2, false}, {ms(3000), 3, false}, {ms(4300), 3, true}},
		},
		{
			"the end is lost", "at 1s random viewer streaks Rose to 2 over 1s without end",
			[]tap{{ms(1000), 1, false}, {ms(1500), 2, false}},
		},
		{"not combined", "at 1s random viewer gifts Corgi x2", []tap{{ms(1000), 1, true}, {ms(1000), 1, true}}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			steps := plan(parse(t, tt.text), 1, 0)
			var got []tap
			groups := map[int64]bool{}
			for _, s := range steps {
				got = append(got, tap{s.at, s.count, s.isEnd})
				groups[s.group] = true
			}
			if !reflect.DeepEqual(got, tt.want) {
				t.Errorf("got %v, want %v", got, tt.want)
			}
			if want := map[bool]int{true: 1, false: len(steps)}[steps[0].gift.streakable]; len(groups) != want {
				t.Errorf("%d groups, want %d", len(groups), want)
			}
		})
	}
}

func TestPlanIsDecidedBySeed(t *testing.T) {
	for _, name := range Scripts() {
		s, err := Load(name)
		if err != nil {
			t.Fatal(err)
		}
		again, err := Load(name)
		if err != nil {
			t.Fatal(err)
		}
		first := plan(s, 5, 1)
		if !reflect.DeepEqual(first, plan(again, 5, 1)) {
			t.Errorf("%s: the same seed gave another run", name)
		}
		if reflect.DeepEqual(first, plan(s, 6, 1)) || reflect.DeepEqual(first, plan(s, 5, 2)) {
			t.Errorf("%s: another seed or lap gave the same run", name)
		}
	}
}

func TestPlanLeavesOtherLinesAlone(t *testing.T) {
	every := "every 1s for 9s random viewer likes 1..99\n"
	first := plan(parse(t, every+"at 20s random viewer follows"), 3, 0)
	second := plan(parse(t, every+"at 20s random viewer says \"a\" or \"b\""), 3, 0)
	for i := range 9 {
		if first[i].count != second[i].count || first[i].viewer.handle != second[i].viewer.handle {
			t.Fatalf("step %d changed with another line", i)
		}
	}
}

func TestGroupsAreUnique(t *testing.T) {
	s := parse(t, "viewer pia\nevery 1ms for 50ms pia gifts Rose x2\nevery 1ms for 50ms pia gifts Rose")
	groups := map[int64]int{}
	for _, step := range plan(s, 1, 0) {
		groups[step.group]++
	}
	if len(groups) != 100 {
		t.Errorf("%d groups for 100 gifts", len(groups))
	}
}

func TestGiftStormIsOne(t *testing.T) {
	s, err := Load("gift-storm")
	if err != nil {
		t.Fatal(err)
	}
	book := newBook()
	perSecond := map[int]int{}
	for _, step := range plan(s, s.Seed, 0) {
		before := book.total.Gifts
		book.deliver(&step, step.group)
		perSecond[int(step.at/time.Second)] += book.total.Gifts - before
	}
	var most int
	for _, streak := range book.copy().Streaks {
		most = max(most, streak.Count)
	}
	if most != 100 {
		t.Errorf("the longest streak is %d, not 100", most)
	}
	sum := 0
	for second := 10; second < 50; second++ {
		sum += perSecond[second]
	}
	if rate := float64(sum) / 40; rate < 190 || rate > 215 {
		t.Errorf("%.0f gifts a second, not 200", rate)
	}
	t.Logf("%d gifts in %d streaks", book.total.Gifts, len(book.order))
}

func FuzzParseScript(f *testing.F) {
	for _, name := range Scripts() {
		text, err := embedded.ReadFile("scripts/" + name + ".txt")
		if err != nil {
			f.Fatal(err)
		}
		for _, line := range strings.Split(string(text), "\n") {
			f.Add(line)
		}
	}
	f.Fuzz(func(t *testing.T, text string) {
		s, err := ParseScript("fuzz", strings.NewReader("length 1s\ncrowd 2\n"+text))
		if err != nil {
			return
		}
		cost := 0.0
		for _, l := range s.lines {
			cost += l.cost()
		}
		if cost > 20_000 {
			return // allowed, but slow to try out
		}
		for _, step := range plan(s, s.Seed, 0) {
			if !step.isTrouble() && step.verb != doViewers && step.viewer == nil {
				t.Fatalf("%q: nobody does %+v", text, step)
			}
		}
	})
}
