package obs

import (
	"errors"
	"reflect"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/livecue/livecue/core/action"
)

// One OBS is enough for all of this, and starts once more after it was killed: it is heavy. Each step leaves it as it was.
func TestRealOBS(t *testing.T) {
	s := newStudio(t)
	c := client(t, s.address(), Options{})
	t.Run("not started", func(t *testing.T) { notStarted(t, c) })
	s.start()
	s.await(c)
	for _, step := range []struct {
		name string
		run  func(*testing.T, *studio, *Client)
	}{
		{"scene", scene},
		{"source", source},
		{"filter", filter},
		{"media", media},
		{"text", text},
		{"toggle", toggle},
		{"refused", refused},
		{"names", names},
		{"wrong password", wrongPassword},
		{"for a time", forATime},
		{"a later job", laterJob},
		{"by hand", byHand},
		{"closed", closed},
		{"frozen", frozen},
		{"LiveCue killed", livecueKilled},
		{"killed", killed},
	} {
		t.Run(step.name, func(t *testing.T) {
			s.t = t
			step.run(t, s, c)
		})
	}
}

func notStarted(t *testing.T, c *Client) {
	_, err := c.Do(t.Context(), job(action.OBS{Do: action.OBSScene, Scene: "Pause"}))
	if !errors.Is(err, ErrUnreachable) || action.IsPermanent(err) || action.IsBlocked(err) {
		t.Errorf("got %v", err)
	}
}

func scene(t *testing.T, s *studio, c *Client) {
	for _, name := range []string{"Pause", "Main"} {
		do(t, c, action.OBS{Do: action.OBSScene, Scene: name})
		if got := s.live(); got != name {
			t.Errorf("%s is live, not %s", got, name)
		}
	}
}

func source(t *testing.T, s *studio, c *Client) {
	for _, tt := range []struct {
		scene, in, source string // "" is the scene that is live, which is Main
	}{
		{"", "Main", "Logo"},
		{"Pause", "Pause", "Logo"},
		{"Main", "Box", "Badge"}, // in a group
	} {
		for _, to := range []action.Switch{action.SwitchOff, action.SwitchOn, ""} {
			do(t, c, action.OBS{Do: action.OBSSource, Scene: tt.scene, Source: tt.source, Switch: to})
			if got := s.isShown(tt.in, tt.source); got != (to != action.SwitchOff) {
				t.Errorf("%+v, %q: shown is %v", tt, to, got)
			}
		}
	}
	do(t, c, action.OBS{Do: action.OBSSource, Source: "Logo", Switch: action.SwitchOff})
	if !s.isShown("Pause", "Logo") {
		t.Error("hidden in another scene than the one that is live")
	}
}

func filter(t *testing.T, s *studio, c *Client) {
	for _, to := range []action.Switch{action.SwitchOn, action.SwitchOff} {
		do(t, c, action.OBS{Do: action.OBSFilter, Source: "Logo", Filter: "Grey", Switch: to})
		if got := s.isFiltered("Logo", "Grey"); got != (to == action.SwitchOn) {
			t.Errorf("%q: the filter's state is %v", to, got)
		}
	}
}

func media(t *testing.T, s *studio, c *Client) {
	eventually(t, "the clip plays", func() bool { return s.cursor("Clip") > 500 })
	before := s.cursor("Clip")
	do(t, c, action.OBS{Do: action.OBSMedia, Source: "Clip"})
	eventually(t, "the clip begins anew", func() bool { return s.cursor("Clip") < before })
}

