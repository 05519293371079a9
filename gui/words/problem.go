package words

import (
	"regexp"

	"fyne.io/fyne/v2/lang"

	"github.com/livecue/livecue/core/action"
	"github.com/livecue/livecue/core/profile"
)

// Field says what is wrong with one field of a rule.
func Field(p action.Problem) string {
	switch p.Code {
	case action.ProblemMissing:
		return missing(p)
	case action.ProblemRange:
		return outOfRange(p)
	case action.ProblemOrder:
		return lang.L("The highest price is below the lowest.")
	case action.ProblemSpaces:
		return lang.L("A chat command is one word, without spaces.")
	case action.ProblemTooLong:
		if p.Field == "speech.blocked" {
			return lang.L("One of the blocked words is too long.")
		}
		return lang.L("That is too long.")
	case action.ProblemUnknown:
		return unknown(p)
	default:
		return p.Text
	}
}

// lastTwo finds a section and the key in it, without the places in lists.
var lastTwo = regexp.MustCompile(`(\w+)(?:\[\d+\])?\.(\w+)(?:\[\d+\])?$`)

// section returns the section that a key stands in, and the key in it: "overlay" and "text" of "action[0].overlay.text".
func section(field string) (section, key string) {
	m := lastTwo.FindStringSubmatch(field)
	if m == nil {
		return "", fieldName(field)
	}
	return m[1], m[2]
}

func missing(p action.Problem) string {
	switch s, key := section(p.Field); s {
	case "condition":
		return missingCondition(key, p)
	case "overlay":
		return lang.L("Type a text, or choose a picture or a sound.")
	case "speech", "obs", "counter", "timer", "run", "http", "program", "pool":
		return missingInAction(s, key, p)
	}
	switch fieldName(p.Field) {
	case "name":
		return lang.L("Give the rule a name.")
	case "gift", "gift_id":
		return lang.L("Choose a gift.")
	case "kind":
		return lang.L("Choose what the rule waits for.")
	case "action":
		return lang.L("Add at least one action.")
	case "file":
		return lang.L("Choose a sound.")
	case "command":
		if isAction(p.Field) {
			return lang.L("Type a command for the game server.")
		}
		return lang.L("Type the chat command, such as !zombie.")
	case "keyword":
		return lang.L("Type the word or words to look for.")
	case "keys":
		return lang.L("Type the keys, such as Ctrl+Shift+F1.")
	case "interval":
		return lang.L("Type how many minutes lie between.")
	case "cooldown_per":
		return lang.L("A pause for the group needs a group: give the rule one.")
	case "every", "at":
		return lang.L("Type a number, 1 or more.")
	default:
		return p.Text
	}
}

func missingInAction(section, key string, p action.Problem) string {
	switch section + "." + key {
	case "speech.text":
		return lang.L("Type what is to be said.")
	case "obs.scene":
		return lang.L("Name a scene, as OBS has it.")
	case "obs.source":
		return lang.L("Name a source, as OBS has it.")
	case "obs.filter":
		return lang.L("Name a filter of that source.")
	case "counter.name", "timer.name":
		return lang.L("Give it a name, such as deaths.")
	case "timer.time":
		return lang.L("Type how many seconds.")
	case "run.rule":
		return lang.L("Choose a rule.")
	case "http.url":
		return lang.L("Type the web address.")
	case "program.path":
		return lang.L("Choose the program.")
	case "pool.choice":
		return lang.L("Add at least one choice.")
	default:
		return p.Text
	}
}

func missingCondition(key string, p action.Problem) string {
	switch key {
	case "min":
		return lang.L("Type a lowest or a highest number.")
	case "viewers":
		return lang.L("Name at least one viewer.")
	case "text":
		return lang.L("Type the word or words to look for.")
	case "from", "to":
		return lang.L("Type a begin and an end such as 18:00, or choose days.")
	case "counter":
		return lang.L("Give it a name, such as deaths.")
	case "lane":
		return lang.L("Choose a target.")
	case "group":
		return lang.L("Name a group of rules.")
	case "role":
		return lang.L("Choose what the viewer must be.")
	case "condition":
		return lang.L("Add a condition to the group, or remove it.")
	default:
		return p.Text
	}
}

func outOfRange(p action.Problem) string {
	switch s, key := section(p.Field); {
	case s == "trigger" && (key == "every" || key == "at"):
		return lang.L("Type a number, 1 or more.")
	case key == "min_coins" || key == "max_coins":
		return lang.L("A price is 0 or more coins.")
	case key == "repeat":
		return lang.L("Repeat from 1 to {{.N}} times.", args{"N": Number(action.MaxRepeat)})
	case key == "delay" || key == "cooldown" || key == "max_wait" || s == "obs" && key == "for" || s == "timer":
		return lang.L("A time is a number of seconds from 0 to 86400, which is a day.")
	case key == "timeout" || key == "for":
		return lang.L("A time is a number of seconds from 0 to 600.")
	case key == "blocked":
		return lang.L("There can be {{.N}} blocked words at most.", args{"N": Number(profile.MaxBlocked)})
	case key == "rate":
		return lang.L("The speed is from 50 to 300 %.")
	case key == "amount" || key == "weight" || key == "min" || key == "max" || key == "level":
		return lang.L("Type a whole number. It may be too big or too small.")
	case key == "percent":
		return lang.L("A chance is over 0 and at most 100 %.")
	case key == "interval" || key == "jitter":
		return lang.L("From one second to a day.")
	default:
		return p.Text
	}
}

func unknown(p action.Problem) string {
	switch s, key := section(p.Field); s + "." + key {
	case "http.url":
		return lang.L("An address begins with https:// or http://, and what you insert comes after the server's name.")
	case "http.headers":
		return lang.L("A header is a line such as Name: value.")
	case "program.args":
		return lang.L("What a viewer wrote must be an argument of its own.")
	case "trigger.keys":
		return lang.L("Type the keys, such as Ctrl+Shift+F1.")
	case "condition.from", "condition.to":
		return lang.L("Type a time such as 18:00.")
	default:
		return p.Text
	}
}
