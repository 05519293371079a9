package gui

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/livecue/livecue/core/action"
	"github.com/livecue/livecue/core/action/obs"
	"github.com/livecue/livecue/core/profile"
	"github.com/livecue/livecue/core/queue"
	"github.com/livecue/livecue/gui/look"
	"github.com/livecue/livecue/gui/look/looktest"
)

// pill is what the card says in a word.
func (r *rig) studioPill() string { return r.w.connections.studio.state.pill.Text() }

// studioButton is a button of the card of OBS: that of a server says the same.
func (r *rig) pressInStudio(text string) {
	r.t.Helper()
	looktest.Press(r.t, r.w.connections.studio.object, text)
}

func TestOBSIsSetUp(t *testing.T) {
	r := onConnections(t, nil)
	card := r.w.connections.studio
	if r.studioPill() != "not set up" || r.core.obsTests != 0 {
		t.Errorf("%q after %d tests", r.studioPill(), r.core.obsTests)
	}
	if !card.save.Disabled() || card.forget.Visible() {
		t.Error("there is something to save or to forget")
	}
	card.address.SetText("studio.example")
	card.password.SetText("wrong")
	r.pressInStudio("Test connection")
	r.untilShows("OBS is there, but refused the password.")
	card.password.SetText("right")
	r.pressInStudio("Test connection")
	r.untilShows("It works: OBS 30.2.3 answers, with 2 scenes.")
	card.perMinute.entry.SetText("30")
	r.pressInStudio("Save")
	r.untilShows("Saved.")
	if got := r.core.Profile().OBS; got != (profile.OBS{Address: "studio.example:4455", PerMinute: 30}) {
		t.Errorf("saved %+v", got)
	}
	if r.core.secrets[profile.KeyOBS()] != "right" || card.password.Text != "" || !card.password.Password {
		t.Error("the password is not kept, or shown")
	}
	r.mustNotShow("right")
	r.until("the card to ask OBS", func() bool { return r.studioPill() == "OBS 30.2.3, ready" })
	r.pressInStudio("Forget the password")
	r.until("the password to be forgotten", func() bool { return !r.core.HasSecret(profile.KeyOBS()) && !card.forget.Visible() })
	r.until("OBS to refuse", func() bool { return r.studioPill() == "password refused" })
}

func TestOBSCardRefusesWhatCannotWork(t *testing.T) {
	r := onConnections(t, nil)
	card := r.w.connections.studio
	card.address.SetText("two words")
	r.mustShow("such as 127.0.0.1:4455")
	if !card.save.Disabled() || !card.test.Disabled() {
		t.Error("it can be saved or tested")
	}
	card.address.SetText("")
	card.perViewer.entry.SetText("many")
	r.mustShow("A limit is a whole number")
	card.perViewer.entry.SetText("")
	if !card.save.Disabled() || card.test.Disabled() {
		t.Error("nothing has changed")
	}
	r.core.mu.Lock()
	r.core.saveErr = errors.New("the disk is on fire")
	r.core.mu.Unlock()
	card.address.SetText("127.0.0.1:4460")
	r.pressInStudio("Save")
	r.untilShows("the disk is on fire")
}

// What is wrong with OBS is seen without a press on anything, and so is that it is well again.
func TestOBSStartedLate(t *testing.T) {
	r := onConnections(t, func(c *fakeCore) {
		c.profile.OBS.Address = "127.0.0.1:4455"
		c.secrets[profile.KeyOBS()] = "right"
		c.obsErr = fmt.Errorf("%w: refused", obs.ErrUnreachable)
	})
	r.until("OBS to be away", func() bool { return r.studioPill() == "cannot be reached" })
	r.core.mu.Lock()
	r.core.obsErr = nil
	tests := r.core.obsTests
	r.core.mu.Unlock()
	card := r.w.connections.studio
	card.tick(card.state.askedAt.Add(askAgain - time.Millisecond))
	if card.state.isAsking {
		t.Error("asked again too soon")
	}
	card.tick(card.state.askedAt.Add(askAgain))
	r.until("OBS to be back", func() bool { return r.studioPill() == "OBS 30.2.3, ready" })
	if r.core.obsTests == tests {
		t.Error("nobody asked")
	}
	r.core.onLane("obs", func(l *queue.LaneStatus) { l.Trouble = obs.ErrSilent.Error() })
	card.tick(time.Now())
	if got := r.studioPill(); got != "does not answer" {
		t.Errorf("with a lane in trouble: %q", got)
	}
	r.core.onLane("obs", func(l *queue.LaneStatus) { l.Trouble, l.Paused = "", true })
	card.tick(time.Now())
	if got := r.studioPill(); got != "paused" {
		t.Errorf("with a paused lane: %q", got)
	}
}

// A password that was refused is not tried again and again.
func TestARefusedPasswordIsTriedOnce(t *testing.T) {
	s := studioState{pill: look.NewPill("", "")}
	now := time.Now()
	if !s.isDue(now) {
		t.Error("never asked")
	}
	s.answered(obs.Info{}, action.Blocked(obs.ErrPassword))
	if s.isDue(now.Add(time.Hour)) {
		t.Error("asked again by itself")
	}
	s.again()
	if !s.isDue(now) {
		t.Error("not asked after a change")
	}
}
