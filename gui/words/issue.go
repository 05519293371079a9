package words

import (
	"regexp"
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
	case profile.IssueGroup:
		return lang.L("No rule is in a group of that name.")
	case profile.IssueBody:
		return lang.L("The body is not JSON. Texts such as {nickname} must stand in quotation marks.")
	case profile.IssueRule:
		return lang.L("The rule that it runs is not there any more. Choose another.")
	case profile.IssueCycle:
		return lang.L("The rules would run each other without end.")
	case profile.IssueAddress:
		return lang.L("This is not an address: {{.Detail}}", args{"Detail": i.Text})
	default:
		return Field(action.Problem{Field: i.Field, Code: i.Code, Text: i.Text})
	}
}

func placeholderIssue(i profile.Issue) string {
	name := quotedPlaceholder.FindString(i.Text)
	if len(action.UnknownPlaceholders(name)) == 0 {
		return lang.L("{{.Name}} stays empty with this trigger.", args{"Name": name})
	}
	if near := action.NearestPlaceholder(name); near != "" {
		return lang.L("{{.Name}} is no placeholder and is sent as it is. Did you mean {{.Near}}?", args{"Name": name, "Near": near})
	}
	return lang.L("{{.Name}} is no placeholder and is sent as it is.", args{"Name": name})
}
