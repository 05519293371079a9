package program

import (
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"

	"github.com/livecue/livecue/core/action"
)

// maxRunes bounds each text of a viewer.
const maxRunes = 1000

// Args returns the arguments of a program with f's texts in them.
//
// A viewer's text is one line without controls, and what leads it is dropped as far as a program could read more into it: - and + begin
// options, @ the name of a file with more arguments, and / options on Windows. So it may end up empty, and is an argument all
// the same.
func Args(spec action.Program, f action.Fields) []string { return render(spec, f, runtime.GOOS) }

func render(spec action.Program, f action.Fields, goos string) []string {
	args := make([]string, len(spec.Args))
	for i, arg := range spec.Args {
		args[i] = action.Expand(arg, f, func(p action.Placeholder) string {
			if p.Numeric {
				return p.Value
			}
			return harmless(p.Value, goos)
		})
	}
	return args
}

func harmless(text, goos string) string {
	leaders := "-+@ "
	if goos == "windows" {
		leaders += "/"
	}
	return strings.TrimLeft(action.Printable(text, maxRunes), leaders)
}

// hasViewerText reports whether an argument holds what a viewer wrote.
func hasViewerText(spec action.Program) bool {
	found := false
	for _, arg := range spec.Args {
		action.Expand(arg, action.Fields{}, func(p action.Placeholder) string {
			found = found || !p.Numeric
			return ""
		})
	}
	return found
}

// isBatch reports whether Windows would run a file with cmd.exe, which takes its arguments for commands however they are quoted. It
// overlooks dots and spaces at the end of a name, as Windows does.
func isBatch(path, goos string) bool {
	ext := strings.ToLower(filepath.Ext(strings.TrimRight(path, ". ")))
	return goos == "windows" && (ext == ".bat" || ext == ".cmd")
}

// inherited are the variables that a program gets as LiveCue has them, where it has them; LC_ and XDG_ stand for all that begin so.
func inherited(goos string) []string {
	if goos == "windows" {
		return []string{
			"ALLUSERSPROFILE", "APPDATA", "COMMONPROGRAMFILES", "COMMONPROGRAMFILES(X86)", "COMPUTERNAME", "COMSPEC", "HOMEDRIVE", "HOMEPATH",
			"LOCALAPPDATA", "NUMBER_OF_PROCESSORS", "OS", "PATH", "PATHEXT", "PROCESSOR_ARCHITECTURE", "PROGRAMDATA", "PROGRAMFILES",
			"PROGRAMFILES(X86)", "PUBLIC", "SYSTEMDRIVE", "SYSTEMROOT", "TEMP", "TMP", "USERDOMAIN", "USERNAME", "USERPROFILE", "WINDIR",
		}
	}
	return []string{
		"DBUS_SESSION_BUS_ADDRESS", "DISPLAY", "HOME", "LANG", "LANGUAGE", "LC_", "LOGNAME", "PATH", "PULSE_SERVER", "SHELL", "TMPDIR",
		"TZ", "USER", "WAYLAND_DISPLAY", "XAUTHORITY", "XDG_",
	}
}

// environment returns what a program finds in its environment. A batch file puts variables into its lines before it reads
// them, as its arguments, and gets of a viewer's texts the @name alone, whose letters are harmless.
func environment(f action.Fields, isBatch bool, goos string) []string {
	var env []string
	wanted := inherited(goos)
	for _, pair := range os.Environ() {
		name, _, _ := strings.Cut(pair, "=")
		if goos == "windows" {
			name = strings.ToUpper(name)
		}
		if slices.ContainsFunc(wanted, func(w string) bool {
			return name == w || strings.HasSuffix(w, "_") && strings.HasPrefix(name, w)
		}) {
			env = append(env, pair)
		}
	}
	for _, name := range action.Placeholders() {
		action.Expand("{"+name+"}", f, func(p action.Placeholder) string {
			value := p.Value
			switch {
			case p.Name == "user":
				value = handle(value)
			case !p.Numeric && isBatch:
				return ""
			case !p.Numeric:
				value = action.Printable(value, maxRunes)
			}
			env = append(env, "LIVECUE_"+strings.ToUpper(name)+"="+value)
			return ""
		})
	}
	return env
}

// handle keeps the letters that a TikTok @name is made of.
func handle(text string) string {
	return strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || r == '_' || r == '.' {
			return r
		}
		return -1
	}, text)
}
