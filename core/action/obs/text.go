package obs

import (
	"strings"

	"github.com/rivo/uniseg"

	"github.com/livecue/livecue/core/action"
)

const (
	// maxValue bounds what a viewer's text adds to a text, in runes.
	maxValue = 300
	// maxShown bounds a text as it is shown, in bytes. OBS draws it anew with each change, on the thread that draws the stream.
	maxShown = 4000
)

// Text returns a text that OBS is to show, with f's texts in it, as it is shown.
func Text(text string, f action.Fields) string { return render(text, f) }

// render fills in a text that OBS is to show. What viewers wrote stays on one line, and is text: OBS knows no markup.
func render(text string, f action.Fields) string {
	shown := action.Expand(text, f, func(p action.Placeholder) string { return action.Printable(p.Value, maxValue) })
	return shorten(strings.ToValidUTF8(strings.ReplaceAll(shown, "\x00", ""), "\uFFFD"), maxShown)
}

// shorten cuts s to at most that many bytes, between what readers take for characters.
func shorten(s string, most int) string {
	if len(s) <= most {
		return s
	}
	end, state := 0, -1
	for rest := s; rest != ""; {
		var cluster string
		cluster, rest, _, state = uniseg.FirstGraphemeClusterInString(rest, state)
		if end+len(cluster) > most {
			break
		}
		end += len(cluster)
	}
	return s[:end]
}
