package words

import (
	"strings"

	"fyne.io/fyne/v2/lang"

	"github.com/livecue/livecue/core/hotkey"
)

// Keys writes keys as they stand on the keyboard of who reads it: Strg for Ctrl.
func Keys(keys string) string {
	parts := strings.Split(Clean(keys, nameLength), "+")
	for i, part := range parts {
		switch strings.ToLower(strings.TrimSpace(part)) {
		case "ctrl", "control":
			parts[i] = lang.X("the control key", "Ctrl")
		case "shift":
			parts[i] = lang.X("the shift key", "Shift")
		}
	}
	return strings.Join(parts, "+")
}

// HotkeyTrouble says in few words why the keys of a rule are not heard, or "".
func HotkeyTrouble(s hotkey.State) string {
	switch s {
	case hotkey.Taken:
		return lang.L("taken by another program")
	case hotkey.NoKey:
		return lang.L("no such key on this keyboard")
	default:
		return ""
	}
}

// Hotkey says where keys are heard, or why they are not. isEverywhere is whether the user wants them heard outside the window.
func Hotkey(keys string, s hotkey.State, reach hotkey.Reach, isEverywhere bool) string {
	c, err := hotkey.Parse(keys)
	switch {
	case keys == "":
	case err != nil:
		return lang.L("LiveCue does not know this key. Try Ctrl+Shift+F1, Alt+K, F9 or Num5.")
	case s == hotkey.Taken:
		return lang.L("Another program has taken these keys. Choose others, or end that program and switch the rule off and on again.")
	case s == hotkey.NoKey:
		return lang.L("There is no such key on this keyboard. Choose others.")
	case isEverywhere && reach != hotkey.Nowhere && c.IsTyping():
		return lang.L("You need this key to type, so it works only in LiveCue's window. With Ctrl, Alt or F1 to F12 it works in your game too.")
	}
	return Hotkeys(reach, isEverywhere)
}

// Hotkeys says where all keys are heard.
func Hotkeys(reach hotkey.Reach, isEverywhere bool) string {
	switch {
	case !isEverywhere:
		return lang.L("It works while LiveCue's window is in front. The settings can let it work everywhere.")
	case reach == hotkey.Nowhere:
		return lang.L("It works while LiveCue's window is in front: on this system a program cannot hear keys elsewhere.")
	case reach == hotkey.OlderPrograms:
		return lang.L("It works in LiveCue's window. Wayland also lets it work in games and programs that use X11, but in no others.")
	default:
		return lang.L("It works everywhere, in your game too. The game itself does not get these keys then.")
	}
}
