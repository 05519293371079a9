package words

import (
	"regexp"
	"slices"
	"strings"

	"fyne.io/fyne/v2/lang"

	"github.com/livecue/livecue/core/action"
	"github.com/livecue/livecue/core/profile"
)

var quotedPlaceholder = regexp.MustCompile(`\{[^{}]*\}`)

// Issue says what is wrong with, or odd in, a rule or another part of the profile.
func Issue(i profile.Issue) string {
	switch i.Code {
	case profile.IssuePlaceholder:
		return placeholderIssue(i)
	case profile.IssueServer:
		if strings.HasSuffix(i.Field, "server") {
			return lang.L("This command needs a server: add one under Connections, or choose another here.")
		}
		return i.Text
	case profile.IssueDuplicate:
		return lang.L("That name is taken already.")
	case profile.IssueAddress:
		return lang.L("This is not an address: {{.Detail}}", args{"Detail": i.Text})
	default:
		return Field(action.Problem{Field: i.Field, Code: i.Code, Text: i.Text})
	}
}

func placeholderIssue(i profile.Issue) string {
	name := quotedPlaceholder.FindString(i.Text)
	if slices.Contains(action.Placeholders(), strings.Trim(name, "{}")) {
		return lang.L("{{.Name}} stays empty with this trigger.", args{"Name": name})
	}
	return lang.L("{{.Name}} is no placeholder and is sent as it is.", args{"Name": name})
}
