package overlay

import (
	"net/url"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/rivo/uniseg"

	"github.com/livecue/livecue/core/action"
)

// How much of what viewers write is shown, in characters as people count them.
const (
	maxNameShown    = 40
	maxCommentShown = 300
	// maxMarks is how many combining marks one character may carry: more would run over the lines around it.
	maxMarks = 3
)

// clean returns text fit to be shown on one line: without control characters, without marks that turn the direction of what
// follows, and cut to most characters.
func clean(text string, most int) string {
	var b strings.Builder
	shown, state := 0, -1
	for text != "" {
		var cluster string
		cluster, text, _, state = uniseg.FirstGraphemeClusterInString(text, state)
		if cluster = cleanCluster(cluster); cluster == "" {
			continue
		}
		if shown == most {
			b.WriteRune('…')
			break
		}
		shown++
		b.WriteString(cluster)
	}
	return strings.TrimSpace(b.String())
}

func cleanCluster(cluster string) string {
	var b strings.Builder
	marks := 0
	for _, r := range cluster {
		switch {
		case r == utf8.RuneError:
			r = '\uFFFD'
		case r == '\u200c', r == '\u200d', r >= 0xe0020 && r <= 0xe007f:
			// joiners of scripts and emoji, and the letters of regional flags
		case unicode.Is(unicode.Cf, r), unicode.Is(unicode.Co, r):
			continue
		case unicode.IsControl(r), unicode.IsSpace(r):
			r = ' '
		case unicode.In(r, unicode.Mn, unicode.Me) && r != '\ufe0f':
			if marks++; marks > maxMarks {
				continue
			}
		}
		if b.Len() > 64 {
			break // no character that people write is that long
		}
		b.WriteRune(r)
	}
	return b.String()
}

// part is a piece of an alert's text: what the rule says, or what stands in for a placeholder.
type part struct {
	Text    string `json:"text"`
	IsValue bool   `json:"value,omitempty"`
}

// edge marks a value in an expanded text; neither rules nor cleaned values hold it.
const edge = "\x00"

// parts fills in a rule's text. Placeholders with and without a modifier are the same here: this is no JSON.
func parts(text string, f action.Fields) []part {
	text = strings.ReplaceAll(strings.ToValidUTF8(text, "\uFFFD"), edge, "")
	expanded := action.Expand(text, f, func(p action.Placeholder) string {
		most := maxNameShown
		if p.Name == "comment" || p.Name == "args" {
			most = maxCommentShown
		}
		return edge + clean(p.Value, most) + edge
	})
	var all []part
	for i, piece := range strings.Split(expanded, edge) {
		if piece != "" {
			all = append(all, part{piece, i%2 == 1})
		}
	}
	return all
}

// Text returns the text of an alert with f's texts in it, as the page shows it.
func Text(text string, f action.Fields) string {
	var b strings.Builder
	for _, p := range parts(text, f) {
		b.WriteString(p.Text)
	}
	return b.String()
}

// pictureHosts are where the platform keeps the pictures of gifts and viewers.
func pictureHosts() []string {
	return []string{"tiktokcdn.com", "tiktokcdn-us.com", "tiktokcdn-eu.com"}
}

// picture returns an address that a page may load a picture from, or "".
func picture(address string) string {
	const longest = 2000
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "https" || u.User != nil || u.Port() != "" || len(address) > longest {
		return ""
	}
	for _, host := range pictureHosts() {
		if strings.HasSuffix(u.Hostname(), "."+host) {
			return u.String()
		}
	}
	return ""
}
