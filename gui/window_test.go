package gui

import (
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/widget"

	"github.com/livecue/livecue/core/action"
	"github.com/livecue/livecue/core/event"
	"github.com/livecue/livecue/core/profile"
	"github.com/livecue/livecue/core/queue"
	"github.com/livecue/livecue/core/source"
	"github.com/livecue/livecue/gui/look"
	"github.com/livecue/livecue/gui/look/looktest"
)

const namePlaceholder = "@name, or the address of your live page"

func TestFirstRunLeadsToRehearsalWithOneClick(t *testing.T) {
	r := newRig(t, func(_ *fakeCore, o *Options) { o.FirstRun = true })
	r.mustShow("Welcome to LiveCue")
	r.press("Start the rehearsal")
	if r.core.Rehearsal() != "first-steps" {
		t.Fatalf("rehearsal = %q", r.core.Rehearsal())
	}
	r.untilShows("Hand Hearts · 100 coins")
	r.mustShow("Made-up viewers and a practice game server: nobody else sees this.")
	r.press("End rehearsal")
	if r.core.Rehearsal() != "" {
		t.Fatal("the rehearsal still plays")
	}
	r.mustShow("[Connect]")
}

func TestTypeNameAndConnect(t *testing.T) {
	for _, typed := range []string{"pixel_pia", "@pixel_pia", "https://www.tiktok.com/@pixel_pia/live"} {
		t.Run(typed, func(t *testing.T) {
			r := newRig(t, func(_ *fakeCore, o *Options) { o.FirstRun = true })
			looktest.Entry(t, r.top(), namePlaceholder).SetText(typed)
			test.Tap(r.w.welcome.connect)
			if got := r.core.Profile().TikTok.Handle; got != typed {
				t.Errorf("profile has %q", got)
			}
			r.until("the connection", func() bool { return r.core.Status().State == source.WaitingForLive && !r.w.header.connect.Disabled() })
			if got := r.w.header.pill.Text(); got != "Waiting for the stream" {
				t.Errorf("pill = %q", got)
			}
			r.mustShow("Next attempt in ")
			r.press("Disconnect")
			r.mustShow("Offline")
		})
	}
}

func TestNameThatCannotBeOneIsNotConnected(t *testing.T) {
	r := newRig(t, func(_ *fakeCore, o *Options) { o.Page = PageConnections })
	looktest.Entry(t, r.top(), namePlaceholder).SetText("two words")
	r.mustShow("This cannot be a TikTok name.")
	test.Tap(r.w.connections.name.connect)
	if r.core.connects != 0 || r.core.Profile().TikTok.Handle != "" {
		t.Fatal("it connected")
	}
}

func TestConnectWithoutNameAsksForIt(t *testing.T) {
	r := newRig(t, nil)
	r.press("Connect")
	if r.w.page != PageConnections {
		t.Fatalf("page = %q", r.w.page)
	}
	r.mustShow("Type your TikTok name first")
	if r.win.Canvas().Focused() != fyne.Focusable(r.w.connections.name.entry) {
		t.Error("the cursor is not in the field")
	}
}

