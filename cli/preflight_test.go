package cli

import (
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/livecue/livecue/core/rehearsal/practice"
)

const preflightProfile = `version = 1

[[rcon]]
name = "minecraft"
address = "ADDRESS"

[[rule]]
id = "rose"
name = "Rose"

[rule.trigger]
kind = "gift"
gift = "Rose"

[[rule.action]]
[rule.action.rcon]
command = "COMMAND"
`

func TestProfileCheckAsksTheServer(t *testing.T) {
	server, err := practice.Listen(practice.Options{Password: "right", Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan error)
	go func() { done <- server.Run(t.Context()) }()
	t.Cleanup(func() {
		if err := <-done; err != nil { // the test's context has ended
			t.Error(err)
		}
	})
	file := filepath.Join(t.TempDir(), "p.toml")
	check := func(address, command string) (code int, out string) {
		text := strings.NewReplacer("ADDRESS", address, "COMMAND", command).Replace(preflightProfile)
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		t.Setenv("LIVECUE_RCON_MINECRAFT_PASSWORD", "right")
		code, out, errOut := run(t, "profile", "check", "--server", file)
		return code, out + errOut
	}
	if code, out := check(server.Addr(), "difficulty hard"); code != exitOK || out != "1 good, 0 bad, 0 cannot be checked, 0 unreachable\n" {
		t.Errorf("%d: %s", code, out)
	}
	code, out := check(server.Addr(), "sumon zombie")
	if code != exitFailed || !strings.Contains(out, `bad: rule "Rose", action[0]: sumon zombie: minecraft: Unknown or incomplete command`) {
		t.Errorf("%d: %s", code, out)
	}
	if code, out = check("127.0.0.1:1", "difficulty hard"); code != exitOK || !strings.Contains(out, "1 unreachable") {
		t.Errorf("%d: %s", code, out)
	}
	for _, c := range server.Commands() {
		if strings.HasPrefix(c.Text, "difficulty") || strings.HasPrefix(c.Text, "sumon") {
			t.Errorf("the server was sent %q", c.Text)
		}
	}
}
