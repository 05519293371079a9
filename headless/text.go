package headless

import (
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"unicode"

	"github.com/livecue/livecue/core/action"
	"github.com/livecue/livecue/core/app"
	"github.com/livecue/livecue/core/event"
	"github.com/livecue/livecue/core/rule"
)

// textPrinter writes lines for people.
type textPrinter struct{ out io.Writer }

func newText(out io.Writer) *textPrinter { return &textPrinter{out} }

func (p *textPrinter) entry(e *app.Entry) error {
	mark := ""
	if e.Event.Header().Test {
		mark = "[test] "
	}
	if e.Replayed {
		mark = "[replay] " + mark
	}
	at := e.Event.Header().At.Local().Format("15:04:05")
	_, err := fmt.Fprintf(p.out, "%s  %s%s%s\n", at, mark, sentence(e.Event), verdict(e.Decisions))
	return err
}

func (p *textPrinter) report(u app.Update) error {
	r := u.Report
	if !r.State.IsFinal() {
		return nil
	}
	mark := ""
	if r.Job.Replayed {
		mark = "[replay] "
	}
	line := fmt.Sprintf("          %s %s%s: %s", stateSign(r.State), mark, plain(r.Job.RuleName), subject(r.Job.Spec))
	if r.Job.Runs > 1 {
		line += fmt.Sprintf("  %d of %d times", r.Runs, r.Job.Runs)
	}
	if r.State != action.Done {
		line += "  " + string(r.State)
	}
	if r.Unsure > 0 && r.Job.Runs > 1 {
		line += fmt.Sprintf(", %d without an answer", r.Unsure)
	}
	if text := plain(r.Error + r.Reply); text != "" && r.State != action.Done {
		line += " (" + text + ")"
	}
	_, err := fmt.Fprintf(p.out, "%s  %.1f ms\n", line, milliseconds(r.Latency))
	return err
}

func (p *textPrinter) dropped(n uint64) error {
	_, err := fmt.Fprintf(p.out, "          … %d lines were left out: the terminal is too slow\n", n)
	return err
}

func (p *textPrinter) summary(s Summary) error {
	var b strings.Builder
	fmt.Fprintf(&b, "\n%.1f s, events:", s.Seconds)
	for _, kind := range slices.Sorted(maps.Keys(s.Events)) {
		fmt.Fprintf(&b, " %s %d", kind, s.Events[kind])
	}
	fmt.Fprintf(&b, "\ngifts %d, coins %d, triggered %d actions:", s.Gifts, s.Coins, s.Triggered)
	for _, state := range slices.Sorted(maps.Keys(s.Jobs)) {
		fmt.Fprintf(&b, " %s %d", state, s.Jobs[state])
	}
	fmt.Fprintf(&b, "\ngame commands %d, answered after %.1f ms (median), %.1f ms (99 of 100)\n", s.Commands, s.P50, s.P99)
	for _, u := range s.Unfinished {
		fmt.Fprintf(&b, "not done: %d of %s: %s\n", u.Jobs, u.Lane, plain(u.Reason))
	}
	h := s.Health
	fmt.Fprintf(&b, "unreadable messages %d, unknown %d, duplicates %d, reconnects %d, failed handlers %d\n",
		h.Malformed, h.Unknown, h.Duplicates, h.Reconnects, h.Panics)
	if r := s.Rehearsal; r != nil {
		verdict := "all accounted for"
		if !r.Agrees {
			verdict = "THE COUNTS DO NOT AGREE"
		}
		fmt.Fprintf(&b, "rehearsal: %d gifts sent, %d commands received: %s\n", r.Gifts, r.Commands, verdict)
	}
	_, err := io.WriteString(p.out, b.String())
	return err
}

func stateSign(s action.State) string {
	switch s {
	case action.Done:
		return "✓"
	case action.Unknown:
		return "?"
	case action.Expired, action.Dropped:
		return "–"
	default:
		return "✗"
	}
}