func TestHeaderSaysWhyAndUntilWhen(t *testing.T) {
	now := time.Date(2026, 3, 1, 20, 0, 0, 0, time.UTC)
	tests := []struct {
		status source.Status
		pill   string
		reason []string
		button string
	}{
		{source.Status{State: source.Connected, Handle: "pixel_pia", Door: "direct"}, "Connected", []string{"TikTok directly"}, "Disconnect"},
		{
			source.Status{State: source.WaitingForLive, Handle: "pixel_pia", Cause: event.Cause{Code: event.CauseNotLive}, Until: now.Add(28 * time.Second)},
			"Waiting for the stream",
			[]string{"@pixel_pia is not live", "Next attempt in 28 s."},
			"Disconnect",
		},
		{
			source.Status{State: source.Reconnecting, Handle: "pixel_pia", Cause: event.Cause{Code: event.CauseClosed}, Until: now.Add(1500 * time.Millisecond)},
			"Reconnecting",
			[]string{"TikTok closed the connection", "Next attempt in 2 s."},
			"Disconnect",
		},
		{
			source.Status{State: source.RateLimited, Cause: event.Cause{Code: event.CauseRateLimited}, Until: now.Add(5 * time.Minute)},
			"Rate limited",
			[]string{"Too many attempts", "Next attempt in 5 min."},
			"Disconnect",
		},
		{source.Status{State: source.AuthFailed, Cause: event.Cause{Code: event.CauseKeyRefused}}, "Key refused", []string{"API key was refused"}, "Connect"},
		{source.Status{State: source.Failed, Cause: event.Cause{Code: event.CauseUnknownUser}}, "Cannot connect", []string{"knows nobody by that name"}, "Connect"},
		{source.Status{State: source.Offline}, "Offline", []string{"Press Connect when you go live"}, "Connect"},
	}
	r := newRig(t, nil)
	for _, tt := range tests {
		r.w.header.show(tt.status, "", "", now)
		if got := r.w.header.pill.Text(); got != tt.pill {
			t.Errorf("%s: pill = %q, want %q", tt.status.State, got, tt.pill)
		}
		for _, want := range tt.reason {
			if got := r.w.header.reason.Text; !strings.Contains(got, want) {
				t.Errorf("%s: reason = %q, want %q in it", tt.status.State, got, want)
			}
		}
		if got := r.w.header.connect.Text; got != tt.button {
			t.Errorf("%s: button = %q, want %q", tt.status.State, got, tt.button)
		}
	}
}

func TestTestButtonRunsRuleAndFeedShowsOutcome(t *testing.T) {
	r := newRig(t, func(_ *fakeCore, o *Options) { o.Page = PageRules })
	r.press("Test") // the first rule's
	if len(r.core.tested) != 1 || r.core.tested[0].ID != "rose" {
		t.Fatalf("tested %v", r.core.tested)
	}
	r.mustShow("Test of Rose: a chicken is under way.")
	r.w.show(PageLive)
	r.untilShows("Rose: a chicken – waiting")
	r.mustShow("Test viewer")
	if texts := looktest.Texts(r.top()); !strings.Contains(texts, "| Test |") {
		t.Errorf("it is not marked as a test: %s", texts)
	}
	for id := range r.core.jobs {
		r.core.report(id, action.Rejected, "Unknown or incomplete command")
	}
	r.untilShows("Rose: a chicken – refused: Unknown or incomplete command")
}

func TestStripPausesSkipsAndClears(t *testing.T) {
	r := newRig(t, func(c *fakeCore, _ *Options) {
		c.lanes["rcon:minecraft"] = &queue.LaneStatus{Lane: "rcon:minecraft", Waiting: 7, Running: &action.Job{}}
	})
	chip := r.w.strip.chips["rcon:minecraft"]
	r.mustShow("7 waiting")
	test.Tap(chip.pause)
	r.mustShow("paused, 7 waiting")
	if !r.core.Lanes()[0].Paused {
		t.Fatal("the lane is not paused")
	}
	test.Tap(chip.pause)
	r.mustNotShow("paused")
	test.Tap(chip.skip)
	r.mustShow("6 waiting")
	test.Tap(chip.clear)
	r.mustNotShow("waiting")
	if !chip.clear.Disabled() {
		t.Error("an empty lane can be cleared")
	}
}

func TestStripSaysThatALimitHolds(t *testing.T) {
	r := newRig(t, func(c *fakeCore, _ *Options) {
		c.lanes["sound"] = &queue.LaneStatus{Lane: "sound", Waiting: 4, HeldUntil: time.Now().Add(time.Minute)}
	})
	r.mustShow("held back, 4 waiting")
	r.core.onLane("sound", func(l *queue.LaneStatus) { l.HeldUntil = time.Time{} })
	r.w.tick()
	r.mustNotShow("held back")
}

