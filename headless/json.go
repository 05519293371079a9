package headless

import (
	"encoding/json"
	"io"
	"time"

	"github.com/livecue/livecue/core/action"
	"github.com/livecue/livecue/core/app"
	"github.com/livecue/livecue/core/rule"
	"github.com/livecue/livecue/core/wire"
)

// jsonPrinter writes one object a line. Each has a "type": event, outcome, dropped or summary.
type jsonPrinter struct{ enc *json.Encoder }

func newJSON(out io.Writer) *jsonPrinter {
	enc := json.NewEncoder(out)
	enc.SetEscapeHTML(false)
	return &jsonPrinter{enc}
}

// entryLine is an event with what the rules made of it.
type entryLine struct {
	wire.Event
	// Rules are those that wait for this kind of event, with the reason why they did or did not fire.
	Rules []rule.Decision `json:"rules,omitempty"`
	Jobs  []string        `json:"jobs,omitempty"`
}

type outcomeLine struct {
	Type    string       `json:"type"`
	At      time.Time    `json:"time"`
	Job     string       `json:"job"`
	Event   string       `json:"event"`
	Rule    string       `json:"rule"`
	Name    string       `json:"rule_name"`
	Action  action.Kind  `json:"action"`
	Lane    string       `json:"lane"`
	State   action.State `json:"state"`
	Reply   string       `json:"reply,omitempty"`
	Error   string       `json:"error,omitempty"`
	Runs    int          `json:"runs"`
	Refused int          `json:"refused,omitempty"`
	Unsure  int          `json:"unsure,omitempty"`
	Latency float64      `json:"latency_ms"`
	// Replayed says that the replay of a stream has set it off.
	Replayed bool `json:"replayed,omitempty"`
}

func (p *jsonPrinter) entry(e *app.Entry) error {
	line := entryLine{Event: wire.NewEvent(e.Event), Rules: concerned(e.Decisions), Jobs: e.Jobs}
	line.Seq, line.Replayed = e.Seq, e.Replayed
	return p.enc.Encode(line)
}

func (p *jsonPrinter) report(u app.Update) error {
	r := u.Report
	if !r.State.IsFinal() {
		return nil
	}
	return p.enc.Encode(outcomeLine{
		"outcome", r.At, r.Job.ID, r.Job.EventID, r.Job.RuleID, r.Job.RuleName, r.Job.Spec.Kind(), r.Job.Lane(), r.State,
		r.Reply, r.Error, r.Runs, r.Refused, r.Unsure, milliseconds(r.Latency), r.Job.Replayed,
	})
}

func (p *jsonPrinter) dropped(n uint64) error {
	return p.enc.Encode(struct {
		Type  string `json:"type"`
		Lines uint64 `json:"lines"`
	}{"dropped", n})
}

func (p *jsonPrinter) summary(s Summary) error {
	return p.enc.Encode(struct {
		Type string `json:"type"`
		Summary
	}{"summary", s})
}

// concerned leaves out the rules that wait for another kind of event.
func concerned(all []rule.Decision) []rule.Decision {
	var some []rule.Decision
	for _, d := range all {
		if d.Reason != rule.ReasonKind {
			some = append(some, d)
		}
	}
	return some
}
