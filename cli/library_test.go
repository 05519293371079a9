package cli

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/livecue/livecue/core/profile"
)

// household gives the test folders of its own and returns a function that runs the command line in them.
func household(t *testing.T) (dir string, run func(wantCode int, args ...string) (out, errOut string)) {
	t.Helper()
	dir = t.TempDir()
	for _, name := range []string{"HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "APPDATA", "LOCALAPPDATA"} {
		t.Setenv(name, dir)
	}
	t.Setenv("LIVECUE_SECRETS_FILE", filepath.Join(dir, "secrets.toml"))
	return dir, func(wantCode int, args ...string) (string, string) {
		t.Helper()
		var out, errOut bytes.Buffer
		if code := Run(t.Context(), args, &out, &errOut); code != wantCode {
			t.Fatalf("%q: code %d, out %q, err %q", args, code, out.String(), errOut.String())
		}
		return out.String(), errOut.String()
	}
}

func TestProfileCommands(t *testing.T) {
	dir, run := household(t)
	old, err := profile.DefaultPath()
	if err != nil {
		t.Fatal(err)
	}
	p := profile.Default()
	p.Name = "Evening show"
	if err := profile.Save(old, p); err != nil {
		t.Fatal(err)
	}
	if out, _ := run(exitOK, "profile", "list"); !strings.HasPrefix(out, "* Evening show  (Evening-show.toml)  7 rules") {
		t.Errorf("got %q", out)
	}
	run(exitOK, "profile", "new", "Fresh")
	run(exitOK, "profile", "duplicate", "evening show", "Second")
	run(exitOK, "profile", "rename", "Second", "Third")
	run(exitOK, "profile", "use", "Third")
	run(exitFailed, "profile", "delete", "Third")
	run(exitOK, "profile", "delete", "Fresh")
	run(exitFailed, "profile", "use", "Fresh")
	run(exitUsage, "profile", "dance")
	out, _ := run(exitOK, "profile", "backups", "Fresh")
	run(exitOK, "profile", "restore", "Fresh", strings.Fields(out)[0])

	file := filepath.Join(dir, "show.zip")
	run(exitOK, "profile", "export", "Third", file)
	run(exitFailed, "profile", "export", "Third", file) // it is there already
	if out, _ := run(exitOK, "profile", "import", file); !strings.Contains(out, "Nothing was added") || !strings.Contains(out, "command: ") {
		t.Errorf("got %q", out)
	}
	run(exitOK, "profile", "import", "--yes", "--name", "Fourth", file)

	actions := filepath.Join(dir, "actions.mca")
	if err := os.WriteFile(actions, []byte("5655:!tnt 1\nfollow:$dance\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if out, _ := run(exitOK, "profile", "import-mca", "--new", "From Tiktok2Mc", actions); !strings.Contains(out, "actions.mca:2: NOT TAKEN") || !strings.Contains(out, "1 rules do 1 of 2") {
		t.Errorf("got %q", out)
	}
	if out, _ := run(exitOK, "profile", "list"); strings.Count(out, "\n") != 5 || !strings.Contains(out, "* Third") {
		t.Errorf("got %q", out)
	}
}

func TestAProfileThatCannotBeReadOffersItsBackups(t *testing.T) {
	_, run := household(t)
	run(exitOK, "profile", "new", "Show")
	run(exitOK, "profile", "rename", "Show", "Show too")
	run(exitOK, "profile", "use", "Show")
	path, err := profilePath("")
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte("version = 1\n[tiktok\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	_, errOut := run(exitFailed, "headless", "--for", "1s")
	_, command, found := strings.Cut(errOut, "livecue profile restore \"Show\" ")
	if !found || !strings.Contains(errOut, path+":2") {
		t.Fatalf("got %q", errOut)
	}
	run(exitOK, "profile", "restore", "Show", strings.Fields(command)[0])
	if p, err := profile.Load(path); err != nil || p.Name != "Show" {
		t.Errorf("%q, %v", p.Name, err)
	}
}
