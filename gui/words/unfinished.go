package words

import (
	"strings"

	"fyne.io/fyne/v2/lang"

	"github.com/livecue/livecue/core/app"
	"github.com/livecue/livecue/core/profile"
)

// Unfinished says how far a job had come when the program ended, or "" where it had not begun.
func Unfinished(u app.Unfinished) string {
	var parts []string
	left, done, unsure := u.Job.Runs-u.Runs, u.Runs-u.Unsure, u.Unsure
	if u.Claimed {
		left--
		unsure++
	}
	if done > 0 {
		parts = append(parts, lang.N("{{.N}} done", done, args{"N": Number(done)}))
	}
	if unsure > 0 {
		parts = append(parts, lang.N("{{.N}} sent, not answered", unsure, args{"N": Number(unsure)}))
	}
	if len(parts) > 0 {
		parts = append(parts, lang.N("{{.N}} to go", left, args{"N": Number(left)}))
	}
	if u.Expired {
		parts = append(parts, lang.L("its time is over"))
	}
	return strings.Join(parts, " · ")
}

// AfterCrash names what becomes of jobs that were not done when the program ended.
func AfterCrash(a profile.AfterCrash) string {
	switch a {
	case profile.AfterCrashRun:
		return lang.L("Do it at the next start")
	case profile.AfterCrashDrop:
		return lang.L("Drop it")
	default:
		return lang.L("Ask me")
	}
}
