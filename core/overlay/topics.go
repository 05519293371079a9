package overlay

import (
	"maps"
	"time"
)

// topic is one thing that pages hear of. A message about it holds all of it.
type topic string

const (
	topicHello    topic = "hello" // the build of the pages, so that old ones load anew after an update
	topicAlert    topic = "alert"
	topicGifts    topic = "gifts"
	topicTotals   topic = "totals"
	topicGoal     topic = "goal"
	topicTop      topic = "top"
	topicCounters topic = "counters"
	topicTimers   topic = "timers"
	topicChat     topic = "chat"
	topicQueue    topic = "queue"
)

// message is what pages get.
type message struct {
	Topic topic `json:"topic"`
	Data  any   `json:"data"`
}

// countdown is a timer as pages get it: they count on by themselves.
type countdown struct {
	Name string `json:"name"`
	// Left is in milliseconds.
	Left    int64 `json:"left"`
	Running bool  `json:"running"`
}

// count is a counter as pages get it.
type count struct {
	Name  string `json:"name"`
	Value int64  `json:"value"`
}

// touch says that a topic has changed. The lock is held.
func (s *Server) touch(t topic) {
	s.versions[t]++
	s.tellWatchers()
	for c := range s.clients {
		if c.hears(t) {
			c.poke()
		}
	}
}

// version tells whether a topic has changed for c since it was told. The lock is held.
func (s *Server) version(c *client, t topic) uint64 {
	if t == topicAlert {
		return s.track(c.channel).version
	}
	return s.versions[t]
}

// news returns what has changed since c was told last.
func (s *Server) news(c *client) []message {
	now := time.Now()
	var all []message
	var late []topic // those that are read from the board, without the lock
	s.mu.Lock()
	for _, t := range c.topics() {
		version := s.version(c, t)
		if told, ok := c.told[t]; ok && told == version {
			continue
		}
		c.told[t] = version
		if t == topicCounters || t == topicTimers {
			late = append(late, t)
			continue
		}
		all = append(all, message{t, s.read(c, t, now)})
	}
	s.mu.Unlock()
	for _, t := range late {
		all = append(all, message{t, s.readBoard(t)})
	}
	return all
}

// read returns what pages get of a topic. The lock is held.
func (s *Server) read(c *client, t topic, now time.Time) any {
	switch t {
	case topicAlert:
		return s.track(c.channel).read(now)
	case topicGifts:
		return s.shown().giftLines(now)
	case topicTotals:
		return s.shown().totals
	case topicGoal:
		return s.settings.Goal
	case topicTop:
		return s.shown().givers.top(topShown)
	case topicChat:
		return s.shown().chatLines(now)
	case topicQueue:
		q := Queue{Total: maps.Clone(s.queue.Total), Jobs: append([]Waiting{}, s.queue.Jobs...)}
		return q
	default:
		return s.files.build
	}
}

func (s *Server) readBoard(t topic) any {
	if t == topicTimers {
		timers := []countdown{}
		for _, one := range s.opts.Board.Timers() {
			timers = append(timers, countdown{one.Name, one.Left.Milliseconds(), one.Running})
		}
		return timers
	}
	counters := []count{}
	for _, one := range s.opts.Board.Counters() {
		counters = append(counters, count{one.Name, one.Value})
	}
	return counters
}
