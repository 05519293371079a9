package app

import (
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/livecue/livecue/core/action"
	"github.com/livecue/livecue/core/event"
	"github.com/livecue/livecue/core/queue"
	"github.com/livecue/livecue/core/tally"
)

const (
	maxRules           = 500
	maxLanes           = 100
	maxConnectionNotes = 100
	maxTroubles        = 100
	// maxTroubleText bounds what is kept of a target's words, in bytes.
	maxTroubleText = 1000
)

// diagnostics keeps the ledger of the show and, while one is under way, that of a rehearsal. What it does for an event or a
// report takes the same short time however much there was.
type diagnostics struct {
	mu        sync.Mutex
	show      *ledger
	rehearsal *ledger // or nil
	// aside are the losses of the rehearsals that are over, at those at the begin of the one that is not.
	aside, at losses
}

func newDiagnostics() *diagnostics { return &diagnostics{show: newLedger()} }

// rehearse begins the ledger of a rehearsal.
func (d *diagnostics) rehearse(soFar losses) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.rehearsal, d.at = newLedger(), soFar
}

// rehearsed ends the ledger of the rehearsal.
func (d *diagnostics) rehearsed(soFar losses) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.aside = d.aside.plus(soFar.minus(d.at))
	d.rehearsal = nil
}

func (d *diagnostics) onEvent(e event.Event) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.rehearsal != nil {
		d.rehearsal.onEvent(e, time.Now())
		return
	}
	d.show.onEvent(e, time.Now())
}

func (d *diagnostics) onReport(r queue.Report) {
	d.mu.Lock()
	defer d.mu.Unlock()
	switch {
	case r.Job.Replayed:
	case !r.Job.Rehearsed:
		d.show.onReport(&r)
	case d.rehearsal != nil:
		d.rehearsal.onReport(&r)
	}
}

// read returns what is shown: the named rules and lanes first, in their order.
func (d *diagnostics) read(rules, lanes []named, soFar losses) Diagnostics {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.rehearsal != nil {
		return d.rehearsal.read(rules, lanes, soFar.minus(d.at))
	}
	return d.show.read(rules, lanes, soFar.minus(d.aside))
}

// losses count what was not passed on.
type losses struct{ duplicates, malformed, unknown, feed uint64 }

func (l losses) plus(o losses) losses {
	return losses{l.duplicates + o.duplicates, l.malformed + o.malformed, l.unknown + o.unknown, l.feed + o.feed}
}

func (l losses) minus(o losses) losses {
	return losses{l.duplicates - o.duplicates, l.malformed - o.malformed, l.unknown - o.unknown, l.feed - o.feed}
}

// ledger is what has happened since it was begun.
type ledger struct {
	since              time.Time
	rules, lanes       speeds
	connection         *tally.Ring[ConnectionNote]
	troubles           *tally.Ring[Trouble]
	upSince            time.Time // zero while no events flow
	up                 time.Duration
	events, reconnects uint64
}

func newLedger() *ledger {
	return &ledger{
		since: time.Now(), rules: speeds{max: maxRules}, lanes: speeds{max: maxLanes},
		connection: tally.NewRing[ConnectionNote](maxConnectionNotes),
		troubles:   tally.NewRing[Trouble](maxTroubles),
	}
}

func (l *ledger) onEvent(e event.Event, now time.Time) {
	l.events++
	if !e.Header().OfStream() {
		return
	}
	switch e.(type) {
	case event.FromViewer, event.ViewerCount, event.Cue, event.Signal:
		return
	case event.Reconnected:
		l.reconnects++
		l.setUp(true, now)
	case event.Connected:
		l.setUp(true, now)
	case event.Connecting, event.CredentialsRefreshed:
	default:
		l.setUp(false, now)
	}
	if last := l.connection.Last(); last != nil && e.Kind() == event.KindWaitingForLive && last.Event.Kind() == e.Kind() {
		last.Event = e
		return
	}
	l.connection.Add(ConnectionNote{At: now, Event: e})
}

// setUp notes whether events flow from now on.
func (l *ledger) setUp(isUp bool, now time.Time) {
	if !l.upSince.IsZero() {
		l.up += now.Sub(l.upSince)
	}
	l.upSince = time.Time{}
	if isUp {
		l.upSince = now
	}
}

func (l *ledger) onReport(r *queue.Report) {
	if r.State == action.Running {
		return
	}
	name := r.Job.Lane()
	lane := l.lanes.of(name, name)
	l.onLane(lane, r)
	if r.Job.Test || !r.State.IsFinal() {
		return
	}
	lane.count(r)
	l.rules.of(r.Job.RuleID, r.Job.RuleName).count(r)
	switch r.State {
	case action.Failed, action.Rejected, action.Unknown, action.Expired:
		text := r.Error
		if text == "" {
			text = r.Reply
		}
		l.trouble(r, r.State, text)
	default:
	}
}

// onLane notes when a lane's own trouble begins, and when it ends: something has reached the target.
func (l *ledger) onLane(lane *speed, r *queue.Report) {
	if lane == nil {
		return
	}
	switch r.State {
	case action.Waiting:
		if r.Error != "" && !lane.isInTrouble {
			lane.isInTrouble = true
			l.trouble(r, "", r.Error)
		}
	case action.Done, action.Rejected, action.Unknown:
		if lane.isInTrouble {
			lane.isInTrouble = false
			l.trouble(r, "", "")
		}
	default:
	}
}

func (l *ledger) trouble(r *queue.Report, state action.State, text string) {
	viewer := r.Job.Fields.Nickname
	if viewer == "" {
		viewer = r.Job.Fields.User
	}
	if len(text) > maxTroubleText { // the rest is let go
		text = strings.ToValidUTF8(strings.Clone(text[:maxTroubleText]), "")
	}
	l.troubles.Add(Trouble{
		At: r.At, Lane: r.Job.Lane(), RuleID: r.Job.RuleID, RuleName: r.Job.RuleName, Viewer: viewer, State: state, Text: text,
	})
}

func (l *ledger) read(rules, lanes []named, lost losses) Diagnostics {
	d := Diagnostics{
		Since: l.since, Rules: l.rules.read(rules), Lanes: l.lanes.read(lanes),
		Connection: l.connection.Values(), ConnectedFor: l.up, Troubles: l.troubles.Values(),
		Events: l.events, Reconnects: l.reconnects,
		Duplicates: lost.duplicates, Malformed: lost.malformed, Unknown: lost.unknown, FeedDropped: lost.feed,
	}
	slices.Reverse(d.Troubles)
	if !l.upSince.IsZero() {
		d.ConnectedFor += time.Since(l.upSince)
	}
	return d
}
