package gui

import (
	"slices"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2/test"

	"github.com/livecue/livecue/core/event"
	"github.com/livecue/livecue/core/feed"
	"github.com/livecue/livecue/core/grant"
	"github.com/livecue/livecue/core/plugin"
	"github.com/livecue/livecue/core/profile"
	"github.com/livecue/livecue/gui/look"
	"github.com/livecue/livecue/gui/look/looktest"
)

func withPlugins(c *fakeCore, o *Options) {
	o.Page = PagePlugins
	c.profile.Plugins = []profile.Plugin{
		{Name: "Gift counter", Program: "python3", Args: []string{"-u", "/home/pia/gifts.py"}, Events: kindsOf(event.KindGift, event.KindReconnected)},
		{Name: "Bot", Program: "/home/pia/bot"},
		{Name: "Helper", Program: "/bin/sh", Args: []string{"-c", "evil"}, Off: true, Imported: true},
	}
	c.plugins = fakePlugins{
		stand: map[string]plugin.Status{
			"Gift counter": {State: plugin.Running, Pid: 4711, Since: time.Now()},
			"Bot":          {State: plugin.Failing, Problem: "find the program: no such file", Next: time.Now().Add(5 * time.Minute)},
		},
		printed: map[string][]plugin.Line{"Gift counter": {{Mark: plugin.MarkStarted}, {Text: "3 gifts, 15 coins"}}},
		grants:  []grant.Grant{{ID: "deck", Name: "My deck", Scopes: []grant.Scope{grant.Read, grant.Trigger}}, {ID: "lent", Name: "Lent one", Lent: true}},
		socket:  feed.Status{Address: "127.0.0.1:3110", Clients: []feed.Client{{Name: "My deck", Sent: 1234, Dropped: 5}, {Name: "Old game", Toki: true}}},
	}
}

func TestPluginsPageTellsHowAllStands(t *testing.T) {
	r := newRig(t, withPlugins)
	for _, want := range []string{
		"Gift counter", "python3 -u /home/pia/gifts.py", "running", "Process 4711", "3 gifts, 15 coins", "failing", "find the program: no such file",
		"It came with somebody else’s profile", "It may: hear events, call rules", "never used", "127.0.0.1:3110", "1\u202f234 events sent", "5 lost", "made for Toki",
	} {
		r.mustShow(want)
	}
	r.mustNotShow("Lent one")
	r.core.mu.Lock()
	r.core.plugins.printed["Gift counter"] = append(r.core.plugins.printed["Gift counter"], plugin.Line{Text: "4 gifts"})
	r.core.mu.Unlock()
	r.w.tick()
	r.mustShow("4 gifts")
	r.press("Restart")
	if !slices.Equal(r.core.plugins.restarted, []string{"Gift counter"}) {
		t.Errorf("restarted %q", r.core.plugins.restarted)
	}
}

func TestAProgramOfSomebodyElseRunsOnlyAfterAQuestion(t *testing.T) {
	r := newRig(t, withPlugins)
	toggles := looktest.All[*look.Toggle](r.w.pages[PagePlugins])
	test.Tap(toggles[0])
	if p := r.core.Profile().Plugins[0]; !p.Off {
		t.Error("it is not switched off")
	}
	toggles = looktest.All[*look.Toggle](r.w.pages[PagePlugins])
	test.Tap(toggles[2])
	r.mustShow("Run a program of somebody else?")
	if p := r.core.Profile().Plugins[2]; !p.Off || !p.Imported || toggles[2].On() {
		t.Errorf("before the answer it is %+v", p)
	}
	r.press("Let it run")
	if p := r.core.Profile().Plugins[2]; p.Off || p.Imported {
		t.Errorf("after the answer it is %+v", p)
	}
}

func TestAPluginIsAddedAndChanged(t *testing.T) {
	r := newRig(t, withPlugins)
	r.press("Add plugin …")
	save := looktest.Button(t, r.top(), "Save")
	if !save.Disabled() {
		t.Error("an empty plugin can be saved")
	}
	entries := looktest.All[*look.Entry](r.top())
	entries[0].SetText("Gift counter")
	entries[1].SetText("/home/pia/game")
	r.mustShow("There is a plugin of that name already.")
	entries[0].SetText(strings.Repeat("x", 65))
	if !save.Disabled() {
		t.Error("a name that no token can have can be saved")
	}
	entries[0].SetText("Game")
	entries[2].SetText("one\ntwo words\n")
	r.press("Save")
	all := r.core.Profile().Plugins
	if p := all[len(all)-1]; p.Name != "Game" || p.Program != "/home/pia/game" || !slices.Equal(p.Args, []string{"one", "two words"}) || p.Events != nil || p.Trigger {
		t.Errorf("saved %+v", p)
	}
	r.mustShow("/home/pia/game one two words")
}

func TestTokensAreMadeShownOnceAndRevoked(t *testing.T) {
	r := newRig(t, withPlugins)
	r.press("New token …")
	looktest.Entry(t, r.top(), "for example my stream deck").SetText("My game")
	r.press("Make token")
	r.untilShows(madeUpToken)
	r.press("Copy")
	if got := r.w.app.Clipboard().Content(); got != madeUpToken {
		t.Errorf("copied %q", got)
	}
	r.press("Close")
	r.mustNotShow(madeUpToken)
	r.mustShow("My game")
	r.press("Revoke …")
	r.press("Revoke")
	r.until("the token to go", func() bool { return len(r.core.Grants()) == 2 && r.core.Grants()[0].ID == "lent" })
}

// A plugin's other kinds of events, which the form has no box for, survive it.
func TestTheFormKeepsWhatItDoesNotShow(t *testing.T) {
	r := newRig(t, withPlugins)
	r.w.plugins.Edit(0)
	looktest.All[*look.Entry](r.top())[0].SetText("Counter")
	r.press("Save")
	if p := r.core.Profile().Plugins[0]; p.Name != "Counter" || !slices.Equal(p.Events, kindsOf(event.KindReconnected, event.KindGift)) {
		t.Errorf("saved %+v", p)
	}
}
