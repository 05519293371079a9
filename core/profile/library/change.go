package library

import "fmt"

// Change is what an import has made different, for the user to know.
type Change struct {
	// Rule is the name of the rule that it is about, or "".
	Rule string
	// Kind and Args say what, for those who tell it in other words. What the arguments are stands with the kind.
	Kind ChangeKind
	Args []string
	// Text says it in English.
	Text string
}

// ChangeKind is a kind of Change.
type ChangeKind string

// The kinds.
const (
	// ChangedOff is a rule that is switched off, because it runs a program or sends a request.
	ChangedOff ChangeKind = "off"
	// ChangedSetting is a setting that was left out: its field and value.
	ChangedSetting ChangeKind = "setting"
	// ChangedServer is a game server that got another name: its old one, its address, its new one.
	ChangedServer ChangeKind = "server"
	// ChangedFile is a sound or picture that does not come with the profile: its name.
	ChangedFile ChangeKind = "file"
	// ChangedTarget is a game server in whose place the user's own of that name is used: its name, and the address of the user's.
	ChangedTarget ChangeKind = "target"
	// ChangedNewServer is a game server that comes with the rules: its name and address.
	ChangedNewServer ChangeKind = "new_server"
	// ChangedLost is a rule that cannot be used as it is, and is left out: why, in English.
	ChangedLost ChangeKind = "lost"
	// ChangedPlugin is a plugin that is switched off: its name and program.
	ChangedPlugin ChangeKind = "plugin"
)

// text says a change in English.
func (k ChangeKind) text(args []string) string {
	switch k {
	case ChangedOff:
		return "it runs a program or sends a request, so it is switched off: look at it before you switch it on"
	case ChangedSetting:
		return fmt.Sprintf("%s = %q was left out", args[0], args[1])
	case ChangedServer:
		return fmt.Sprintf("the server %q at %s is called %q here, so that it does not get the password of yours", args[0], args[1], args[2])
	case ChangedFile:
		return fmt.Sprintf("the file %q does not come with the profile: choose another one", args[0])
	case ChangedTarget:
		return fmt.Sprintf("what is for the server %q goes to yours of that name, at %s", args[0], args[1])
	case ChangedNewServer:
		return fmt.Sprintf("the server %q at %s is added", args[0], args[1])
	case ChangedLost:
		return "it cannot be used as it is, and is left out: " + args[0]
	case ChangedPlugin:
		return fmt.Sprintf("the plugin %q would run %q on this computer, so it is switched off: look at it before you let it run", args[0], args[1])
	default:
		return string(k)
	}
}

// Reason is why an export leaves something out.
type Reason string

// The reasons.
const (
	LeftFolder    Reason = "a folder of this computer"
	LeftPlugin    Reason = "a plugin would run a program on another computer"
	LeftSecret    Reason = "what looks like a password or key was taken out"
	LeftNoMedia   Reason = "neither a sound nor a picture"
	LeftNotFound  Reason = "it cannot be found"
	LeftNoFile    Reason = "it is no file"
	LeftTooLarge  Reason = "it is larger than 32 MB"
	LeftAllLarge  Reason = "all files together are larger than 128 MB"
	LeftTooMany   Reason = "there are more than 500 files"
	LeftForbidden Reason = "it cannot be read"
)

// NameError says why a text cannot be the name of a profile. It is an ErrName.
type NameError struct {
	Why NameProblem
	// Other is the profile that has the name already.
	Other string
}

// NameProblem is why a text cannot be a name.
type NameProblem string

// The problems of names.
const (
	NameEmpty   NameProblem = "it is empty"
	NameTooLong NameProblem = "it is too long"
	NameHidden  NameProblem = "it holds signs that cannot be shown"
	NameTaken   NameProblem = "there is a profile of that name"
)

// Error says it in English.
func (e *NameError) Error() string {
	if e.Why == NameTaken {
		return fmt.Sprintf("%v: there is a profile called %q", ErrName, e.Other)
	}
	return fmt.Sprintf("%v: %s", ErrName, e.Why)
}

// Unwrap returns ErrName.
func (e *NameError) Unwrap() error { return ErrName }
