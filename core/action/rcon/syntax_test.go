package rcon

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	codec "github.com/gorcon/rcon"

	"github.com/livecue/livecue/core/rehearsal/practice"
)

func TestSyntaxIsCheckedWithoutEffect(t *testing.T) {
	s, _ := game(t, practice.Options{})
	c := client(t, s.Addr(), Options{})
	if err := c.CanCheckSyntax(t.Context()); err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		line, refusal string
		at            int
	}{
		{"difficulty hard", "", -1},
		{"time set night", "", -1},
		{`tellraw @a {"text":"hi"}`, "", -1},
		{"kill someone_who_is_away", "", -1},
		{"execute as @a at @s run say hi", "", -1},
		{"sumon zombie", "Unknown or incomplete command, see below for error", 0},
		{"execute as @a run sumon zombie", "Unknown or incomplete command, see below for error", 18},
		{"give @p diamond many", "Expected integer", 16},
		{"give @p diamond 😀 many", "Expected integer", 16},
		{"weather", "Unknown or incomplete command, see below for error", 7},
		{`tellraw @a {"text":"hi"`, "Invalid chat component: unexpected end of JSON input", 11},
	}
	for _, tt := range tests {
		got, err := c.CheckSyntax(t.Context(), tt.line)
		if err != nil || got != (Syntax{tt.refusal, tt.at}) {
			t.Errorf("%q: got %+v, %v", tt.line, got, err)
		}
	}
	if got := do(t, c, "difficulty").Reply + do(t, c, "time query daytime").Reply; got != "The difficulty is normalThe time is 1000" {
		t.Errorf("a check has changed the world: %s", got)
	}
}

func TestLongCommandsAreNotChecked(t *testing.T) {
	s, _ := game(t, practice.Options{})
	c := client(t, s.Addr(), Options{})
	before := s.Count()
	if _, err := c.CheckSyntax(t.Context(), "say "+strings.Repeat("x", MaxCommand-10)); !errors.Is(err, ErrTooLong) {
		t.Errorf("got %v", err)
	}
	if _, err := c.CheckSyntax(t.Context(), "say hi\nop testy_tom"); !errors.Is(err, ErrNoCommand) {
		t.Errorf("got %v", err)
	}
	if s.Count() != before {
		t.Error("something was sent")
	}
}

func TestServersThatCannotCheck(t *testing.T) {
	answering := func(answer func(command string) string) string {
		return listen(t, func(p peer) {
			p.acceptLogin()
			for {
				packet := p.read()
				if packet.ID == 0 {
					return
				}
				if packet.Type == codec.SERVERDATA_EXECCOMMAND {
					p.answer(packet.ID, answer(packet.Body()))
				} else {
					p.answer(packet.ID, "Unknown request 0")
				}
			}
		})
	}
	unknown := func(text string) string {
		return "Unknown or incomplete command, see below for error" + text + "<--[HERE]"
	}
	paper, _ := game(t, practice.Options{Namespaced: true})
	tests := []struct {
		name, address string
		want          error
	}{
		{"plugins", paper.Addr(), ErrPlugins},
		{"says nothing", answering(func(string) string { return "" }), ErrNotBrigadier},
		{"before 1.13", answering(func(string) string { return "Unknown command. Try /help for a list of commands" }), ErrNotBrigadier},
		{"carries all out", answering(func(line string) string {
			if strings.HasSuffix(line, " list") {
				return "There are 0 of a max of 20 players online:"
			}
			return unknown(line)
		}), ErrNotBrigadier},
		{"refuses all", answering(unknown), ErrNotBrigadier},
		{"reads nothing behind a condition", answering(func(line string) string {
			if strings.HasPrefix(line, never) {
				return ""
			}
			return unknown(line)
		}), ErrNotBrigadier},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if err := client(t, tt.address, Options{}).CanCheckSyntax(t.Context()); !errors.Is(err, tt.want) {
				t.Errorf("got %v, want %v", err, tt.want)
			}
		})
	}
}

func TestCheckOfASilentServerEnds(t *testing.T) {
	s, _ := game(t, practice.Options{})
	c := client(t, s.Addr(), Options{Timeout: 50 * time.Millisecond})
	if err := c.Test(t.Context()); err != nil {
		t.Fatal(err)
	}
	s.SetFault(practice.FaultHang)
	if _, err := c.CheckSyntax(t.Context(), "say hi"); !errors.Is(err, ErrSilent) {
		t.Errorf("got %v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := c.CheckSyntax(ctx, "say hi"); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}

func TestRefusalsAreRead(t *testing.T) {
	const line = "give @p diamond many"
	tests := []struct {
		reply string
		want  Syntax
	}{
		// Vanilla puts no line break before the place.
		{"Expected integer...p diamond many<--[HERE]", Syntax{"Expected integer", 16}},
		{"Expected integer\n...p diamond many<--[HERE]", Syntax{"Expected integer", 16}},
		{"Erwartet... was?...p diamond many<--[HERE]", Syntax{"Erwartet... was?", 16}},
		{"Something else<--[HERE]", Syntax{"Something else", -1}},
		{"...<--[HERE]", Syntax{"...", -1}},
		{"<--[HERE]", Syntax{"<--[HERE]", -1}},
	}
	for _, tt := range tests {
		if got := readRefusal(line, tt.reply); got != tt.want {
			t.Errorf("%q: got %+v, want %+v", tt.reply, got, tt.want)
		}
	}
}

func FuzzRefusals(f *testing.F) {
	f.Add("give @p diamond many", "Expected integer...p diamond many")
	f.Add("say 😀😀😀😀😀😀😀", "x...😀😀😀😀😀😀😀")
	f.Fuzz(func(t *testing.T, line, reply string) {
		got := readRefusal(line, reply+here)
		if got.At < -1 || got.Refusal == "" || got.At > len([]rune(line)) {
			t.Errorf("%q, %q: at %d", line, reply, got.At)
		}
	})
}
