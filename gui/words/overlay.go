package words

import (
	"fyne.io/fyne/v2/lang"

	"github.com/livecue/livecue/core/overlay"
)

// OverlayPage names a page for OBS.
func OverlayPage(name string) string {
	switch name {
	case overlay.PageAlert:
		return lang.L("Alerts")
	case overlay.PageGifts:
		return lang.L("Gift ticker")
	case overlay.PageGoal:
		return lang.L("Goal bar")
	case overlay.PageTop:
		return lang.L("Leaderboard")
	case overlay.PageCounter:
		return lang.L("Counter")
	case overlay.PageTimer:
		return lang.L("Timer")
	case overlay.PageChat:
		return lang.L("Chat")
	case overlay.PageQueue:
		return lang.L("Queue")
	default:
		return name
	}
}

// OverlayHint says what a page shows.
func OverlayHint(name string) string {
	switch name {
	case overlay.PageAlert:
		return lang.L("What rules show, one after another")
	case overlay.PageGifts:
		return lang.L("The latest gifts")
	case overlay.PageGoal:
		return lang.L("Fills up with likes, coins, gifts or follows")
	case overlay.PageTop:
		return lang.L("Who has given most in this stream")
	case overlay.PageCounter:
		return lang.L("A number, such as your deaths")
	case overlay.PageTimer:
		return lang.L("A countdown that gifts can change")
	case overlay.PageChat:
		return lang.L("The latest comments")
	case overlay.PageQueue:
		return lang.L("What viewers have set off and still waits")
	default:
		return ""
	}
}
