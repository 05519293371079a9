package app

import (
	"testing"

	"github.com/livecue/livecue/core/event"
	"github.com/livecue/livecue/core/profile"
)

func TestDiagnosticsOfAShow(t *testing.T) {
	practised := practiceGame(t)
	secrets := &memorySecrets{}
	if err := secrets.Set(profile.KeyRCON("minecraft"), "wrong"); err != nil {
		t.Fatal(err)
	}
	p := testProfile(roseRule())
	p.RCON[0].Address = practised.Addr()
	a := start(t, Options{Profile: p, Secrets: secrets, Device: &loudspeaker{}})
	slow := a.Tap(1)
	defer slow.Close()

	a.Bus().Emit(oneRose("a", 3))
	eventually(t, "the refused password is told of", func() bool {
		troubles := a.Diagnostics().Troubles
		return len(troubles) == 1 && troubles[0].State == "" && troubles[0].Text != ""
	})
	if err := a.SetSecret(profile.KeyRCON("minecraft"), "right"); err != nil {
		t.Fatal(err)
	}
	if err := a.TestRule(roseRule()); err != nil { // which is not counted
		t.Fatal(err)
	}
	eventually(t, "all is done", func() bool { return a.queue.Pending() == 0 && a.Diagnostics().Rules[0].Done == 3 })

	d := a.Diagnostics()
	if r := d.Rules[0]; len(d.Rules) != 1 || r.ID != "rose" || r.Name != "Rose" || r.P50 <= 0 || r.Max < r.P50 {
		t.Errorf("rules %+v", d.Rules)
	}
	if len(d.Lanes) != 2 || d.Lanes[0].ID != "rcon:minecraft" || d.Lanes[0].Done != 2 || d.Lanes[1].ID != soundLane || d.Lanes[1].Done != 1 {
		t.Errorf("lanes %+v", d.Lanes)
	}
	if len(d.Troubles) != 2 || d.Troubles[0].Text != "" || d.Troubles[1].Viewer != "Pixel Pia" || d.Troubles[1].Lane != "rcon:minecraft" {
		t.Errorf("troubles %+v", d.Troubles)
	}
	if d.Events != 1 || d.FeedDropped == 0 || d.Since.IsZero() || d.ConnectedFor != 0 || len(d.Connection) != 0 {
		t.Errorf("got %+v", d)
	}
}

func TestDiagnosticsOfARehearsal(t *testing.T) {
	p := testProfile(roseRule())
	a := start(t, Options{Profile: p, Device: &loudspeaker{}, Speed: 20})
	show := a.Diagnostics()
	path := script(t, "seed 1\nlength 20s\nviewer pixel_pia \"Pixel Pia\"\nat 1s pixel_pia streaks Rose to 7 over 3s\n")
	if err := a.StartRehearsal(path); err != nil {
		t.Fatal(err)
	}
	eventually(t, "the gift is done", func() bool {
		d := a.Diagnostics()
		return d.Rules[0].Done == 3 && d.ConnectedFor > 0
	})
	d := a.Diagnostics()
	if !d.Since.After(show.Since) || d.Events == 0 || d.Rules[0].P99 <= 0 {
		t.Errorf("the rehearsal: %+v", d)
	}
	if n := len(d.Connection); n < 2 || d.Connection[n-1].Event.Kind() != event.KindConnected {
		t.Errorf("its connection: %+v", d.Connection)
	}
	a.StopRehearsal()
	d = a.Diagnostics()
	if d.Rules[0].Done != 0 || d.Events != 0 || len(d.Connection) != 0 || d.ConnectedFor != 0 || len(d.Troubles) != 0 ||
		!d.Since.Equal(show.Since) {
		t.Errorf("the show afterwards: %+v", d)
	}
}