func TestStripSaysTroubleAndHints(t *testing.T) {
	r := newRig(t, func(c *fakeCore, _ *Options) {
		c.lanes["rcon:minecraft"] = &queue.LaneStatus{
			Lane: "rcon:minecraft", Waiting: 1, Trouble: "dial 127.0.0.1:1: the game server cannot be reached",
			RetryAt: time.Now().Add(time.Hour),
		}
		c.health.Events, c.health.Malformed = 1234, 2
	})
	r.mustShow("The server cannot be reached. Is it running")
	r.core.onLane("rcon:minecraft", func(l *queue.LaneStatus) { l.Trouble = "" })
	r.untilShows("1\u202f234 events · 2 unreadable")
	chip := r.w.strip.chips["rcon:minecraft"]
	chip.clear.MouseIn(nil)
	r.mustShow("Throw away all that waits for minecraft")
	chip.clear.MouseOut()
	r.mustNotShow("Throw away")
}

func TestPanicStopByButtonAndShortcut(t *testing.T) {
	r := newRig(t, func(c *fakeCore, o *Options) {
		o.Page = PageConnections
		c.lanes["sound"] = &queue.LaneStatus{Lane: "sound", Waiting: 3}
	})
	r.press("Panic stop")
	if r.core.panics != 1 {
		t.Fatalf("stopped %d times", r.core.panics)
	}
	r.mustShow("Everything is stopped")
	r.press("Resume all")
	for _, l := range r.core.Lanes() {
		if l.Paused {
			t.Errorf("%s is still paused", l.Lane)
		}
	}
	// The shortcut must work while the user types, too.
	r.w.connections.name.entry.TypedShortcut(panicShortcut())
	if r.core.panics != 2 {
		t.Fatalf("stopped %d times, the shortcut did not", r.core.panics)
	}
}

func TestCloseAsksWhileSomethingWaits(t *testing.T) {
	r := newRig(t, func(c *fakeCore, _ *Options) {
		c.lanes["sound"] = &queue.LaneStatus{Lane: "sound", Waiting: 2, Running: &action.Job{}}
	})
	r.w.askClose()
	r.mustShow("3 actions are not done yet.")
	r.press("Stay")
	if r.isClosed {
		t.Fatal("closed although the user stays")
	}
	r.w.askClose()
	r.press("Quit anyway")
	if !r.isClosed {
		t.Fatal("not closed")
	}
}

func TestCloseDoesNotAskWhenNothingWaits(t *testing.T) {
	r := newRig(t, nil)
	r.w.askClose()
	if !r.isClosed {
		t.Fatal("not closed")
	}
	if w := r.w.app.Preferences().Float(widthPreference); w != 1280 {
		t.Errorf("width kept = %v", w)
	}
}

func TestGoodNewsFadeAndTroubleStays(t *testing.T) {
	r := newRig(t, nil)
	later := time.Now().Add(time.Minute)
	r.w.notice.say("It worked.")
	r.w.notice.fade(time.Now())
	r.mustShow("It worked.")
	r.w.notice.fade(later)
	r.mustNotShow("It worked.")
	r.w.notice.warn("It did not.")
	r.w.notice.fade(later)
	r.mustShow("It did not.")
}

func TestThemeIsKeptInProfile(t *testing.T) {
	r := newRig(t, func(_ *fakeCore, o *Options) { o.Page = PageSettings })
	r.w.settings.theme.SetSelected("Dark")
	if got := r.core.Profile().Theme; got != profile.ThemeDark {
		t.Fatalf("theme = %q", got)
	}
	r.w.settings.theme.SetSelected("As the system")
	if got := r.core.Profile().Theme; got != profile.ThemeSystem {
		t.Fatalf("theme = %q", got)
	}
}

