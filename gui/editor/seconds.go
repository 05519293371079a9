package editor

import (
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/livecue/livecue/core/action"
	"github.com/livecue/livecue/gui/look"
)

type duration = action.Duration

// seconds is a field for a time in seconds, with a point or a comma; what is none is handed on as -1, which no check lets
// through.
func seconds(d duration, changed func(duration)) *look.Entry {
	e := look.NewEntry()
	e.SetPlaceHolder("0")
	if d != 0 {
		e.SetText(strconv.FormatFloat(d.Std().Seconds(), 'f', -1, 64))
	}
	e.OnChanged = func(text string) { changed(parseSeconds(text)) }
	return e
}

func parseSeconds(text string) duration {
	if text = strings.TrimSpace(text); text == "" {
		return 0
	}
	f, err := strconv.ParseFloat(strings.Replace(text, ",", ".", 1), 64)
	if err != nil || math.IsNaN(f) || f < 0 || f > action.MaxDelay.Std().Seconds() {
		return -1
	}
	return duration(math.Round(f*1000)) * duration(time.Millisecond)
}
