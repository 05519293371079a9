package cli

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/livecue/livecue/core/action/sound/speaker"
	"github.com/livecue/livecue/core/profile"
)

func TestMain(m *testing.M) {
	if len(os.Args) == 2 && os.Args[1] == speaker.Command {
		// The program under test plays sound through a child, which is this executable.
		os.Exit(Run(context.Background(), os.Args[1:], os.Stdout, os.Stderr))
	}
	os.Exit(m.Run())
}

// run runs the command line in folders of its own.
func run(t *testing.T, args ...string) (code int, out, errOut string) {
	t.Helper()
	home := t.TempDir()
	for _, name := range []string{"HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "APPDATA", "LOCALAPPDATA"} {
		t.Setenv(name, home)
	}
	t.Setenv("DISPLAY", "")
	t.Setenv("WAYLAND_DISPLAY", "")
	var stdout, stderr bytes.Buffer
	code = Run(t.Context(), args, &stdout, &stderr)
	return code, stdout.String(), stderr.String()
}

func TestWordsThatNeedNoProgram(t *testing.T) {
	for _, c := range []struct {
		args []string
		code int
		out  string
		err  string
	}{
		{[]string{"help"}, exitOK, "livecue headless [--profile FILE]", ""},
		{[]string{"version"}, exitOK, "livecue ", ""},
		{[]string{"headless", "--help"}, exitOK, "", "-rehearsal"},
		{[]string{"dance"}, exitUsage, "", `there is no command "dance"`},
		{[]string{"headless", "--dance"}, exitUsage, "", "dance"},
		{[]string{"headless", "--for", "-1s"}, exitUsage, "", "must not be negative"},
		{[]string{"headless", "extra"}, exitUsage, "", "1 words were given where 0 belong"},
		{[]string{"profile"}, exitUsage, "", "check"},
		{[]string{"profile", "check"}, exitUsage, "", "0 words were given where 1 belong"},
		{[]string{"profile", "check", "/no/such/file"}, exitFailed, "", ""},
		{[]string{"practice-rcon"}, exitUsage, "", "--password is needed"},
		{[]string{"practice-rcon", "--password", "x", "--listen", "0.0.0.0:0"}, exitFailed, "", "this machine alone"},
		{[]string{"rehearse", "--script", "no-such-script"}, exitFailed, "", "no-such-script"},
		{[]string{"rehearse", "--listen", "192.0.2.1:0"}, exitFailed, "", "this machine alone"},
		{[]string{"headless", "--profile", "/no/such/file"}, exitFailed, "", "/no/such/file"},
	} {
		t.Run(strings.Join(c.args, " "), func(t *testing.T) {
			code, out, errOut := run(t, c.args...)
			if code != c.code || !strings.Contains(out, c.out) || !strings.Contains(errOut, c.err) {
				t.Errorf("code %d, out %q, err %q", code, out, errOut)
			}
		})
	}
}

func TestProfileCheck(t *testing.T) {
	path := filepath.Join(t.TempDir(), "profile.toml")
	if err := profile.Save(path, profile.Default()); err != nil {
		t.Fatal(err)
	}
	if code, out, errOut := run(t, "profile", "check", path); code != exitOK || !strings.Contains(out, "fine") {
		t.Errorf("code %d, out %q, err %q", code, out, errOut)
	}
	broken := strings.Replace(readFile(t, path), `kind = 'follow'`, `kind = 'folow'`, 1)
	if err := os.WriteFile(path, []byte(broken), 0o600); err != nil {
		t.Fatal(err)
	}
	code, out, _ := run(t, "profile", "check", path)
	if code != exitFailed || !strings.Contains(out, path+":") || !strings.Contains(out, "folow") {
		t.Errorf("code %d, out %q", code, out)
	}
}

