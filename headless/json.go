package headless

import (
	"encoding/json"
	"io"
	"time"

	"github.com/livecue/livecue/core/action"
	"github.com/livecue/livecue/core/app"
	"github.com/livecue/livecue/core/event"
	"github.com/livecue/livecue/core/rule"
)

// jsonPrinter writes one object a line. Each has a "type": event, outcome, dropped or summary.
type jsonPrinter struct{ enc *json.Encoder }

func newJSON(out io.Writer) *jsonPrinter {
	enc := json.NewEncoder(out)
	enc.SetEscapeHTML(false)
	return &jsonPrinter{enc}
}

type entryLine struct {
	Type   string     `json:"type"`
	Seq    uint64     `json:"seq"`
	At     time.Time  `json:"time"`
	Kind   event.Kind `json:"kind"`
	ID     string     `json:"id,omitempty"`
	Source string     `json:"source,omitempty"`
	Room   string     `json:"room,omitempty"`
	Test   bool       `json:"test,omitempty"`
	User   *userLine  `json:"user,omitempty"`
	// Event has the fields that only this kind has.
	Event any `json:"event,omitempty"`
	// Rules are those that wait for this kind of event, with the reason why they did or did not fire.
	Rules []rule.Decision `json:"rules,omitempty"`
	Jobs  []string        `json:"jobs,omitempty"`
}

type userLine struct {
	ID         string `json:"id,omitempty"`
	Handle     string `json:"handle,omitempty"`
	Nickname   string `json:"nickname,omitempty"`
	AvatarURL  string `json:"avatar_url,omitempty"`
	Moderator  bool   `json:"moderator,omitempty"`
	Subscriber bool   `json:"subscriber,omitempty"`
	Follower   bool   `json:"follower,omitempty"`
	Gifter     bool   `json:"gifter,omitempty"`
	TeamLevel  int    `json:"team_level,omitempty"`
}

type giftLine struct {
	GiftID   int64  `json:"gift_id"`
	Gift     string `json:"gift"`
	Coins    int    `json:"coins"`
	Streak   string `json:"streak,omitempty"`
	Added    int    `json:"added"`
	Count    int    `json:"count"`
	Final    bool   `json:"final"`
	Inferred bool   `json:"inferred,omitempty"`
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
	Latency float64      `json:"latency_ms"`
}

func (p *jsonPrinter) entry(e *app.Entry) error {
	h := e.Event.Header()
	line := entryLine{
		Type: "event", Seq: e.Seq, At: h.At, Kind: e.Event.Kind(), ID: h.ID, Source: h.Source, Room: h.Room, Test: h.Test,
		Event: details(e.Event), Rules: concerned(e.Decisions), Jobs: e.Jobs,
	}
	if v, ok := e.Event.(event.FromViewer); ok {
		u := v.From()
		line.User = &userLine{
			u.ID, u.Handle, u.Nickname, u.AvatarURL, u.Roles.Moderator, u.Roles.Subscriber, u.Roles.Follower, u.Roles.Gifter,
			u.Roles.TeamLevel,
		}
	}
	return p.enc.Encode(line)
}

func (p *jsonPrinter) report(u app.Update) error {
	r := u.Report
	if !r.State.IsFinal() {
		return nil
	}
	return p.enc.Encode(outcomeLine{
		"outcome", r.At, r.Job.ID, r.Job.EventID, r.Job.RuleID, r.Job.RuleName, r.Job.Spec.Kind(), r.Job.Lane(), r.State,
		r.Reply, r.Error, r.Runs, r.Refused, milliseconds(r.Latency),
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

// details returns the fields that only this kind of event has.
func details(e event.Event) any {
	switch e := e.(type) {
	case event.Gift:
		return giftLine{e.Gift.ID, e.Gift.Name, e.Gift.Coins, e.Streak, e.Added, e.Count, e.Final, e.Inferred}
	case event.Like:
		return map[string]int{"added": e.Added, "total": e.Total}
	case event.Chat:
		return map[string]string{"comment": e.Comment}
	case event.Question:
		return map[string]string{"text": e.Text}
	case event.Subscribe:
		return map[string]int{"months": e.Months}
	case event.ViewerCount:
		return map[string]int{"viewers": e.Viewers}
	default:
		return lifeDetails(e)
	}
}

// lifeDetails does the same for the life of the connection.
func lifeDetails(e event.Event) any {
	type cause struct {
		Code event.CauseCode `json:"cause,omitempty"`
		Text string          `json:"text,omitempty"`
		At   time.Time       `json:"until,omitzero"`
	}
	switch e := e.(type) {
	case event.Connecting:
		return map[string]string{"door": e.Door}
	case event.Connected:
		return map[string]string{"door": e.Door, "handle": e.Handle}
	case event.Reconnected:
		return map[string]any{"door": e.Door, "handle": e.Handle, "down_ms": milliseconds(e.Down)}
	case event.WaitingForLive:
		return map[string]any{"handle": e.Handle, "until": e.NextCheck}
	case event.Reconnecting:
		return cause{e.Cause.Code, e.Cause.Text, e.RetryAt}
	case event.Disconnected:
		return cause{Code: e.Cause.Code, Text: e.Cause.Text}
	case event.RateLimited:
		return cause{e.Cause.Code, e.Cause.Text, e.Until}
	case event.AuthFailed:
		return cause{Code: e.Cause.Code, Text: e.Cause.Text}
	default:
		return nil
	}
}
