package rule

import (
	"strings"
	"time"

	"github.com/livecue/livecue/core/event"
)

// maxViewers bounds how many viewers' cooldowns one rule remembers; beyond it, the oldest are forgotten early.
const maxViewers = 10_000

// maxKey bounds how much of a viewer's key is kept, in bytes. Platforms' ids and handles are far shorter.
const maxKey = 128

// cooldown remembers when a rule fired, for each viewer ("" stands for all). The zero value is ready for use.
//
// Firings are queued in their order. All of a rule's cooldowns are equally long, so those that are over are at the front,
// and forgetting them costs nothing extra.
type cooldown struct {
	fired map[string]time.Time
	queue []firing
}

type firing struct {
	viewer string
	at     time.Time
}

// start begins the viewer's cooldown and returns 0, or returns how much is left of the one that runs.
func (c *cooldown) start(viewer string, now time.Time, quiet time.Duration) time.Duration {
	c.forget(now, quiet)
	if wait := c.left(viewer, now, quiet); wait > 0 {
		return wait
	}
	if c.fired == nil {
		c.fired = make(map[string]time.Time)
	}
	if len(c.queue) >= maxViewers {
		c.drop()
	}
	c.fired[viewer] = now
	c.queue = append(c.queue, firing{viewer, now})
	return 0
}

// left returns how much is left of the viewer's cooldown, or 0.
func (c *cooldown) left(viewer string, now time.Time, quiet time.Duration) time.Duration {
	at, ok := c.fired[viewer]
	if !ok {
		return 0
	}
	return max(remaining(at, now, quiet), 0)
}

// forget drops the firings whose cooldown is over.
func (c *cooldown) forget(now time.Time, quiet time.Duration) {
	for len(c.queue) > 0 && remaining(c.queue[0].at, now, quiet) <= 0 {
		c.drop()
	}
}

// drop forgets the oldest firing.
func (c *cooldown) drop() {
	oldest := c.queue[0]
	c.queue[0] = firing{}
	c.queue = c.queue[1:]
	if c.fired[oldest.viewer].Equal(oldest.at) {
		delete(c.fired, oldest.viewer)
	}
}

// remaining returns how much of a cooldown that began at at is left. A clock that was set back ends it: a viewer who paid
// must not wait for the clock to catch up.
func remaining(at, now time.Time, quiet time.Duration) time.Duration {
	since := now.Sub(at)
	if since < 0 {
		return 0
	}
	return quiet - since
}

// viewerKey names a viewer for cooldowns. Viewers of whom only the nickname is known are told apart by it.
func viewerKey(u event.User) string {
	key := u.Key()
	if u.ID == "" && u.Handle == "" {
		key = "~" + u.Nickname
	}
	if len(key) > maxKey {
		key = strings.Clone(key[:maxKey])
	}
	return key
}
