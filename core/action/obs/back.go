package obs

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// retryBack is how long after a failure something is tried to be switched back again.
const retryBack = 2 * time.Second

// back is what a thing is to be switched back to.
type back struct {
	// origin is how it stood before, set how the job left it.
	origin, set string
	at          time.Time
	// hasFailed says that OBS could not be reached at that time.
	hasFailed bool
}

// watchBacks lets a goroutine switch things back, until there is none left or the client closes. The turn is held.
func (c *Client) watchBacks() {
	if c.isBusy {
		select {
		case c.wake <- struct{}{}:
		default: // it is about to look
		}
		return
	}
	c.isBusy = true
	c.group.Go(c.switchInTime)
}

func (c *Client) switchInTime() {
	timer := time.NewTimer(0)
	defer timer.Stop()
	for {
		select {
		case <-c.life.Done():
			return
		case <-c.wake:
		case <-timer.C:
		}
		if c.acquire(c.life) != nil {
			return
		}
		next, ok := c.switchDue()
		c.isBusy = ok
		c.release()
		if !ok {
			return
		}
		timer.Reset(time.Until(next))
	}
}

// switchDue switches back what it is time for, and returns when to look again, or false when nothing is left. What fails for want
// of OBS is tried again later: when OBS is back, it may have come back as it was left. The turn is held.
func (c *Client) switchDue() (next time.Time, ok bool) {
	for t, b := range c.backs {
		if time.Until(b.at) <= 0 {
			c.switchOne(t, b)
		}
	}
	for _, b := range c.backs {
		if !ok || b.at.Before(next) {
			next, ok = b.at, true
		}
	}
	return next, ok
}

func (c *Client) switchOne(t thing, b *back) {
	err := c.restore(c.life, t, b)
	switch {
	case err == nil:
		delete(c.backs, t)
	case isRefusal(err):
		delete(c.backs, t)
		c.log.Warn("OBS would not switch back", "what", t.verb, "source", t.source, "error", err)
	default:
		if !b.hasFailed {
			c.log.Warn("OBS could not be told to switch back, and will be", "what", t.verb, "source", t.source, "error", err)
		}
		b.hasFailed, b.at = true, time.Now().Add(retryBack)
	}
}

// restore switches one thing back, unless someone has changed it meanwhile.
func (c *Client) restore(ctx context.Context, t thing, b *back) error {
	now, err := c.state(ctx, t)
	if err != nil || now != b.set || now == b.origin {
		return err
	}
	return c.put(ctx, t, b.origin)
}

// switchAllBack switches back everything that is left, whatever its time. The turn is held, and no goroutine is at it.
func (c *Client) switchAllBack(ctx context.Context) error {
	var errs []error
	for t, b := range c.backs {
		if err := c.restore(ctx, t, b); err != nil {
			errs = append(errs, fmt.Errorf("switch back in OBS: %w", err))
		}
		delete(c.backs, t)
	}
	return errors.Join(errs...)
}

func isRefusal(err error) bool {
	var r *refusal
	return errors.As(err, &r)
}
