package app

import (
	"context"
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/livecue/livecue/core/action"
	"github.com/livecue/livecue/core/action/obs"
	"github.com/livecue/livecue/core/action/rcon"
	"github.com/livecue/livecue/core/profile"
	"github.com/livecue/livecue/core/rehearsal/practice"
	"github.com/livecue/livecue/core/rule"
)

// preflightProfile is a show with something of each kind that can be wrong.
func preflightProfile(address string) profile.Profile {
	p := profile.Profile{RCON: []profile.Server{{Name: "minecraft", Address: address}, {Name: "away", Address: "127.0.0.1:1"}}}
	p.OBS.Address = "127.0.0.1:1"
	command := func(server, text string) action.Spec {
		return action.Spec{RCON: &action.RCON{Server: server, Command: text}}
	}
	add := func(id string, off bool, group string, actions ...action.Spec) {
		p.Rules = append(p.Rules, rule.Rule{
			ID: id, Name: id, Off: off, Group: group, Actions: actions, Trigger: rule.Trigger{Kind: rule.OnGift, GiftID: 5655, Gift: "Rose"},
		})
	}
	add("commands", false, "", command("", "difficulty hard\nsumon zombie"), action.Spec{Pool: &action.Pool{Choices: []action.Choice{
		{Actions: []action.Spec{command("", "say {nickname} sent {count} x {gift}")}},
		{Actions: []action.Spec{command("away", "say hi")}},
	}}}, action.Spec{Run: &action.Run{Rule: "helper"}})
	add("off", true, "", command("", "dance"))
	add("group is off", false, "night", command("", "dance"))
	add("helper", true, "", command("", "give @p diamond {random:2-4}\nsay {usr}"))
	add("files", false, "", action.Spec{Sound: &action.Sound{File: "bundled:chime"}}, action.Spec{Sound: &action.Sound{File: "/no/such.ogg"}},
		action.Spec{Overlay: &action.Overlay{Image: "/no/such.png"}}, action.Spec{Program: &action.Program{Path: "/no/such"}},
		action.Spec{Program: &action.Program{Path: os.Args[0]}}, action.Spec{HTTP: &action.HTTP{URL: "http://127.0.0.1:1/", Body: `{"a": "{user}"}`}},
		action.Spec{OBS: &action.OBS{Do: action.OBSScene, Scene: "Live"}}, action.Spec{Counter: &action.Counter{Name: "c"}})
	p.Groups = []profile.Group{{Name: "night", Off: true}}
	return p
}

// minecraft runs a practice server without a password until the test ends.
func minecraft(t *testing.T, opts practice.Options) *practice.Server {
	t.Helper()
	opts.Log = slog.New(slog.DiscardHandler)
	s, err := practice.Listen(opts)
	if err != nil {
		t.Fatal(err)
	}
	serve(t, s.Run)
	return s
}