func readFile(t *testing.T, path string) string {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

func TestHeadlessRehearsalAccountsForEverything(t *testing.T) {
	code, out, errOut := run(t, "headless", "--rehearsal", "first-steps", "--speed", "20", "--json")
	if code != exitOK {
		t.Fatalf("code %d: %s", code, errOut)
	}
	counts := map[string]int{}
	var last map[string]any
	for line := range strings.Lines(out) {
		last = nil
		if err := json.Unmarshal([]byte(line), &last); err != nil {
			t.Fatalf("%v: %s", err, line)
		}
		counts[last["type"].(string)]++
	}
	if counts["event"] < 100 || counts["outcome"] < 10 || counts["summary"] != 1 {
		t.Errorf("lines: %v", counts)
	}
	rehearsal, ok := last["rehearsal"].(map[string]any)
	if !ok || rehearsal["agrees"] != true || last["gifts"] != rehearsal["gifts_sent"] {
		t.Errorf("summary: %v", last)
	}
}

func TestWithoutADisplayTheRehearsalPlaysInTheTerminal(t *testing.T) {
	code, out, errOut := run(t, "--rehearsal", "first-steps", "--speed", "30")
	if code != exitOK || !strings.Contains(out, "all accounted for") || !strings.Contains(out, "There is no display") {
		t.Errorf("code %d, err %q, out %q", code, errOut, out)
	}
}

func TestWithoutADisplayTheWindowSaysSo(t *testing.T) {
	code, _, errOut := run(t)
	if code != exitFailed || !strings.Contains(errOut, "headless") {
		t.Errorf("code %d, err %q", code, errOut)
	}
}

func TestABrokenProfileIsToldWithItsLine(t *testing.T) {
	path := filepath.Join(t.TempDir(), "profile.toml")
	if err := os.WriteFile(path, []byte("version = 1\n[tiktok\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, args := range [][]string{{"headless"}, nil} { // nil is the window, which no display shows
		code, _, errOut := run(t, append(args, "--profile", path)...)
		if code != exitFailed || !strings.Contains(errOut, path+":2") || strings.Contains(errOut, "display") {
			t.Errorf("%v: code %d, err %q", args, code, errOut)
		}
	}
}

// serve runs a server's command until stop is called, and returns its first lines as they come.
func serve(t *testing.T, args ...string) (lines *bufio.Scanner, stop func() int) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	read, write := io.Pipe()
	code := make(chan int, 1)
	go func() {
		code <- Run(ctx, args, write, io.Discard)
		_ = write.Close()
	}()
	stop = func() int {
		cancel()
		go io.Copy(io.Discard, read) //nolint:errcheck // what is printed at the end only has to go somewhere
		select {
		case c := <-code:
			return c
		case <-time.After(30 * time.Second):
			t.Fatal("the server did not end")
			return -1
		}
	}
	return bufio.NewScanner(read), stop
}

func TestTheServersAlone(t *testing.T) {
	for name, args := range map[string][]string{
		"address":     {"practice-rcon", "--password", "word"},
		"signer_url":  {"rehearse", "--script", "first-steps"},
		"euler_url":   {"rehearse"},
		"proxy_url":   {"rehearse", "--speed", "5", "--loop"},
		"address    ": {"practice-rcon", "--password", "word", "--dialect", "source", "--listen", "127.0.0.1:0"},
	} {
		t.Run(strings.Join(args, " "), func(t *testing.T) {
			lines, stop := serve(t, args...)
			address := ""
			for lines.Scan() {
				words := strings.Fields(lines.Text())
				if words[0] == strings.TrimSpace(name) {
					address = words[1]
					break
				}
			}
			host := address[strings.LastIndex(address, "/127")+1:]
			host, _, _ = strings.Cut(host, "/")
			conn, err := net.Dial("tcp", host)
			if err != nil {
				t.Errorf("dial %q: %v", address, err)
			} else {
				conn.Close()
			}
			if code := stop(); code != exitOK {
				t.Errorf("code %d", code)
			}
		})
	}
}
