package gui

import (
	"fmt"
	"time"

	"github.com/livecue/livecue/core/action"
	"github.com/livecue/livecue/core/app"
	"github.com/livecue/livecue/core/event"
	"github.com/livecue/livecue/core/queue"
	"github.com/livecue/livecue/gui/look/looktest"
)

// pastJob is the n-th job of a made-up evening.
func pastJob(n int) (action.Job, event.Gift) {
	names := []string{"Pixel Pia", "testy_tom", "made_up_mo", "ナナ"}
	r := looktest.ExampleProfile().Rules[n%5]
	u := event.User{Handle: "viewer", Nickname: names[n%len(names)]}
	gift := event.GiftInfo{ID: 5655, Name: "Rose", Coins: 1, Streakable: true}
	return action.Job{
		ID: fmt.Sprint("job-", n), RuleID: r.ID, RuleName: r.Name, Spec: r.Actions[0], Runs: 1 + n%4*3,
		Fields: action.Fields{User: u.Handle, Nickname: u.Nickname, Gift: "Rose", Count: 3}, Created: time.Now().Add(-time.Duration(n) * time.Minute),
	}, event.Gift{User: u, Gift: gift, Count: 3, Final: true}
}

// haveAPast gives the core n finished jobs of every kind.
func (f *fakeCore) haveAPast(n int) {
	replies := map[action.State]string{
		action.Done: "Summoned new Chicken", action.Rejected: "Unknown or incomplete command, see below for error: sumon<--[HERE]",
	}
	states := []action.State{action.Done, action.Done, action.Done, action.Rejected, action.Done, action.Unknown, action.Failed, action.Done, action.Expired, action.Dropped}
	for i := range n {
		job, e := pastJob(i)
		d := app.Done{Job: job, State: states[i%len(states)], Runs: job.Runs, Latency: time.Duration(40+i%90) * time.Millisecond, At: job.Created, Event: e}
		d.Reply = replies[d.State]
		switch d.State {
		case action.Rejected:
			d.Refused = d.Runs
		case action.Failed:
			d.Error, d.Runs = "rcon: the server cannot be reached", 0
		case action.Dropped:
			d.Event = nil
		}
		f.past = append(f.past, d)
	}
}

// haveLeftovers gives the core n jobs that were not finished, one of them under way and one too late.
func (f *fakeCore) haveLeftovers(n int) {
	for i := range n {
		job, _ := pastJob(n - i)
		job.ID = fmt.Sprint("left-", i)
		u := app.Unfinished{Job: job, Who: job.Fields.Nickname}
		switch i {
		case 0:
			u.Job.Runs, u.Runs, u.Claimed = 10, 6, true
		case 1:
			u.Expired = true
		}
		f.left = append(f.left, u)
	}
}

// haveAQueue lets n jobs wait for the game server, while one is being done.
func (f *fakeCore) haveAQueue(n int) {
	const lane = "rcon:minecraft"
	l := f.lanes[lane]
	running, _ := pastJob(5)
	l.Running, l.Waiting = &running, n
	for i := range n {
		job, _ := pastJob(n - i)
		job.Fields.Coins, job.Fields.TotalCoins = 1, 3
		job.Created = time.Now().Add(-time.Duration(n-i) * time.Second)
		w := queue.Waiting{Ticket: int64(i + 1), Job: job, Runs: job.Runs}
		if i%4 == 2 {
			w.Due = time.Now().Add(time.Duration(i) * time.Second)
		}
		l.Runs += w.Runs
		f.waits[lane] = append(f.waits[lane], w)
	}
}
