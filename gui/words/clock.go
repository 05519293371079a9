package words

import (
	"fmt"
	"time"

	"fyne.io/fyne/v2/lang"
)

// Elapsed says how far into something a moment is, such as 1:02:03.
func Elapsed(d time.Duration) string {
	s := int64(max(d, 0) / time.Second)
	return fmt.Sprintf("%d:%02d:%02d", s/3600, s/60%60, s%60)
}

// Length says how long something was, in hours and minutes.
func Length(d time.Duration) string {
	minutes := int64(max(d, 0).Round(time.Minute) / time.Minute)
	if minutes < 60 {
		return lang.L("{{.N}} min", args{"N": minutes})
	}
	return lang.L("{{.H}} h {{.M}} min", args{"H": Number(minutes / 60), "M": minutes % 60})
}

// Date says a date of this computer's place, in the language's order.
func Date(t time.Time) string {
	return t.Local().Format(lang.X("how a date is written, for the 2nd of January 2006", "2006-01-02"))
}

// ShortDate says a day without its year.
func ShortDate(t time.Time) string {
	return t.Local().Format(lang.X("how a day is written, for the 2nd of January", "2 Jan"))
}

// Month says a month and its year.
func Month(t time.Time) string { return t.Local().Format("01/2006") }

// TimeOfDay says a time of day to the minute.
func TimeOfDay(t time.Time) string { return t.Local().Format("15:04") }

// HasDecimalComma reports whether fractions have a comma in the window's language.
func HasDecimalComma() bool { return decimal(0.5) == "0,5" }
