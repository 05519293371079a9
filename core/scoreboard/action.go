package scoreboard

import (
	"context"
	"errors"
	"fmt"
	"math"
	"time"

	"github.com/livecue/livecue/core/action"
)

var _ action.Action = (*Board)(nil)

// Do implements action.Action for jobs of the kinds counter and timer. It waits for nothing. A rehearsed job changes the rehearsal's copy
// alone, and fails when the rehearsal is over.
func (b *Board) Do(_ context.Context, job action.Job) (action.Outcome, error) {
	switch {
	case job.Spec.Counter != nil:
		return b.doCounter(job, *job.Spec.Counter)
	case job.Spec.Timer != nil:
		return b.doTimer(job, *job.Spec.Timer)
	default:
		return action.Outcome{}, action.Permanent(errors.New("this action is neither a counter nor a timer"))
	}
}

func (b *Board) doCounter(job action.Job, c action.Counter) (action.Outcome, error) {
	amount := Amount(job, c)
	value, err := b.changeCounter(job.Rehearsed, c.Name, func(old int64) int64 {
		if c.Set {
			return amount
		}
		return old + amount // both are within MaxValue
	})
	if err != nil {
		return action.Outcome{}, action.Permanent(err)
	}
	return action.Outcome{State: action.Done, Reply: fmt.Sprintf("%s: %d", c.Name, value)}, nil
}

func (b *Board) doTimer(job action.Job, t action.Timer) (action.Outcome, error) {
	by := Time(job, t)
	timer, err := b.changeTimer(job.Rehearsed, t.Name, t.Do, by)
	if err != nil {
		return action.Outcome{}, action.Permanent(err)
	}
	state := "paused"
	if timer.Running {
		state = "running"
	}
	return action.Outcome{State: action.Done, Reply: fmt.Sprintf("%s: %v, %s", t.Name, timer.Left.Round(time.Second), state)}, nil
}

// Amount is what one run of the job adds to a counter, or sets it to.
func Amount(job action.Job, c action.Counter) int64 {
	amount := c.Amount
	if amount == 0 && !c.Set {
		amount = 1
	}
	if c.PerCoin {
		amount = times(amount, coins(job), MaxValue)
	}
	return amount
}

// Time is what one run of the job adds to a countdown, below 0 to take it away, or sets it to.
func Time(job action.Job, t action.Timer) time.Duration {
	by := t.Time.Std()
	if t.PerCoin {
		by = time.Duration(times(int64(by), coins(job), math.MaxInt64/2))
	}
	if t.Less && t.Do == action.TimerAdd {
		by = -by
	}
	return by
}

// coins is what one run of the job stands for: a job that is run for each gift has the price of one.
func coins(job action.Job) int64 {
	if job.Spec.PerGift {
		return int64(job.Fields.Coins)
	}
	return int64(job.Fields.TotalCoins)
}
