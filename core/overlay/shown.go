package overlay

import (
	"strings"
	"time"

	"github.com/livecue/livecue/core/event"
)

const (
	// glanceLines is how many lines of each list are in a Shown.
	glanceLines = 3
	// sampleFor is how long a made-up gift is seen.
	sampleFor = 8 * time.Second
	// sampleStreak keeps a made-up gift apart from all that is sent.
	sampleStreak = "\x00sample"
)

// Shown is what the pages show now, in short. Its texts are cleaned as those of the pages.
type Shown struct {
	// Alert is the text of the alert that all alert pages show, or "".
	Alert string
	// Gifts and Comments are the latest, newest first; Givers those who have given most. There are at most three of each.
	Gifts    []ShownGift
	Givers   []ShownGiver
	Comments []ShownComment
	// Goal is the profile's, and Reached how far it has come; a counter's value is the board's to tell.
	Goal    Goal
	Reached int64
	// Waiting are the first actions that wait, and WaitingAll how many there are: known while a queue page is open.
	Waiting    []Waiting
	WaitingAll int
	// Open is how many pages are open, by name.
	Open map[string]int
}

// ShownGift is a line of the gift page, ShownGiver one of the list of those who have given most, ShownComment one of the chat.
type (
	ShownGift struct {
		Name, Gift string
		Count      int
	}
	ShownGiver struct {
		Name  string
		Coins int64
	}
	ShownComment struct{ Name, Text string }
)

// Shown returns what the pages show now.
func (s *Server) Shown() Shown {
	s.mu.Lock()
	defer s.mu.Unlock()
	is, now := s.shown(), time.Now()
	v := Shown{Goal: s.settings.Goal, Reached: is.totals.of(s.settings.Goal.Of), Open: map[string]int{}}
	for c := range s.clients {
		v.Open[c.page.Name]++
	}
	if t := s.tracks[""]; t != nil {
		v.Alert = t.read(now).text()
	}
	for i := len(is.gifts) - 1; i >= 0 && len(v.Gifts) < glanceLines; i-- {
		v.Gifts = append(v.Gifts, ShownGift{is.gifts[i].Name, is.gifts[i].Gift, is.gifts[i].Count})
	}
	for _, g := range is.givers.top(glanceLines) {
		v.Givers = append(v.Givers, ShownGiver{g.Name, g.Coins})
	}
	for i := len(is.chat) - 1; i >= 0 && len(v.Comments) < glanceLines; i-- {
		v.Comments = append(v.Comments, ShownComment{is.chat[i].Name, is.chat[i].Text})
	}
	v.Waiting = append(v.Waiting, s.queue.Jobs[:min(glanceLines, len(s.queue.Jobs))]...)
	for _, n := range s.queue.Total {
		v.WaitingAll += n
	}
	return v
}

// of returns the total that a goal is of; 0 for a counter.
func (t totals) of(goal string) int64 {
	switch goal {
	case "likes":
		return t.Likes
	case "coins":
		return t.Coins
	case "gifts":
		return t.Gifts
	case "follows":
		return t.Follows
	default:
		return 0
	}
}

// text is what an alert says; nothing for none.
func (a *alert) text() string {
	if a == nil {
		return ""
	}
	var b strings.Builder
	for _, p := range a.Parts {
		b.WriteString(p.Text)
	}
	return b.String()
}

// Watch returns a channel that receives a value after the pages have come to show something else, or pages have come or gone: one
// for many, where its reader is slow. Call the function when done.
func (s *Server) Watch() (<-chan struct{}, func()) {
	wake := make(chan struct{}, 1)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.watchers[wake] = struct{}{}
	return wake, func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		delete(s.watchers, wake)
	}
}

// tellWatchers wakes those who watch. The lock is held.
func (s *Server) tellWatchers() {
	for wake := range s.watchers {
		select {
		case wake <- struct{}{}:
		default:
		}
	}
}

// SampleGift shows a made-up gift on the gift pages for some seconds. It enters no total.
func (s *Server) SampleGift(g event.Gift) {
	s.mu.Lock()
	defer s.mu.Unlock()
	is := s.shown()
	is.dropSample()
	is.gifts = append(is.gifts[max(0, len(is.gifts)-kept+1):], giftLine{
		Key: is.key(), Name: clean(g.User.Name(), maxNameShown), Gift: clean(g.Gift.Name, maxNameShown), Icon: picture(g.Gift.IconURL),
		Count: max(g.Count, 1), Coins: int64(max(g.Gift.Coins, 0)) * int64(max(g.Count, 1)), streak: sampleStreak, at: time.Now(),
	})
	s.touch(topicGifts)
	if s.sample != nil {
		s.sample.Stop()
	}
	s.sample = time.AfterFunc(sampleFor, s.endSample)
}

// endSample takes the made-up gift away, if it is still there.
func (s *Server) endSample() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.real.dropSample()
	if s.rehearse != nil {
		s.rehearse.dropSample()
	}
	s.touch(topicGifts)
}

// stopSample lets the made-up gift be: nobody sees it any more.
func (s *Server) stopSample() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.sample != nil {
		s.sample.Stop()
	}
}

func (s *show) dropSample() {
	for i := range s.gifts {
		if s.gifts[i].streak == sampleStreak {
			s.gifts = append(s.gifts[:i:i], s.gifts[i+1:]...)
			return
		}
	}
}
