package words

import (
	"strconv"
	"strings"
	"time"

	"fyne.io/fyne/v2/lang"
)

// Number writes n with a thin space between thousands, which every language reads.
func Number[T int | int64 | uint64](n T) string {
	text := strconv.FormatInt(int64(n), 10)
	sign := ""
	if strings.HasPrefix(text, "-") {
		sign, text = "-", text[1:]
	}
	for i := len(text) - 3; i > 0; i -= 3 {
		text = text[:i] + "\u202f" + text[i:]
	}
	return sign + text
}

// Coins says a number of coins.
func Coins(n int) string {
	return lang.N("{{.N}} coins", n, args{"N": Number(n)})
}

// Span says how long something takes, in its largest fitting unit.
func Span(d time.Duration) string {
	switch {
	case d <= 0:
		return lang.L("{{.N}} s", args{"N": 0})
	case d < 10*time.Second && d.Round(100*time.Millisecond)%time.Second != 0:
		return lang.L("{{.N}} s", args{"N": decimal(d.Seconds())})
	case d < 2*time.Minute:
		return lang.L("{{.N}} s", args{"N": int((d + time.Second/2) / time.Second)})
	case d < 2*time.Hour:
		return lang.L("{{.N}} min", args{"N": int((d + time.Minute/2) / time.Minute)})
	default:
		return lang.L("{{.N}} h", args{"N": int((d + time.Hour/2) / time.Hour)})
	}
}

// Countdown says how long it is until t in whole seconds, never less than none.
func Countdown(t, now time.Time) string {
	rest := max(t.Sub(now), 0)
	return Span((rest + time.Second - 1).Truncate(time.Second))
}

// Moment says when something was: the time of day, and before today the date as well.
func Moment(t, now time.Time) string {
	t, now = t.Local(), now.Local()
	if t.Year() == now.Year() && t.YearDay() == now.YearDay() {
		return t.Format("15:04:05")
	}
	return t.Format("2006-01-02 15:04")
}

// Latency says how long an action took.
func Latency(d time.Duration) string {
	if d < time.Second {
		return lang.L("{{.N}} ms", args{"N": max(d.Milliseconds(), 1)})
	}
	return Span(d)
}

// decimal writes one digit after the point in the language's way.
func decimal(f float64) string {
	return strings.Replace(strconv.FormatFloat(f, 'f', 1, 64), ".", lang.X("decimal point", "."), 1)
}

// Factor writes how many times, with a digit after the point only where it is needed.
func Factor(f float64) string {
	return strings.TrimSuffix(decimal(f), decimal(0)[1:])
}