func TestPreflightFindsWhatCannotWork(t *testing.T) {
	s := minecraft(t, practice.Options{})
	a := start(t, Options{Profile: preflightProfile(s.Addr())})
	report, err := a.Preflight(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, r := range report.Results {
		words := strings.Join([]string{r.RuleID, r.Field, string(r.Verdict), filepath.Base(r.Text)}, "|")
		got = append(got, words)
	}
	want := strings.Join([]string{
		"commands|action[0]|good|difficulty hard",
		"commands|action[0]|bad|sumon zombie",
		"commands|action[1].pool.choice[0].action[0]|good|say Test viewer sent 1 x Rose",
		"commands|action[1].pool.choice[1].action[0]|unreachable|say hi",
		"helper|action[0]|odd|action[0].rcon.command",
		"helper|action[0]|good|give @p diamond 2",
		"helper|action[0]|good|say {usr}",
		"files|action[0]|good|bundled:chime",
		"files|action[1]|bad|such.ogg",
		"files|action[2]|bad|such.png",
		"files|action[3]|bad|such",
		"files|action[4]|good|" + filepath.Base(os.Args[0]),
		"files|action[5]|good|127.0.0.1:1",
		"files|action[6]|unreachable|Live",
	}, "\n")
	if text := strings.Join(got, "\n"); text != want {
		t.Errorf("got\n%s\nwant\n%s", text, want)
	}
	bad := report.Results[1]
	if bad.Refusal != "Unknown or incomplete command, see below for error" || bad.At != 0 || bad.Server != "minecraft" {
		t.Errorf("%+v", bad)
	}
	if got := bad.String(); got != `bad: rule "commands", action[0]: sumon zombie: minecraft: Unknown or incomplete command, see below for error, at character 1` {
		t.Error(got)
	}
	if worst, ok := report.Worst("commands"); !ok || worst != VerdictBad || report.IsPractice {
		t.Errorf("worst %q, %v", worst, ok)
	}
	if _, ok := report.Worst("off"); ok {
		t.Error("a rule that is off was checked")
	}
	for _, c := range s.Commands() {
		if !strings.HasPrefix(c.Text, "execute if entity @s[") && c.Text != "minecraft:list" {
			t.Errorf("the server was sent %q", c.Text)
		}
	}
}

func TestPreflightTellsWhatCannotBeChecked(t *testing.T) {
	s := minecraft(t, practice.Options{Namespaced: true})
	a := start(t, Options{Profile: preflightProfile(s.Addr())})
	report, err := a.Preflight(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if r := report.Results[1]; r.Verdict != VerdictUnchecked || !errors.Is(r.Err, rcon.ErrPlugins) {
		t.Errorf("%+v", r)
	}
	if n := s.Count(); n != 1 {
		t.Errorf("a server with plugins was sent %d commands", n)
	}
}

func TestPreflightEndsWithItsContext(t *testing.T) {
	s := minecraft(t, practice.Options{})
	s.SetFault(practice.FaultHang)
	a := start(t, Options{Profile: preflightProfile(s.Addr())})
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error)
	go func() {
		_, err := a.Preflight(ctx)
		ended <- err
	}()
	for s.Connections() == 0 {
		time.Sleep(time.Millisecond)
	}
	cancel()
	if err := <-ended; !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}

func TestPreflightInARehearsal(t *testing.T) {
	p := preflightProfile("127.0.0.1:1")
	a := start(t, Options{Profile: p})
	if err := a.StartRehearsal("first-steps"); err != nil {
		t.Fatal(err)
	}
	report, err := a.Preflight(t.Context())
	if err != nil || !report.IsPractice || report.Results[0].Verdict != VerdictGood || report.Results[1].Verdict != VerdictBad {
		t.Errorf("%+v, %v", report, err)
	}
}

func TestNamesThatOBSHas(t *testing.T) {
	has := obs.Names{
		Scenes: []string{"Live", "Break"}, Sources: map[string][]string{"Live": {"cam", "title"}, "Break": {"clock"}},
		Filters: map[string][]string{"cam": {"blur"}}, Texts: []string{"title"}, Media: []string{"clip"},
	}
	for _, tt := range []struct {
		o    action.OBS
		want string
	}{
		{action.OBS{Do: action.OBSScene, Scene: "Live"}, ""},
		{action.OBS{Do: action.OBSScene, Scene: "live"}, "scene live"},
		{action.OBS{Do: action.OBSSource, Source: "cam"}, ""},
		{action.OBS{Do: action.OBSSource, Source: "cam", Scene: "Break"}, "source cam"},
		{action.OBS{Do: action.OBSFilter, Source: "cam", Filter: "blur"}, ""},
		{action.OBS{Do: action.OBSFilter, Source: "cam", Filter: "glow"}, "filter glow"},
		{action.OBS{Do: action.OBSText, Source: "title"}, ""},
		{action.OBS{Do: action.OBSText, Source: "cam"}, "source cam"},
		{action.OBS{Do: action.OBSMedia, Source: "clip"}, ""},
		{action.OBS{Do: action.OBSMedia, Source: "title"}, "source title"},
	} {
		err := missingIn(has, tt.o)
		var e *OBSNameError
		got := ""
		if errors.As(err, &e) {
			got = e.What + " " + e.Name
		}
		if got != tt.want {
			t.Errorf("%+v: %q, want %q", tt.o, got, tt.want)
		}
	}
}
