package mca

import (
	"encoding/json"
	"strconv"
	"strings"
	"time"

	"github.com/livecue/livecue/core/action"
	"github.com/livecue/livecue/core/rule"
)

const (
	// userWord stands for the viewer in a text for the screen, and for every player in a command.
	userWord = "{user}"
	// crowd is what Tiktok2Mc calls those who have liked.
	crowd = "Community"
	// defaultSeconds is how long a text is shown where it is not said.
	defaultSeconds = 3
	// maxTogether bounds the commands that one action sends together, in bytes.
	maxTogether = 8 << 10
	maxSeconds  = 600
	ticks       = 20 // of the game, in a second
)

// action adds what a command does to the rule, or tells why that cannot be.
func (b *builder) action(m *made, c command) bool {
	switch c.kind {
	case forScreen:
		return b.onScreen(m, c)
	case forTool:
		if c.body != "random" {
			b.lost(c.line, "$"+c.body, Script, "$%s is a script of Tiktok2Mc's own, which LiveCue cannot run", shorten(c.body))
			return false
		}
		if !b.hasRoom(m, c) {
			return false
		}
		m.pools = append(m.pools, len(m.rule.Actions))
		m.rule.Actions = append(m.rule.Actions, b.repeated(m, c, action.Spec{Pool: &action.Pool{}}))
		return true
	default:
		return b.gameCommand(m, c)
	}
}

// repeated sets how often s is done: Tiktok2Mc does a trigger again for each gift.
func (b *builder) repeated(m *made, c command, s action.Spec) action.Spec {
	if c.times > 1 {
		s.Repeat = c.times
	}
	s.PerGift = m.rule.Trigger.Kind == rule.OnGift
	return s
}

func (b *builder) hasRoom(m *made, c command) bool {
	if len(m.rule.Actions) < rule.MaxActions {
		return true
	}
	b.lost(c.line, string(c.kind)+c.body, TooManyActions, "a rule has at most %d actions", rule.MaxActions)
	return false
}

func (b *builder) gameCommand(m *made, c command) bool {
	text := strings.ReplaceAll(c.body, userWord, "@a")
	if text != c.body {
		b.note(c.line, c.body, EveryPlayer, "{user} in a command means every player, @a, as it does for Tiktok2Mc")
	}
	if c.kind == forGame {
		b.tellPerPlayer(c)
		if self.MatchString(text) {
			text = "execute as @a run " + text
		}
	}
	used := ""
	action.Expand(text, action.Fields{}, func(p action.Placeholder) string { used = p.Name; return "" })
	switch {
	case len(action.Lines(text)) == 0:
		b.lost(c.line, string(c.kind)+c.body, EmptyCommand, "the command is empty")
		return false
	case len(text) > maxCommand:
		b.lost(c.line, text, CommandTooLong, "the command has %d bytes, and servers read at most %d", len(text), maxCommand)
		return false
	case used != "":
		b.note(c.line, text, Placeholder, "{%s} stands for something in LiveCue", used)
	}
	if last := len(m.rule.Actions) - 1; c.times == 1 && last >= 0 && isPlain(m.rule.Actions[last]) &&
		len(m.rule.Actions[last].RCON.Command)+len(text) < maxTogether {
		m.rule.Actions[last].RCON.Command += "\n" + text
		return true
	}
	if !b.hasRoom(m, c) {
		return false
	}
	m.rule.Actions = append(m.rule.Actions, b.repeated(m, c, action.Spec{RCON: &action.RCON{Server: b.opts.Server, Command: text}}))
	return true
}

// isPlain reports whether more lines can follow those of an action: neither a title, which is not done for each gift, nor something
// that is repeated.
func isPlain(s action.Spec) bool {
	return s.RCON != nil && s.Repeat == 0 && !strings.HasPrefix(s.RCON.Command, titleTimes)
}

// tellPerPlayer says once what is different about commands of the game.
func (b *builder) tellPerPlayer(c command) {
	if b.isPerPlayerTold {
		return
	}
	b.isPerPlayerTold = true
	b.note(c.line, "/"+c.body, PerPlayer, "Tiktok2Mc runs each / command once for every player on the server; LiveCue runs it once, and those with @s for every player")
}

// titleTimes is how the action of a text begins.
const titleTimes = "title @a times "

// onScreen shows a text.
func (b *builder) onScreen(m *made, c command) bool {
	parts := strings.Split(c.body, "|")
	for i, p := range parts {
		parts[i] = strings.TrimSpace(p)
	}
	parts = append(parts, "", "")
	title, subtitle := parts[0], parts[1]
	seconds := b.seconds(c, parts[2])
	if len(parts) > 5 {
		b.note(c.line, c.body, ThirdBar, "what follows the third | is not shown by Tiktok2Mc either")
	}
	if title == "" && subtitle == "" {
		b.lost(c.line, ">>"+c.body, NoText, "there is no text to show")
		return false
	}
	if !b.hasRoom(m, c) {
		return false
	}
	spec := action.Spec{}
	if b.opts.Alerts {
		text := strings.TrimSpace(title + "\n" + subtitle)
		spec.Overlay = &action.Overlay{Text: strings.ReplaceAll(text, userWord, viewer(m, "{user}")), For: action.Duration(seconds) * action.Duration(time.Second)}
	} else {
		lines := []string{
			titleTimes + "10 " + strconv.Itoa(seconds*ticks) + " 20",
			"title @a subtitle " + component(subtitle, viewer(m, "{user:json}")),
			"title @a title " + component(title, viewer(m, "{user:json}")),
		}
		for _, line := range lines {
			if len(line) > maxCommand {
				b.lost(c.line, ">>"+c.body, TextTooLong, "the text is too long for a title")
				return false
			}
		}
		spec.RCON = &action.RCON{Server: b.opts.Server, Command: strings.Join(lines, "\n")}
	}
	m.rule.Actions = append(m.rule.Actions, spec)
	return true
}

// seconds reads how long a text is shown, as Tiktok2Mc does: what is no number counts as not said.
func (b *builder) seconds(c command, text string) int {
	if text == "" {
		return defaultSeconds
	}
	if strings.Trim(text, "0123456789") != "" {
		b.note(c.line, c.body, NoSeconds, "%q is no number of seconds: %d was taken", shorten(text), defaultSeconds)
		return defaultSeconds
	}
	n, err := strconv.Atoi(text)
	if err != nil || n > maxSeconds {
		b.note(c.line, c.body, TooManySeconds, "a text can be shown for %d seconds at most", maxSeconds)
		return maxSeconds
	}
	return n
}

// viewer returns what {user} in a text becomes.
func viewer(m *made, placeholder string) string {
	if m.rule.Trigger.Kind == rule.OnLikes {
		return crowd
	}
	return placeholder
}

// component returns a text component of the game, with {user} as who. Braces of the text are written so that nothing takes them for a
// placeholder.
func component(text, who string) string {
	parts := strings.Split(text, userWord)
	for i, part := range parts {
		parts[i] = strings.NewReplacer("{", `\u007b`, "}", `\u007d`).Replace(jsonText(part))
	}
	return `{"text":"` + strings.Join(parts, who) + `"}`
}

// jsonText returns text as the content of a JSON string.
func jsonText(text string) string {
	var b strings.Builder
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(text); err != nil {
		return "" // a string can always be encoded
	}
	quoted := strings.TrimSuffix(b.String(), "\n")
	return quoted[1 : len(quoted)-1]
}