func TestSettingsRehearsalOfChoice(t *testing.T) {
	r := newRig(t, func(_ *fakeCore, o *Options) { o.Page = PageSettings })
	r.w.settings.script.SetSelected("Bad day: the connection breaks again and again")
	looktest.Press(t, r.w.settings.object, "Rehearse")
	if r.core.Rehearsal() != "bad-day" {
		t.Fatalf("rehearsal = %q", r.core.Rehearsal())
	}
	if r.w.page != PageLive {
		t.Errorf("page = %q", r.w.page)
	}
}

// On a small laptop beside a game there is little room: no page may ask for more, in either language, whatever goes wrong.
func TestSoundsAtOnceAreKeptInProfile(t *testing.T) {
	r := newRig(t, func(c *fakeCore, o *Options) { c.profile.Sound.Voices, o.Page = 40, PageSettings })
	choice := r.w.settings.voices
	if choice.Selected != "40" {
		t.Errorf("40 sounds at once are shown as %q", choice.Selected)
	}
	for _, step := range []struct{ choose, want int }{{3, 3}, {8, 0}, {32, 32}} {
		choice.SetSelectedIndex(step.choose - 1)
		if got := r.core.Profile().Sound.Voices; got != step.want {
			t.Errorf("%d chosen, the profile has %d", step.choose, got)
		}
	}
	r.core.onProfile(func(p *profile.Profile) { p.Sound.Voices = 0 })
	r.w.show(PageSettings)
	if choice.Selected != "8" {
		t.Errorf("the usual number is shown as %q", choice.Selected)
	}
	if got := r.core.Profile().Sound.Voices; got != 0 {
		t.Errorf("showing it changed the profile: %d", got)
	}
}

func TestEveryPageFitsIntoASmallWindow(t *testing.T) {
	for _, locale := range []string{"en_US.UTF-8", "de_DE.UTF-8"} {
		t.Run(locale, func(t *testing.T) {
			useLanguage(t, locale)
			r := newRigHere(t, func(c *fakeCore, _ *Options) { c.beInTrouble() })
			r.win.Resize(fyne.NewSize(1000, 640))
			r.w.panicStop()
			for _, page := range Pages() {
				r.w.show(page)
				if got := r.win.Content().MinSize(); got.Width > 1000 || got.Height > 640 {
					t.Errorf("%s needs %v", page, got)
				}
			}
		})
	}
}

func TestGermanWindow(t *testing.T) {
	useLanguage(t, "de_DE.UTF-8")
	r := newRigHere(t, func(_ *fakeCore, o *Options) { o.FirstRun = true })
	r.mustShow("Willkommen bei LiveCue")
	r.press("Probe starten")
	r.untilShows("Hand Hearts · 100 Coins")
	r.mustShow("Not-Stopp")
}

func TestWhatWasLeftIsAskedForOnTheLivePage(t *testing.T) {
	r := newRig(t, func(c *fakeCore, _ *Options) { c.haveLeftovers(12) })
	r.mustShow("From last time: 12 actions were not done")
	r.mustShow("Nothing has happened yet.") // it stands above the feed, not in its way
	r.press("Drop 11")
	r.untilShows("11 actions are dropped. They are in the history")
	test.Tap(looktest.All[*widget.Check](r.top())[0])
	r.press("Run 1 now")
	r.untilShows("One action is in the queue again.")
	r.mustNotShow("From last time")
	if y := r.w.feed.Object().Position().Y; y != 0 {
		t.Errorf("where the panel was, %v are left empty", y)
	}
	r.w.show(PageHistory)
	r.untilShows("cancelled")
}

func TestHistoryPageOfTheWindow(t *testing.T) {
	r := newRig(t, func(c *fakeCore, o *Options) {
		c.haveAPast(300)
		o.Page = PageHistory
	})
	r.untilShows("done after 40 ms")
	r.press("Run again")
	r.mustShow("Rose: a chicken is in the queue again.")
	if len(r.core.rerun) != 1 {
		t.Errorf("run again: %v", r.core.rerun)
	}
	r.w.openDone(r.core.past[3])
	r.mustShow("Answer: Unknown or incomplete command")
	r.press("Close")
	r.w.openDone(r.core.past[9]) // of which the event is no longer known
	r.mustShow("cancelled")
}