func text(t *testing.T, s *studio, c *Client) {
	for _, tt := range []struct{ text, nickname, want string }{
		{"Thank you, {nickname}!", "Pia", "Thank you, Pia!"},
		{"two\nlines: {nickname}", "three\nlines\r\n<b>", "two\nlines: three lines <b>"},
		{"{nickname}", "ا\u202Eabc\x00\x1b[31m 漢字 👩‍🚀", "اabc[31m 漢字 👩‍🚀"},
		{"", "Pia", ""},
	} {
		j := job(action.OBS{Do: action.OBSText, Source: "Words", Text: tt.text})
		j.Fields.Nickname = tt.nickname
		if got, err := c.Do(t.Context(), j); err != nil || got.State != action.Done {
			t.Fatalf("%q: got %+v, %v", tt.text, got, err)
		}
		if got := s.words("Words"); got != tt.want {
			t.Errorf("%q: got %q, want %q", tt.text, got, tt.want)
		}
	}
}

func toggle(t *testing.T, s *studio, c *Client) {
	for _, want := range []bool{true, false} {
		for _, o := range []action.OBS{
			{Do: action.OBSSource, Scene: "Main", Source: "Logo"}, {Do: action.OBSFilter, Source: "Logo", Filter: "Grey"},
		} {
			o.Switch = action.SwitchToggle
			if got := do(t, c, o).Reply; got != position(want) {
				t.Errorf("%s: the reply is %q", o.Do, got)
			}
		}
		if s.isShown("Main", "Logo") != want || s.isFiltered("Logo", "Grey") != want {
			t.Errorf("not toggled to %v", want)
		}
	}
}

func refused(t *testing.T, s *studio, c *Client) {
	for _, tt := range []struct {
		spec  action.OBS
		words string
	}{
		{action.OBS{Do: action.OBSScene, Scene: "Nowhere"}, "Nowhere"},
		{action.OBS{Do: action.OBSSource, Source: "Nothing"}, "No scene items were found"},
		{action.OBS{Do: action.OBSSource, Scene: "Nowhere", Source: "Logo"}, "Nowhere"},
		{action.OBS{Do: action.OBSFilter, Source: "Logo", Filter: "None"}, "None"},
		{action.OBS{Do: action.OBSFilter, Source: "Nothing", Filter: "Grey"}, "Nothing"},
		{action.OBS{Do: action.OBSMedia, Source: "Nothing"}, "Nothing"},
		{action.OBS{Do: action.OBSMedia, Source: "Logo"}, "no media source"},
		{action.OBS{Do: action.OBSText, Source: "Nothing", Text: "x"}, "Nothing"},
		{action.OBS{Do: action.OBSText, Source: "Logo", Text: "x"}, "no text source"},
	} {
		tt.spec.For = action.Duration(time.Hour)
		got, err := c.Do(t.Context(), job(tt.spec))
		if err != nil || got.State != action.Rejected || !strings.Contains(got.Reply, tt.words) {
			t.Errorf("%+v: got %+v, %v", tt.spec, got, err)
		}
	}
	if s.live() != "Main" {
		t.Error("the scene has changed")
	}
}

func names(t *testing.T, _ *studio, c *Client) {
	if info, err := c.Test(t.Context()); err != nil || info.Version == "" || info.Scenes != 2 {
		t.Errorf("test: got %+v, %v", info, err)
	}
	got, err := c.Names(t.Context())
	want := Names{
		Scenes:  []string{"Main", "Pause"},
		Sources: map[string][]string{"Main": {"Logo", "Words", "Clip", "Box", "Badge"}, "Pause": {"Logo"}},
		Filters: map[string][]string{"Logo": {"Grey"}},
		Texts:   []string{"Words"},
		Media:   []string{"Clip"},
	}
	if err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v, %v", got, err)
	}
}

