package plugins

import (
	"slices"
	"testing"
)

func TestScriptsAreRunByWhatRunsTheirKind(t *testing.T) {
	for _, tt := range []struct {
		path, goos, program string
		args                []string
	}{
		{"/home/pia/a.py", "linux", "python3", []string{"-u", "/home/pia/a.py"}},
		{`C:\a.PY`, "windows", "py", []string{"-3", "-u", `C:\a.PY`}},
		{"/a b.mjs", "linux", "node", []string{"/a b.mjs"}},
		{`C:\a.exe`, "windows", `C:\a.exe`, nil},
		{"/opt/bot", "linux", "/opt/bot", nil},
	} {
		if program, args := launch(tt.path, tt.goos); program != tt.program || !slices.Equal(args, tt.args) {
			t.Errorf("%s: %s %q", tt.path, program, args)
		}
	}
}
