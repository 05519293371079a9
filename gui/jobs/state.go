package jobs

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"github.com/livecue/livecue/core/action"
	"github.com/livecue/livecue/gui/look"
)

// Importance is the colour of a state's text.
func Importance(s action.State) widget.Importance {
	switch s {
	case action.Done:
		return widget.SuccessImportance
	case action.Rejected, action.Failed:
		return widget.DangerImportance
	case action.Unknown, action.Expired, action.Dropped:
		return widget.WarningImportance
	case action.Waiting, action.Running:
		return widget.HighImportance
	default:
		return widget.LowImportance
	}
}

// Icon is the picture of a state, or nil for none.
func Icon(s action.State) fyne.Resource {
	switch s {
	case action.Done:
		return look.Tint(theme.ConfirmIcon(), theme.ColorNameSuccess)
	case action.Rejected, action.Failed:
		return look.Tint(theme.CancelIcon(), theme.ColorNameError)
	case action.Unknown, action.Expired, action.Dropped:
		return look.Tint(theme.WarningIcon(), theme.ColorNameWarning)
	case action.Running:
		return look.Tint(theme.MediaPlayIcon(), theme.ColorNamePrimary)
	case action.Waiting:
		return look.Tint(theme.HistoryIcon(), theme.ColorNamePrimary)
	default:
		return nil
	}
}