func wrongPassword(t *testing.T, s *studio, c *Client) {
	other := client(t, s.address(), Options{Password: "open barley"})
	_, err := other.Do(t.Context(), job(action.OBS{Do: action.OBSScene, Scene: "Pause"}))
	if !errors.Is(err, ErrPassword) || !action.IsBlocked(err) {
		t.Errorf("got %v", err)
	}
	if _, err := other.Test(t.Context()); !errors.Is(err, ErrPassword) {
		t.Errorf("test: got %v", err)
	}
	other.SetPassword("")
	if _, err := other.Test(t.Context()); !errors.Is(err, ErrPassword) || !action.IsBlocked(err) {
		t.Errorf("without one: got %v", err)
	}
	other.SetPassword(password)
	do(t, other, action.OBS{Do: action.OBSScene, Scene: "Main"})
	c.SetPassword("open barley") // the open connection must not be used on
	if _, err := c.Do(t.Context(), job(action.OBS{Do: action.OBSScene, Scene: "Pause"})); !action.IsBlocked(err) {
		t.Errorf("with a password that has changed: got %v", err)
	}
	c.SetPassword(password)
}

const short = action.Duration(400 * time.Millisecond)

func forATime(t *testing.T, s *studio, c *Client) {
	do(t, c, action.OBS{Do: action.OBSText, Source: "Words", Text: "before"})
	for _, o := range []action.OBS{
		{Do: action.OBSScene, Scene: "Pause", For: short},
		{Do: action.OBSSource, Scene: "Main", Source: "Logo", For: short},
		{Do: action.OBSSource, Scene: "Pause", Source: "Logo", Switch: action.SwitchOff, For: short},
		{Do: action.OBSFilter, Source: "Logo", Filter: "Grey", For: short},
		{Do: action.OBSText, Source: "Words", Text: "for a time", For: short},
	} {
		do(t, c, o)
	}
	eventually(t, "all is as before", func() bool {
		return s.live() == "Main" && !s.isShown("Main", "Logo") && s.isShown("Pause", "Logo") &&
			!s.isFiltered("Logo", "Grey") && s.words("Words") == "before"
	})
}

func laterJob(t *testing.T, s *studio, c *Client) {
	long := action.Duration(time.Hour)
	logo := action.OBS{Do: action.OBSSource, Scene: "Main", Source: "Logo"}
	logo.For = long
	do(t, c, logo)
	logo.For = short
	do(t, c, logo) // moves the time, and does not take "shown" for how it was before
	do(t, c, action.OBS{Do: action.OBSScene, Scene: "Pause", For: short})
	do(t, c, action.OBS{Do: action.OBSScene, Scene: "Pause"}) // for good
	eventually(t, "the logo is hidden again", func() bool { return !s.isShown("Main", "Logo") })
	if got := pending(t, c); got != 0 {
		t.Errorf("%d things are still to be switched back", got)
	}
	if got := s.live(); got != "Pause" {
		t.Errorf("%s is live: what was to stay was switched back", got)
	}
	do(t, c, action.OBS{Do: action.OBSScene, Scene: "Main"})
}

// pending returns how many things are to be switched back.
func pending(t *testing.T, c *Client) int {
	t.Helper()
	if err := c.acquire(t.Context()); err != nil {
		t.Fatal(err)
	}
	defer c.release()
	return len(c.backs)
}

func byHand(t *testing.T, s *studio, c *Client) {
	do(t, c, action.OBS{Do: action.OBSText, Source: "Words", Text: "for a time", For: short})
	s.ask("SetInputSettings", map[string]any{"inputName": "Words", "inputSettings": map[string]any{"text": "by hand"}}, nil)
	eventually(t, "nothing is pending", func() bool { return pending(t, c) == 0 })
	if got := s.words("Words"); got != "by hand" {
		t.Errorf("got %q", got)
	}
}