// subject says in a few words what an action does.
func subject(s action.Spec) string {
	switch s.Kind() {
	case action.KindRCON:
		return plain(strings.Join(action.Lines(s.RCON.Command), "; "))
	case action.KindSound:
		return "sound " + plain(s.Sound.File)
	default:
		return "nothing"
	}
}

// verdict says which rules fired, or why none did where one came close.
func verdict(all []rule.Decision) string {
	var fired, near []string
	for _, d := range all {
		switch d.Reason {
		case rule.ReasonFired:
			fired = append(fired, plain(d.RuleName))
		case rule.ReasonKind, rule.ReasonGift, rule.ReasonCommand, rule.ReasonCoins, rule.ReasonStreak, rule.ReasonBaseline:
		default:
			near = append(near, plain(d.RuleName)+": "+string(d.Reason))
		}
	}
	switch {
	case len(fired) > 0:
		return "  → " + strings.Join(fired, ", ")
	case len(near) > 0:
		return "  (" + strings.Join(near, ", ") + ")"
	default:
		return ""
	}
}

// sentence says what happened.
func sentence(e event.Event) string {
	who := ""
	if v, ok := e.(event.FromViewer); ok {
		who = plain(v.From().Name())
	}
	switch e := e.(type) {
	case event.Gift:
		end := ""
		if !e.Final {
			end = " …"
		}
		return fmt.Sprintf("%s gave %d × %s (%d coins)%s", who, e.Count, plain(e.Gift.Name), e.Count*e.Gift.Coins, end)
	case event.Follow:
		return who + " follows"
	case event.Like:
		return fmt.Sprintf("%s liked %d times, %d in all", who, e.Added, e.Total)
	case event.Share:
		return who + " shared the live"
	case event.Join:
		return who + " joined"
	case event.Chat:
		return who + ": " + plain(e.Comment)
	case event.Subscribe:
		return fmt.Sprintf("%s subscribed (month %d)", who, e.Months)
	case event.Question:
		return who + " asks: " + plain(e.Text)
	case event.ViewerCount:
		return fmt.Sprintf("%d viewers", e.Viewers)
	default:
		return roomSentence(e)
	}
}

// lifeSentence does the same for the life of the connection.
func lifeSentence(e event.Event) string {
	at := "@"
	if !e.Header().OfStream() {
		at = "the room "
	}
	switch e := e.(type) {
	case event.Connecting:
		return "connecting (" + e.Door + ")"
	case event.Connected:
		return "connected to " + at + plain(e.Handle) + " (" + e.Door + ")"
	case event.Reconnecting:
		return fmt.Sprintf("connection lost: %s; attempt %d", plain(e.Cause.Text), e.Attempt)
	case event.Reconnected:
		return fmt.Sprintf("connected again after %.1f s", e.Down.Seconds())
	case event.Disconnected:
		return strings.TrimSuffix("disconnected: "+plain(e.Cause.Text), ": ")
	case event.WaitingForLive:
		return "@" + plain(e.Handle) + " is not live; looking again at " + e.NextCheck.Local().Format("15:04:05")
	case event.LiveEnded:
		return "the live has ended"
	case event.RateLimited:
		return "asked to wait until " + e.Until.Local().Format("15:04:05") + ": " + plain(e.Cause.Text)
	case event.AuthFailed:
		return "refused: " + plain(e.Cause.Text)
	case event.CredentialsRefreshed:
		return "credentials renewed"
	default:
		return string(e.Kind())
	}
}

// plainRunes is the most of a text that a line shows.
const plainRunes = 200

// plain returns text without control characters, line breaks and direction marks, cut to a length that fits a line.
func plain(text string) string {
	var b strings.Builder
	n := 0
	for _, r := range strings.ToValidUTF8(text, "\uFFFD") {
		if unicode.IsControl(r) || unicode.Is(unicode.Cf, r) && r != '\u200d' {
			r = ' '
		}
		if n++; n > plainRunes {
			b.WriteRune('…')
			break
		}
		b.WriteRune(r)
	}
	return strings.TrimSpace(b.String())
}
