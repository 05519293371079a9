package obs

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/livecue/livecue/core/action"
)

const (
	// firstRetry is how long after a failure it is tried to switch back again; the pause doubles up to lastRetry.
	firstRetry = 2 * time.Second
	lastRetry  = 30 * time.Second
	// blockedRetry is the pause after OBS has refused us, which its user must mend: Resume and Do do not wait for it.
	blockedRetry = time.Hour
)

// back is what a thing is to be switched back to.
type back struct {
	// origin is how it stood before.
	origin string
	// left is how jobs have left it. While OBS has not confirmed the last change, it has how the job before left it, too.
	left []string
	at   time.Time
}

// Owes reports whether there is something to switch back.
func (c *Client) Owes(ctx context.Context) (bool, error) {
	if err := c.acquire(ctx); err != nil {
		return false, err
	}
	defer c.release()
	return len(c.backs) > 0, nil
}

// Resume lets what the notes say be switched back, at its time or as soon as OBS can be reached. It does not wait for that. It is for
// the start, when the password is set, and for each time that the password has changed.
func (c *Client) Resume(ctx context.Context) error {
	if err := c.acquire(ctx); err != nil {
		return err
	}
	defer c.release()
	c.retryAt, c.pause = time.Time{}, 0
	if len(c.backs) > 0 {
		c.watchBacks()
	}
	return nil
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
		if !time.Now().Before(c.retryAt) {
			c.switchDue(c.life)
		}
		next, ok := c.nextTime()
		c.isBusy = ok
		c.release()
		if !ok {
			return
		}
		timer.Reset(time.Until(next))
	}
}

// nextTime returns when to look again, or false when nothing is left.
func (c *Client) nextTime() (time.Time, bool) {
	things := c.inOrder()
	if len(things) == 0 {
		return time.Time{}, false
	}
	next := c.backs[things[0]].at
	if c.retryAt.After(next) {
		next = c.retryAt
	}
	return next, true
}

// switchDue switches back what it is time for, the earliest first. What fails for want of OBS is tried again later, and what is
// after it with it: when OBS is back, it may have come back as it was left. The turn is held.
func (c *Client) switchDue(ctx context.Context) {
	hasChanged := false
	for _, t := range c.inOrder() {
		if time.Until(c.backs[t].at) > 0 {
			break
		}
		if err := c.restore(ctx, t, c.backs[t]); err != nil && !isRefusal(err) {
			c.later(t, err)
			break
		} else if err != nil {
			c.log.Warn("OBS would not switch back", "what", t.verb, "source", t.source, "error", err)
		}
		delete(c.backs, t)
		c.retryAt, c.pause = time.Time{}, 0
		hasChanged = true
	}
	if hasChanged {
		c.note()
	}
}

// later puts off what could not be switched back.
func (c *Client) later(t thing, err error) {
	if c.pause == 0 {
		c.log.Warn("OBS could not be told to switch back, and will be", "what", t.verb, "source", t.source, "error", err)
	}
	c.pause = min(max(2*c.pause, firstRetry), lastRetry)
	if action.IsBlocked(err) {
		c.pause = blockedRetry
	}
	c.retryAt = time.Now().Add(c.pause)
}

// switchDueFirst switches back what is overdue before a job looks how things stand. It fails only where the job would.
func (c *Client) switchDueFirst(ctx context.Context) error {
	things := c.inOrder()
	if len(things) == 0 {
		return nil
	}
	c.watchBacks() // what the notes say may not have been resumed
	if time.Until(c.backs[things[0]].at) > 0 {
		return nil
	}
	if _, err := c.connection(ctx); err != nil {
		return err
	}
	c.switchDue(ctx)
	return nil
}

// restore switches one thing back, unless someone has changed it meanwhile.
func (c *Client) restore(ctx context.Context, t thing, b *back) error {
	if t.verb == action.OBSSource {
		var err error
		if t.item, err = c.itemID(ctx, t.scene, t.source); err != nil {
			return err
		}
	}
	now, err := c.state(ctx, t)
	if err != nil || !slices.Contains(b.left, now) || now == b.origin {
		return err
	}
	return c.put(ctx, t, b.origin)
}

// switchAllBack switches back everything that is left, whatever its time. What OBS could not be told stays in the notes. The turn is
// held, and no goroutine is at it.
func (c *Client) switchAllBack(ctx context.Context) error {
	if len(c.backs) == 0 {
		return nil // what an earlier call has left in the notes stays there
	}
	var errs []error
	for _, t := range c.inOrder() {
		err := c.restore(ctx, t, c.backs[t])
		if err != nil {
			errs = append(errs, fmt.Errorf("switch back in OBS: %w", err))
		}
		if err != nil && !isRefusal(err) {
			break
		}
		delete(c.backs, t)
	}
	c.note()
	clear(c.backs)
	return errors.Join(errs...)
}

func isRefusal(err error) bool {
	var r *refusal
	return errors.As(err, &r)
}