func closed(t *testing.T, s *studio, _ *Client) {
	other := client(t, s.address(), Options{})
	long := action.Duration(time.Hour)
	do(t, other, action.OBS{Do: action.OBSScene, Scene: "Pause", For: long})
	do(t, other, action.OBS{Do: action.OBSSource, Scene: "Main", Source: "Logo", For: long})
	do(t, other, action.OBS{Do: action.OBSFilter, Source: "Logo", Filter: "Grey", For: long})
	if err := other.Close(); err != nil {
		t.Error(err)
	}
	if s.live() != "Main" || s.isShown("Main", "Logo") || s.isFiltered("Logo", "Grey") {
		t.Error("something was left switched")
	}
	if _, err := other.Do(t.Context(), job(action.OBS{Do: action.OBSScene, Scene: "Pause"})); !errors.Is(err, ErrClosed) {
		t.Errorf("after Close: got %v", err)
	}
	if err := other.Close(); err != nil {
		t.Error(err)
	}
}

func frozen(t *testing.T, s *studio, _ *Client) {
	c := client(t, s.address(), Options{Timeout: 500 * time.Millisecond})
	connected := func() bool {
		_, err := c.Do(t.Context(), job(action.OBS{Do: action.OBSScene, Scene: "Main"}))
		return err == nil
	}
	eventually(t, "a connection", connected)
	s.freeze()
	for range 2 { // on the connection that there is, and on a new one
		_, err := c.Do(t.Context(), job(action.OBS{Do: action.OBSScene, Scene: "Pause"}))
		if !errors.Is(err, ErrSilent) || action.IsBlocked(err) || action.IsPermanent(err) {
			t.Errorf("got %v", err)
		}
	}
	s.signal(syscall.SIGCONT)
	eventually(t, "OBS answers again", connected)
	if got := s.live(); got != "Main" {
		t.Errorf("%s is live: a job that was to be tried again was done", got)
	}
}

func killed(t *testing.T, s *studio, c *Client) {
	do(t, c, action.OBS{Do: action.OBSSource, Scene: "Main", Source: "Logo", For: short})
	do(t, c, action.OBS{Do: action.OBSScene, Scene: "Pause", For: action.Duration(time.Hour)})
	s.kill()
	start := time.Now()
	_, err := c.Do(t.Context(), job(action.OBS{Do: action.OBSScene, Scene: "Pause"}))
	if !errors.Is(err, ErrUnreachable) || action.IsBlocked(err) || action.IsPermanent(err) {
		t.Errorf("got %v", err)
	}
	if took := time.Since(start); took > 10*time.Second {
		t.Errorf("found dead after %v", took)
	}
	s.start() // late: the jobs are tried meanwhile
	eventually(t, "the job is done", func() bool {
		got, err := c.Do(t.Context(), job(action.OBS{Do: action.OBSScene, Scene: "Pause"}))
		return err == nil && got.State == action.Done
	})
	if got := s.live(); got != "Pause" {
		t.Errorf("%s is live", got)
	}
	eventually(t, "what was pending is settled", func() bool { return pending(t, c) == 0 })
}

// All that a job can switch for a time is switched back by the next client, by its names.
func livecueKilled(t *testing.T, s *studio, _ *Client) {
	path := notesPath(t)
	c := client(t, s.address(), Options{Notes: openNotes(path)})
	do(t, c, action.OBS{Do: action.OBSText, Source: "Words", Text: "before"})
	for _, o := range []action.OBS{
		{Do: action.OBSScene, Scene: "Pause"},
		{Do: action.OBSSource, Scene: "Main", Source: "Logo"},
		{Do: action.OBSSource, Scene: "Main", Source: "Badge", Switch: action.SwitchOff}, // in a group
		{Do: action.OBSFilter, Source: "Logo", Filter: "Grey"},
		{Do: action.OBSText, Source: "Words", Text: "for a time"},
	} {
		o.For = action.Duration(time.Hour)
		do(t, c, o)
	}
	abandon(c)
	resume(t, client(t, s.address(), Options{Notes: overdue(path)}))
	wantNothingNoted(t, path)
	if s.live() != "Main" || s.isShown("Main", "Logo") || !s.isShown("Box", "Badge") || s.isFiltered("Logo", "Grey") || s.words("Words") != "before" {
		t.Error("something was left switched")
	}
}
