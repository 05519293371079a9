package overlay

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/livecue/livecue/core/action"
)

const (
	// seenFor is how long an alert is seen where its rule does not say.
	seenFor = 5 * time.Second
	// alertGap is the pause between two alerts of a page.
	alertGap = 300 * time.Millisecond
	// answerWait is how long pages have to say that they show an alert.
	answerWait = 3 * time.Second
	// graceForPages is how long after the last page went an alert waits for one: OBS loads pages anew, and scenes change.
	graceForPages = 10 * time.Second
)

var _ action.Action = (*Server)(nil)

// track is what the alert pages of one channel show.
type track struct {
	version uint64
	alert   *alert
	began   time.Time
	ends    time.Time
}

// alert is one, as pages get it.
type alert struct {
	ID        uint64 `json:"id"`
	Parts     []part `json:"parts"`
	Image     string `json:"image,omitempty"` // below the token
	IsVideo   bool   `json:"video,omitempty"`
	Sound     string `json:"sound,omitempty"`
	Animation string `json:"animation"`
	// For is how long it is seen in all, At since when it has been, in milliseconds.
	For int64 `json:"for"`
	At  int64 `json:"at"`

	channel string
}

// read returns the alert that is on screen, or nil.
func (t *track) read(now time.Time) *alert {
	if t.alert == nil || !now.Before(t.began.Add(time.Duration(t.alert.For)*time.Millisecond)) {
		return nil
	}
	a := *t.alert
	a.At = now.Sub(t.began).Milliseconds()
	return &a
}

// track returns the track of a channel. The lock is held.
func (s *Server) track(channel string) *track {
	t := s.tracks[channel]
	if t == nil {
		t = &track{}
		s.tracks[channel] = t
	}
	return t
}

// clearTracks takes all alerts off the screen. The lock is held.
func (s *Server) clearTracks() {
	for _, t := range s.tracks {
		t.alert, t.ends = nil, time.Time{}
		t.version++
	}
	for c := range s.clients {
		c.poke()
	}
	s.announce()
}

// forget notes that a page of the channel has gone, and lets go of what is no longer of use. The lock is held.
func (s *Server) forget(channel string, now time.Time) {
	for name, at := range s.gone {
		if now.Sub(at) > graceForPages {
			delete(s.gone, name)
		}
	}
	for name, t := range s.tracks {
		if now.After(t.ends) && s.open(name) == 0 {
			delete(s.tracks, name)
		}
	}
	s.gone[channel] = now
}

// open counts the alert pages of a channel. The lock is held.
func (s *Server) open(channel string) int {
	n := 0
	for c := range s.clients {
		if c.page.Name == PageAlert && c.channel == channel {
			n++
		}
	}
	return n
}

// takers returns the pages that are to show an alert. The lock is held.
func (s *Server) takers(a *alert) []*client {
	var all []*client
	for c := range s.clients {
		if c.page.Name == PageAlert && (a.channel == "" || a.channel == c.channel) {
			all = append(all, c)
		}
	}
	return all
}

// Do implements action.Action. It waits while the pages that are to show the alert show another, and is done when at least one of them
// says that it shows it. Without such a page the alert is rejected, after a while in which one may come back: it would be no news to show
// it much later. What is rehearsed is shown while the rehearsal lasts.
func (s *Server) Do(ctx context.Context, job action.Job) (action.Outcome, error) {
	if job.Spec.Overlay == nil {
		return action.Outcome{}, action.Permanent(errors.New("this action is no alert"))
	}
	a, notes, err := s.prepare(*job.Spec.Overlay, job.Fields)
	if err != nil {
		return action.Outcome{}, action.Permanent(err)
	}
	takers, err := s.put(ctx, a, job.Rehearsed)
	if err != nil {
		return action.Outcome{}, err
	}
	if len(takers) == 0 {
		return action.Outcome{State: action.Rejected, Reply: s.noPage(a.channel)}, nil
	}
	shown := s.answers(ctx, a, takers)
	if shown == 0 {
		return action.Outcome{State: action.Unknown, Reply: "the overlay page did not answer"}, nil
	}
	pages := "pages"
	if shown == 1 {
		pages = "page"
	}
	reply := fmt.Sprintf("shown on %d %s", shown, pages)
	return action.Outcome{State: action.Done, Reply: strings.Join(append([]string{reply}, notes...), "; ")}, nil
}

// noPage says why nobody has seen an alert.
func (s *Server) noPage(channel string) string {
	s.mu.Lock()
	isOff := s.settings.Off
	s.mu.Unlock()
	switch {
	case isOff:
		return "the overlay pages are switched off"
	case channel == "":
		return "no alert page was open: add it to OBS as a browser source"
	default:
		return fmt.Sprintf("no alert page of the channel %q was open: add it to OBS as a browser source", channel)
	}
}

