package words

import (
	"fyne.io/fyne/v2/lang"

	"github.com/livecue/livecue/core/action"
	"github.com/livecue/livecue/core/profile/library"
)

// ActionKind names a kind of action.
func ActionKind(k action.Kind) string {
	switch k {
	case action.KindRCON:
		return lang.L("Minecraft command")
	case action.KindSound:
		return lang.L("Sound")
	case action.KindOverlay:
		return lang.L("Alert on the stream")
	case action.KindOBS:
		return lang.L("OBS")
	case action.KindCounter:
		return lang.L("Counter")
	case action.KindTimer:
		return lang.L("Timer")
	case action.KindSpeech:
		return lang.L("Read aloud")
	default:
		return otherKind(k)
	}
}

func otherKind(k action.Kind) string {
	switch k {
	case action.KindPool:
		return lang.L("One of several")
	case action.KindRun:
		return lang.L("Another rule")
	case action.KindHTTP:
		return lang.L("Web request")
	case action.KindProgram:
		return lang.L("Program")
	default:
		return string(k)
	}
}

// ActionHint says in a line what a kind of action is good for.
func ActionHint(k action.Kind) string {
	switch k {
	case action.KindRCON:
		return lang.L("Spawn, give, effects, a title: anything that the server's console can do.")
	case action.KindSound:
		return lang.L("Plays a sound, bundled or your own.")
	case action.KindOverlay:
		return lang.L("A text, a picture or a sound over your stream, for some seconds.")
	case action.KindOBS:
		return lang.L("Switches scenes, shows sources, sets filters and texts.")
	case action.KindCounter:
		return lang.L("Counts deaths, wins or anything else, on a page for your stream.")
	case action.KindTimer:
		return lang.L("A countdown on your stream to which gifts add time.")
	case action.KindSpeech:
		return lang.L("Your computer's voice says a text or a comment.")
	case action.KindPool:
		return lang.L("A wheel of fortune: picks one of several things by chance, or one after another.")
	case action.KindRun:
		return lang.L("Does what another rule does, so that you set it up once.")
	case action.KindHTTP:
		return lang.L("Tells another service, such as a smart light.")
	case action.KindProgram:
		return lang.L("Starts a program on your computer.")
	default:
		return ""
	}
}

// deed says what an action of the newer kinds does.
func deed(s action.Spec) string {
	switch s.Kind() {
	case action.KindOverlay:
		return lang.L("Alert: {{.Text}}", args{"Text": alertText(*s.Overlay)})
	case action.KindSpeech:
		return lang.L("Say: {{.Text}}", args{"Text": Clean(s.Speech.Text, commandLength)})
	case action.KindOBS:
		return OBSVerb(s.OBS.Do) + ": " + Clean(obsTarget(*s.OBS), commandLength)
	case action.KindCounter:
		return counterDeed(*s.Counter)
	case action.KindTimer:
		return timerDeed(*s.Timer)
	case action.KindPool:
		return lang.N("One of {{.N}} choices", len(s.Pool.Choices), args{"N": len(s.Pool.Choices)})
	case action.KindHTTP:
		// Who streams shows the list of rules to everybody, and an address may hold a secret.
		return Clean(library.Harmless(s).HTTP.URL, commandLength)
	case action.KindProgram:
		return Clean(s.Program.Path, commandLength)
	default:
		return ActionKind(s.Kind())
	}
}

func alertText(o action.Overlay) string {
	switch {
	case o.Text != "":
		return Clean(o.Text, commandLength)
	case o.Image != "":
		return Sound(o.Image)
	default:
		return "♪ " + Sound(o.Sound)
	}
}

func obsTarget(o action.OBS) string {
	switch o.Do {
	case action.OBSScene:
		return o.Scene
	case action.OBSFilter:
		return o.Source + " / " + o.Filter
	default:
		return o.Source
	}
}

func counterDeed(c action.Counter) string {
	amount := c.Amount
	if amount == 0 && !c.Set {
		amount = 1
	}
	with := args{"Name": Clean(c.Name, nameLength), "Amount": Number(int(amount))}
	if c.Set {
		return lang.L("{{.Name}} = {{.Amount}}", with)
	}
	if amount > 0 {
		with["Amount"] = "+" + Number(int(amount))
	}
	return lang.L("{{.Name}} {{.Amount}}", with)
}

func timerDeed(t action.Timer) string {
	text := lang.L("{{.Name}}: {{.Verb}}", args{"Name": Clean(t.Name, nameLength), "Verb": TimerVerb(t.Do, t.Less)})
	if t.Do == action.TimerAdd || t.Do == action.TimerSet {
		return text + " " + Span(t.Time.Std())
	}
	return text
}

// PoolOrder says how a pool picks.
func PoolOrder(o action.PoolOrder) string {
	if o == action.PoolCycle {
		return lang.L("One after another, and again from the top")
	}
	return lang.L("By chance, never the same twice in a row")
}

// Animation says how an alert comes in.
func Animation(name string) string {
	switch name {
	case "pop":
		return lang.L("popping up")
	case "slide":
		return lang.L("sliding in")
	case "fade":
		return lang.L("fading in")
	case "shake":
		return lang.L("shaking")
	default:
		return name
	}
}

// OBSVerb says what OBS is to do.
func OBSVerb(v action.OBSVerb) string {
	switch v {
	case action.OBSScene:
		return lang.L("switch to a scene")
	case action.OBSSource:
		return lang.L("show or hide a source")
	case action.OBSFilter:
		return lang.L("switch a filter")
	case action.OBSMedia:
		return lang.L("play a media source")
	case action.OBSText:
		return lang.L("write a text")
	default:
		return string(v)
	}
}

// Switch says how something is to be switched.
func Switch(s action.Switch) string {
	switch s {
	case action.SwitchOff:
		return lang.L("off, or hidden")
	case action.SwitchToggle:
		return lang.L("the other way round")
	default:
		return lang.L("on, or shown")
	}
}

// TimerVerb says what a timer is to do. less is adding that takes away.
func TimerVerb(v action.TimerVerb, less bool) string {
	switch {
	case less:
		return lang.L("take time away")
	case v == action.TimerAdd:
		return lang.L("add time")
	case v == action.TimerSet:
		return lang.L("set the time")
	case v == action.TimerStart:
		return lang.L("start")
	case v == action.TimerPause:
		return lang.L("pause")
	default:
		return string(v)
	}
}

// Method names a method of HTTP; the empty one is chosen by what is sent.
func Method(m string) string {
	if m == "" {
		return lang.L("Automatic: POST with a body, else GET")
	}
	return m
}

// Placeholder says what a placeholder stands for.
func Placeholder(name string) string {
	switch name {
	case "user":
		return lang.L("the viewer's @name")
	case "nickname":
		return lang.L("the viewer's shown name")
	case "nickname:json":
		return lang.L("the same, inside JSON")
	case "gift":
		return lang.L("the gift's name")
	case "count":
		return lang.L("how many")
	case "coins":
		return lang.L("the price of one")
	case "total_coins":
		return lang.L("the price of all")
	default:
		return otherPlaceholder(name)
	}
}

func otherPlaceholder(name string) string {
	switch name {
	case "comment":
		return lang.L("the whole comment")
	case "args":
		return lang.L("what follows the command")
	case "arg1":
		return lang.L("its first word")
	case "likes":
		return lang.L("all likes of the stream")
	case "viewers":
		return lang.L("how many watch")
	case "total":
		return lang.L("the number that was reached")
	default:
		return name
	}
}
