package words

import (
	"strconv"
	"time"

	"fyne.io/fyne/v2/lang"

	"github.com/livecue/livecue/core/action"
	"github.com/livecue/livecue/core/event"
	"github.com/livecue/livecue/core/profile"
	"github.com/livecue/livecue/core/rule"
)

// Priority says whose actions go first; empty is normal.
func Priority(p rule.Priority) string {
	switch p {
	case rule.PriorityHigh:
		return lang.L("High: before all others")
	case rule.PriorityLow:
		return lang.L("Low: after all others")
	case "", rule.PriorityNormal:
		return lang.X("priority of a rule", "Normal")
	default:
		return string(p)
	}
}

// Order says which of the waiting actions go first; empty is as they come.
func Order(o profile.Order) string {
	switch o {
	case profile.OrderCoins:
		return lang.L("Most coins first")
	case "", profile.OrderArrival:
		return lang.L("As they come")
	default:
		return string(o)
	}
}

// Patience says to the second how long an action may wait; 0 is for ever.
func Patience(d action.Duration) string {
	switch t := d.Std(); {
	case t == 0:
		return lang.X("no time after which an action is given up", "Never")
	case t%time.Hour == 0:
		return lang.L("{{.N}} h", args{"N": int(t / time.Hour)})
	case t%time.Minute == 0:
		return lang.L("{{.N}} min", args{"N": int(t / time.Minute)})
	case t%time.Second == 0:
		return lang.L("{{.N}} s", args{"N": int(t / time.Second)})
	default:
		return lang.L("{{.N}} s", args{"N": decimal(t.Seconds())})
	}
}

// PerMinute says a limit of what may be begun in a minute; 0 is none.
func PerMinute(n int) string {
	if n == 0 {
		return lang.L("no limit")
	}
	return strconv.Itoa(n)
}

// RunsLeft says how many runs of a job are left, or "" where it has only one.
func RunsLeft(left, all int) string {
	if all == 1 {
		return ""
	}
	return lang.N("{{.N}} runs left", left, args{"N": Number(left)})
}

// JobCause says what set a job off, as far as it knows: the gift, or the comment. One that a replay has set off is marked.
func JobCause(j action.Job) string {
	if cause := jobCause(j.Fields); j.Replayed {
		return lang.L("Replay: {{.Text}}", args{"Text": cause})
	} else {
		return cause
	}
}

func jobCause(f action.Fields) string {
	switch gift := (event.GiftInfo{ID: f.GiftID, Name: f.Gift}); {
	case f.Gift == "" && f.GiftID == 0:
		return Clean(f.Comment, commentLength)
	case f.Count > 1:
		return lang.L("{{.N}} × {{.Gift}} · {{.Coins}}", args{"N": Number(f.Count), "Gift": Gift(gift), "Coins": Coins(f.TotalCoins)})
	default:
		return lang.L("{{.Gift}} · {{.Coins}}", args{"Gift": Gift(gift), "Coins": Coins(f.TotalCoins)})
	}
}