// prepare makes the alert that a job asks for. A picture or sound that cannot be used is left out and told of, unless nothing else is
// left.
func (s *Server) prepare(o action.Overlay, f action.Fields) (*alert, []string, error) {
	a := &alert{Parts: parts(o.Text, f), Animation: o.Animation, For: o.For.Std().Milliseconds(), channel: clean(o.Channel, maxNameShown)}
	if a.Animation == "" {
		a.Animation = "pop"
	}
	if a.For == 0 {
		a.For = seenFor.Milliseconds()
	}
	image, pictureErr := s.picture(o.Image)
	a.Image, a.IsVideo = image.path(), image.isVideo()
	sound, soundErr := s.sound(o.Sound)
	a.Sound = sound.path()
	if len(a.Parts) == 0 && a.Image == "" && a.Sound == "" {
		return nil, nil, errors.Join(pictureErr, soundErr, errors.New("there is nothing to show"))
	}
	var notes []string
	if pictureErr != nil {
		notes = append(notes, fmt.Sprintf("without %v", pictureErr))
	}
	if soundErr != nil {
		notes = append(notes, fmt.Sprintf("without %v", soundErr))
	}
	return a, notes, nil
}

// Check looks whether the picture and the sound of an alert can be used. The error says which cannot, and why.
func (s *Server) Check(o action.Overlay) error {
	_, pictureErr := s.picture(o.Image)
	_, soundErr := s.sound(o.Sound)
	return errors.Join(pictureErr, soundErr)
}

// picture makes a picture loadable; an empty name is none.
func (s *Server) picture(name string) (medium, error) {
	if name == "" {
		return medium{}, nil
	}
	found, err := s.media.picture(name)
	if err != nil {
		return medium{}, fmt.Errorf("the picture: %w", err)
	}
	return found, nil
}

// sound makes a sound loadable; an empty name is none.
func (s *Server) sound(name string) (medium, error) {
	if name == "" {
		return medium{}, nil
	}
	found, err := s.media.sound(name)
	if err != nil {
		return medium{}, fmt.Errorf("the sound: %w", err)
	}
	return found, nil
}

// errOver says that an alert came too late to be rehearsed.
var errOver = errors.New("the rehearsal that triggered it is over")

// put lets the pages show an alert once none of them shows another, and returns them; none when there was none for a while.
func (s *Server) put(ctx context.Context, a *alert, isRehearsed bool) ([]*client, error) {
	for {
		s.mu.Lock()
		if isRehearsed && s.rehearse == nil {
			s.mu.Unlock()
			return nil, action.Permanent(errOver)
		}
		now := time.Now()
		takers := s.takers(a)
		until := s.freeAt(a, takers, now)
		if !until.After(now) {
			if len(takers) > 0 {
				s.begin(a, takers, now)
			}
			s.mu.Unlock()
			return takers, nil
		}
		changed := s.changed
		s.mu.Unlock()
		if err := wait(ctx, until, changed); err != nil {
			return nil, err
		}
	}
}

// freeAt is until when an alert has to wait: for the end of what its pages show, or for a page. The lock is held.
func (s *Server) freeAt(a *alert, takers []*client, now time.Time) time.Time {
	if len(takers) == 0 && s.settings.Off {
		return now
	}
	if len(takers) == 0 {
		last := s.began
		for channel, at := range s.gone {
			if (a.channel == "" || a.channel == channel) && at.After(last) {
				last = at
			}
		}
		return last.Add(graceForPages)
	}
	until := now
	for _, c := range takers {
		if t := s.track(c.channel); t.ends.After(until) {
			until = t.ends
		}
	}
	return until
}

// begin shows an alert. The lock is held.
func (s *Server) begin(a *alert, takers []*client, now time.Time) {
	s.alerts++
	a.ID = s.alerts
	for _, c := range takers {
		t := s.track(c.channel)
		if t.alert == a {
			continue // another page of the channel
		}
		t.alert, t.began = a, now
		t.ends = now.Add(time.Duration(a.For)*time.Millisecond + alertGap)
		t.version++
	}
	for _, c := range takers {
		c.poke()
	}
}

// answers waits until the pages have said that they show the alert, for a while, and returns how many have.
func (s *Server) answers(ctx context.Context, a *alert, takers []*client) int {
	deadline := time.Now().Add(answerWait)
	for {
		s.mu.Lock()
		shown, missing := 0, 0
		for _, c := range takers {
			_, isOpen := s.clients[c]
			switch {
			case c.answered >= a.ID:
				shown++
			case isOpen:
				missing++
			}
		}
		changed := s.changed
		s.mu.Unlock()
		if missing == 0 || !time.Now().Before(deadline) || wait(ctx, deadline, changed) != nil {
			return shown
		}
	}
}

// wait returns at a time, or when changed is closed. The error is that of ctx.
func wait(ctx context.Context, until time.Time, changed <-chan struct{}) error {
	timer := time.NewTimer(time.Until(until))
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
	case <-changed:
	}
	return nil
}
