package gui

import (
	"context"
	"slices"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/theme"

	"github.com/livecue/livecue/core/action"
	"github.com/livecue/livecue/core/action/obs"
	"github.com/livecue/livecue/core/profile"
	"github.com/livecue/livecue/core/queue"
	"github.com/livecue/livecue/gui/look"
	"github.com/livecue/livecue/gui/words"
)

const (
	// askAgain is how long after a failure OBS is asked again how it stands, while the page is shown. One that answers can tell its
	// user of each login, so it is left alone for longer.
	askAgain = 5 * time.Second
	askLater = time.Minute
)

// studioState is how OBS stands: by its lane where that is in trouble, otherwise by asking OBS itself in the background.
type studioState struct {
	pill *look.Pill
	// isAsking says that OBS is being asked, askedAt when it was last; zero asks at once.
	isAsking bool
	askedAt  time.Time
	// hasAnswer says that info and err are what came of it.
	hasAnswer bool
	info      obs.Info
	err       error
}

// again lets OBS be asked at the next tick.
func (s *studioState) again() { s.askedAt, s.hasAnswer = time.Time{}, false }

// answered takes note of what came of asking.
func (s *studioState) answered(info obs.Info, err error) {
	s.info, s.err, s.hasAnswer, s.askedAt = info, err, true, time.Now()
}

// isDue reports whether it is time to ask. A password that was refused is not tried again by itself.
func (s *studioState) isDue(now time.Time) bool {
	pause := askLater
	switch {
	case s.isAsking || s.hasAnswer && action.IsBlocked(s.err):
		return false
	case s.err != nil:
		pause = askAgain
	}
	return s.askedAt.IsZero() || now.Sub(s.askedAt) >= pause
}

// show draws the state. lane is that of OBS, or nil where no rule uses OBS.
func (s *studioState) show(lane *queue.LaneStatus, isSetUp bool) {
	word, tone := lang.L("not set up"), theme.ColorNamePlaceHolder
	switch {
	case lane != nil && lane.Trouble != "":
		word, tone = words.TroubleWord(lane.Trouble), theme.ColorNameError
	case lane != nil && lane.Paused:
		word, tone = lang.L("paused"), theme.ColorNameWarning
	case !isSetUp:
	case !s.hasAnswer:
		word = lang.L("looking …")
	case s.err != nil:
		word, tone = words.TroubleWord(s.err.Error()), failedTone(lane)
	default:
		word, tone = lang.L("OBS {{.Version}}, ready", map[string]any{"Version": words.Clean(s.info.Version, 20)}), theme.ColorNameSuccess
	}
	s.pill.Set(word, tone)
}

// failedTone is milder where no rule needs OBS.
func failedTone(lane *queue.LaneStatus) fyne.ThemeColorName {
	if lane == nil {
		return theme.ColorNameWarning
	}
	return theme.ColorNameError
}

// tick shows how OBS stands, and asks it in the background when it is time to. One of which nobody has said anything is not asked.
func (c *studioCard) tick(now time.Time) {
	var lane *queue.LaneStatus
	lanes := c.window.core.Lanes()
	if i := slices.IndexFunc(lanes, func(l queue.LaneStatus) bool { return l.Lane == string(action.KindOBS) }); i >= 0 {
		lane = &lanes[i]
	}
	isSetUp := lane != nil || c.loaded.Address != "" || c.window.secrets.has(profile.KeyOBS()) || c.state.hasAnswer
	c.state.show(lane, isSetUp)
	if !isSetUp || !c.state.isDue(now) {
		return
	}
	c.state.isAsking, c.state.askedAt = true, now
	settings := c.loaded
	var info obs.Info
	c.window.tasks.run(func(ctx context.Context) (err error) {
		info, err = c.window.core.TestOBS(ctx, settings, "")
		return err
	}, func(err error) {
		c.state.isAsking = false
		if settings == c.loaded {
			c.state.answered(info, err)
		}
		c.state.show(lane, true)
	})
}
