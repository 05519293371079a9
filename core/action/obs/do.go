package obs

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/livecue/livecue/core/action"
)

// Do does one run of an OBS job. A scene, source or filter that OBS does not know is Rejected, with OBS's words. Unknown means
// that OBS was told and did not answer.
//
// An error means that nothing was changed. It is Blocked for a refused password, an address that is none and an OBS that is too
// old or too new; an OBS that is not running or does not answer is worth another try.
//
// Spec.OBS.For switches a scene, source, filter or text back to how it stood. A later job for the same thing takes over: with For
// of its own it moves the time, without it the thing stays as it is then. What someone has meanwhile changed in OBS is left
// alone. A media source is not stopped, and what was toggled stays.
func (c *Client) Do(ctx context.Context, job action.Job) (action.Outcome, error) {
	if job.Spec.OBS == nil {
		return action.Outcome{}, action.Permanent(ErrNotOBS)
	}
	if err := c.acquire(ctx); err != nil {
		return action.Outcome{}, err
	}
	defer c.release()
	ctx, cancel := c.bound(ctx)
	defer cancel()
	if err := c.switchDueFirst(ctx); err != nil {
		return asked(err)
	}
	spec := *job.Spec.OBS
	t, err := c.find(ctx, spec)
	if err != nil {
		return asked(err)
	}
	before, err := c.state(ctx, t)
	if err != nil {
		return asked(err)
	}
	after := wanted(spec, before, job.Fields)
	forget := c.remember(t, before, after, spec)
	outcome, err := changed(c.put(ctx, t, after))
	switch {
	case err != nil || outcome.State == action.Rejected:
		forget()
	case isLasting(spec):
		c.leave(t)
	default:
		c.confirm(t, outcome.State == action.Done)
	}
	if outcome.State == action.Done && spec.Switch == action.SwitchToggle {
		outcome.Reply = after
	}
	return outcome, err
}

// wanted returns how a thing is to stand that stands as before.
func wanted(o action.OBS, before string, f action.Fields) string {
	switch o.Do {
	case action.OBSScene:
		return o.Scene
	case action.OBSText:
		return render(o.Text, f)
	case action.OBSMedia:
		return ""
	}
	switch o.Switch {
	case action.SwitchOff:
		return string(action.SwitchOff)
	case action.SwitchToggle:
		return position(before != string(action.SwitchOn))
	default:
		return string(action.SwitchOn)
	}
}

// asked returns what the end of a question means for its job. Nothing has been changed.
func asked(err error) (action.Outcome, error) {
	var r *refusal
	if errors.As(err, &r) {
		return action.Outcome{State: action.Rejected, Reply: r.Error()}, nil
	}
	return action.Outcome{}, err
}

// changed returns what the end of a change means for its job.
func changed(err error) (action.Outcome, error) {
	var u *unanswered
	switch {
	case err == nil:
		return action.Outcome{State: action.Done}, nil
	case errors.As(err, &u):
		return action.Outcome{State: action.Unknown, Reply: u.Error()}, nil
	default:
		return asked(err)
	}
}

// isLasting reports whether what a job does stays until something else changes it.
func isLasting(o action.OBS) bool {
	isSwitch := o.Do == action.OBSSource || o.Do == action.OBSFilter
	return o.For <= 0 || o.Do == action.OBSMedia || isSwitch && o.Switch == action.SwitchToggle
}

// remember notes what is to be switched back, and when, before it is changed: the program may be killed at once. What it returns
// undoes that. The turn is held.
func (c *Client) remember(t thing, before, after string, o action.OBS) (forget func()) {
	if isLasting(o) {
		return func() {}
	}
	t.item = 0
	earlier, wasSwitched := c.backs[t]
	b := &back{origin: before, left: []string{after}, at: time.Now().Add(o.For.Std())}
	if wasSwitched && slices.Contains(earlier.left, before) {
		b.origin = earlier.origin // it stands as an earlier job left it, and not for good
		if before != after {
			b.left = append(b.left, before)
		}
	}
	c.backs[t] = b
	c.note()
	return func() {
		delete(c.backs, t)
		if wasSwitched {
			c.backs[t] = earlier
		}
		c.note()
	}
}

// confirm lets a thing be switched back at its time. Once OBS has said that it stands as wanted, nothing else counts as left.
func (c *Client) confirm(t thing, isSure bool) {
	t.item = 0
	if b := c.backs[t]; isSure && len(b.left) > 1 {
		b.left = b.left[:1]
		c.note()
	}
	c.watchBacks()
}

// leave lets a thing stay as it is now.
func (c *Client) leave(t thing) {
	t.item = 0
	if _, ok := c.backs[t]; ok {
		delete(c.backs, t)
		c.note()
	}
}
