package library

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/livecue/livecue/core/action"
	"github.com/livecue/livecue/core/profile"
	"github.com/livecue/livecue/core/rule"
)

// Deed is something that a rule of someone else's profile would do on this computer or beyond.
type Deed struct {
	RuleID, RuleName string
	// What is the command, the program with its arguments, or the request.
	What string
}

// Setting is an address or folder of someone else's profile that could give away passwords, keys or what is sent.
type Setting struct {
	// Field is the key, such as "tiktok.proxy_url".
	Field, Value string
	// Reason says in English what it could do.
	Reason string
}

// File is a sound or picture that comes with a profile.
type File struct {
	Name string
	// Size is in bytes.
	Size int64
}

// Preview is what a file for import holds. Nothing of it is kept yet, and nothing has been done.
type Preview struct {
	// Profile is as it is in the file.
	Profile profile.Profile
	// Files come with it; Missing are those that rules name and that do not come.
	Files   []File
	Missing []string
	// Issues are what Check says of the profile.
	Issues []profile.Issue
	// Commands go to a game server, Programs are run on this computer, and Requests are sent to web addresses. A plugin is among the
	// programs, and stands under its name.
	Commands, Programs, Requests []Deed
	// Settings are left out unless the user trusts who made the profile.
	Settings []Setting
	// Ignored are entries of the file that are nothing of LiveCue's.
	Ignored []string

	files map[string][]byte
}

// PreviewImport reads what Export wrote, or a profile alone. The error is ErrHostile for a file that is made to do harm, and a
// *profile.FileError for a profile that cannot be read.
func PreviewImport(r io.Reader) (*Preview, error) {
	a, err := readArchive(r, limits{one: maxOne, all: maxAll})
	if err != nil {
		return nil, err
	}
	p, err := profile.Decode(profileFile, a.profile)
	if err != nil {
		return nil, err
	}
	v := &Preview{Profile: p, Issues: p.Check(), Settings: settings(p), Ignored: a.ignored, files: a.files}
	for name, data := range a.files {
		v.Files = append(v.Files, File{Name: name, Size: int64(len(data))})
	}
	slices.SortFunc(v.Files, func(a, b File) int { return cmp.Compare(a.Name, b.Name) })
	eachFile(&p, func(_ *rule.Rule, file *string) {
		if _, ok := v.content(*file); !ok && !slices.Contains(v.Missing, *file) {
			v.Missing = append(v.Missing, *file)
		}
	})
	for _, r := range p.Rules {
		action.Each(r.Actions, func(s *action.Spec) { v.note(r, s) })
	}
	for _, plugin := range p.Plugins {
		v.Programs = append(v.Programs, Deed{RuleName: plugin.Name, What: commandLine(plugin.Program, plugin.Args)})
	}
	return v, nil
}

// content returns the file of the import that a rule names.
func (v *Preview) content(file string) ([]byte, bool) {
	name, isOurs := strings.CutPrefix(file, fileFolder+"/")
	data, ok := v.files[name]
	return data, isOurs && ok
}

// note lists what an action does.
func (v *Preview) note(r rule.Rule, s *action.Spec) {
	deed := Deed{RuleID: r.ID, RuleName: r.Name}
	switch {
	case s.RCON != nil:
		for _, line := range action.Lines(s.RCON.Command) {
			deed.What = line
			v.Commands = append(v.Commands, deed)
		}
	case s.Program != nil:
		deed.What = commandLine(s.Program.Path, s.Program.Args)
		v.Programs = append(v.Programs, deed)
	case s.HTTP != nil:
		deed.What = strings.TrimSpace(s.HTTP.Method + " " + s.HTTP.URL)
		v.Requests = append(v.Requests, deed)
	}
}

// commandLine shows a program with its arguments.
func commandLine(program string, args []string) string {
	for _, arg := range args {
		program += fmt.Sprintf(" %q", arg)
	}
	return program
}

// settings returns those that are not for someone else's computer. Over each of the addresses of TikTok's section goes what the
// program asks TikTok for, with the user's key.
func settings(p profile.Profile) []Setting {
	var all []Setting
	for _, s := range []Setting{
		{"tiktok.signer_url", p.TikTok.SignerURL, "your key would be sent there"},
		{"tiktok.euler_url", p.TikTok.EulerURL, "your key would be sent there"},
		{"tiktok.proxy_url", p.TikTok.ProxyURL, "all that is asked of TikTok would go through it"},
		{"obs.address", p.OBS.Address, "what was made with your OBS password would be sent there"},
		{"overlay.css", p.Overlay.CSS, "a folder whose files would be shown on your overlay pages"},
	} {
		if s.Value != "" {
			all = append(all, s)
		}
	}
	if p.TikTok.ProxyInsecure {
		all = append(all, Setting{"tiktok.proxy_insecure", "true", "nobody would check who answers"})
	}
	return all
}

// risky returns the ids of the rules that run a program or send a request, themselves or through a rule that they run.
func risky(rules []rule.Rule) map[string]bool {
	found := map[string]bool{}
	for {
		before := len(found)
		for _, r := range rules {
			action.Each(r.Actions, func(s *action.Spec) {
				if s.Program != nil || s.HTTP != nil || s.Run != nil && found[s.Run.Rule] {
					found[r.ID] = true
				}
			})
		}
		if len(found) == before {
			return found
		}
	}
}
