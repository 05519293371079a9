package words

import "fyne.io/fyne/v2/lang"

// ReadyMade names a ready-made Minecraft command.
func ReadyMade(kind string) string {
	switch kind {
	case "spawn":
		return lang.L("Let mobs appear")
	case "give":
		return lang.L("Give an item")
	case "effect":
		return lang.L("Give an effect")
	case "tnt":
		return lang.L("Light TNT")
	case "lightning":
		return lang.L("Strike with lightning")
	case "teleport":
		return lang.L("Throw into the air")
	case "weather":
		return lang.L("Change the weather")
	case "time":
		return lang.L("Change the time")
	case "title":
		return lang.L("Show a big title")
	case "chat":
		return lang.L("Write a line into the chat")
	case "sound":
		return lang.L("Play a sound of the game")
	default:
		return kind
	}
}

// Edition names how a server reads commands.
func Edition(e string) string {
	if e == "legacy" {
		return lang.L("Java before 1.20.5")
	}
	return lang.L("Java 1.20.5 and newer")
}

// Clock names a weather or a time of day of the game.
func Clock(what string) string {
	switch what {
	case "clear":
		return lang.L("clear")
	case "rain":
		return lang.L("rain")
	case "thunder":
		return lang.L("thunder")
	case "day":
		return lang.L("day")
	case "noon":
		return lang.L("noon")
	case "night":
		return lang.L("night")
	case "midnight":
		return lang.L("midnight")
	default:
		return what
	}
}