func TestQuitSaysWhatBecomesOfWhatWaits(t *testing.T) {
	tests := []struct {
		after profile.AfterCrash
		want  string
	}{
		{"", "LiveCue keeps them, and asks"},
		{profile.AfterCrashRun, "LiveCue does them when you start it again."},
		{profile.AfterCrashDrop, "they will not be done"},
	}
	for _, tt := range tests {
		r := newRig(t, func(c *fakeCore, _ *Options) {
			c.profile.Queue.AfterCrash = tt.after
			c.lanes["sound"].Waiting = 3
		})
		r.w.askClose()
		r.mustShow(tt.want)
		r.press("Stay")
	}
}

func TestWhatBecomesOfLeftoversIsKeptInProfile(t *testing.T) {
	r := newRig(t, func(_ *fakeCore, o *Options) { o.Page = PageSettings })
	choice := looktest.Choice(t, r.top(), "Ask me")
	for _, step := range []struct {
		choose string
		want   profile.AfterCrash
	}{{"Drop it", profile.AfterCrashDrop}, {"Do it at the next start", profile.AfterCrashRun}, {"Ask me", ""}} {
		choice.SetSelected(step.choose)
		if got := r.core.Profile().Queue.AfterCrash; got != step.want {
			t.Errorf("%q chosen, the profile has %q", step.choose, got)
		}
	}
}

func TestHowTheQueueWaitsIsKeptInProfile(t *testing.T) {
	r := newRig(t, func(c *fakeCore, o *Options) {
		c.profile.Queue.MaxWait, c.profile.Sound.PerMinute, o.Page = action.Duration(45*time.Second), 77, PageSettings
	})
	s := r.w.settings
	if s.queue.wait.Selected != "45 s" || s.perMinute.Selected != "77" {
		t.Errorf("what the file says and no choice offers is shown as %q and %q", s.queue.wait.Selected, s.perMinute.Selected)
	}
	choose := func(option string) { looktest.Choice(t, r.top(), option).SetSelected(option) }
	choose("Most coins first")
	choose("15 min")
	test.Tap(s.queue.turns)
	s.perMinute.SetSelected("30")
	s.perViewer.SetSelected("5")
	p := r.core.Profile()
	if want := (profile.Queue{Order: profile.OrderCoins, TakeTurns: true, MaxWait: action.Duration(15 * time.Minute)}); p.Queue != want {
		t.Errorf("queue %+v, want %+v", p.Queue, want)
	}
	if p.Sound.PerMinute != 30 || p.Sound.PerViewer != 5 {
		t.Errorf("sound %+v", p.Sound)
	}
	choose("As they come")
	choose("Never")
	test.Tap(s.queue.turns)
	s.perMinute.SetSelected("no limit")
	s.perViewer.SetSelected("no limit")
	if p := r.core.Profile(); p.Queue != (profile.Queue{}) || p.Sound != (profile.Sound{}) {
		t.Errorf("the usual is kept as %+v and %+v", p.Queue, p.Sound)
	}
}

func TestQueuePageOfTheWindow(t *testing.T) {
	r := newRig(t, func(c *fakeCore, o *Options) {
		c.haveAQueue(30)
		o.Page = PageQueue
	})
	r.untilShows("(minecraft · 30)")
	r.untilShows("Big gift: diamonds")
	button := looktest.All[*look.HintButton](r.w.queue.Object())[0]
	button.MouseIn(nil)
	r.mustShow("Do this before all others")
	button.MouseOut()
	r.mustNotShow("Do this before all others")
	r.w.openWaiting(r.core.waits["rcon:minecraft"][1])
	r.mustShow("What waits")
	r.press("Close")
	r.press("Drop all")
	r.press("Drop all")
	r.untilShows("Nothing waits here.")
}
