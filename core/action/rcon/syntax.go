package rcon

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"strings"
	"unicode/utf16"
)

// never stands before a command that a server is to read and not to carry out.
//
// Minecraft since 1.13 reads a line to its end before it does anything: Brigadier's CommandDispatcher.parse follows "run" back to
// the root of all commands, and a mistake anywhere in the line is told before a part of it runs (CommandDispatcher.execute; in newer
// versions Commands.finishParsing, which then hands over nothing to run). Only then do the parts in front of "run" say for whom it
// is done, and where they leave nobody, nothing is run (ContextChain.executeAll).
//
// They leave nobody for two reasons, each of which is enough. Whoever speaks RCON is no entity, so that @s is nobody (the server
// makes the source of its commands without one). And nothing has a tag and has it not. No world, player or data pack changes that,
// and as @s is looked for nowhere it costs the server nothing. A condition of scores or blocks would have to trust the world.
const never = "execute if entity @s[tag=livecue,tag=!livecue] run "

// touchstones are commands of our own, all harmless, whose answers tell whether a server can be trusted with others.
const (
	// harmless only lists who is there.
	harmless = "list"
	// nonsense is no command anywhere.
	nonsense = "livecue_is_no_command"
	// bukkits is harmless under the name that it has besides on Bukkit's servers, such as Paper and Spigot, and on no other.
	bukkits = "minecraft:list"
)

// Why a server cannot check commands. They are told apart with errors.Is.
var (
	// ErrNotBrigadier: it does not answer as Minecraft: Java Edition since 1.13 does. It was sent no command but our own.
	ErrNotBrigadier = errors.New("this server cannot check commands without carrying them out")
	// ErrPlugins: plugins may have commands of the same names, which such a check does not reach: what it says of them could be
	// wrong.
	ErrPlugins = errors.New("this server has plugins, whose commands cannot be checked")
	// ErrNoSyntax: the answer to a check was none that it can have.
	ErrNoSyntax = errors.New("the server's answer to the check cannot be understood")
)

// Syntax is what a server says of a command that it has read and not carried out.
type Syntax struct {
	// Refusal is why it cannot be read, in the server's words; empty is that it can be.
	Refusal string
	// At is where in the command reading stopped, in runes; -1 is not known.
	At int
}

// CanCheckSyntax finds out whether CheckSyntax can be used with this server; nil says that it can. It carries out two harmless
// commands of its own at most. The error is ErrNotBrigadier, ErrPlugins, or one of Do's.
func (c *Client) CanCheckSyntax(ctx context.Context) error {
	names, err := c.exchange(ctx, bukkits)
	if err != nil {
		return err
	}
	if !strings.Contains(strings.ToLower(names), here) {
		if names == "" || isFailure(bukkits, names, nil) {
			return ErrNotBrigadier
		}
		return ErrPlugins
	}
	quiet, err := c.exchange(ctx, never+harmless)
	if err != nil {
		return err
	}
	refused, err := c.exchange(ctx, never+nonsense)
	if err != nil {
		return err
	}
	if quiet != "" || !strings.HasSuffix(strings.ToLower(refused), here) {
		return ErrNotBrigadier
	}
	return nil
}

// CheckSyntax lets the server read a line as Render returns it, without carrying it out. Only a server for which CanCheckSyntax
// returned nil is to be asked. The error is ErrTooLong where there is no room for what the check needs, ErrNoSyntax, or one of Do's.
func (c *Client) CheckSyntax(ctx context.Context, line string) (Syntax, error) {
	if strings.ContainsFunc(line, isControl) {
		return Syntax{}, ErrNoCommand // a line break could begin another command
	}
	sent := never + line
	if len(sent) > MaxCommand {
		return Syntax{}, fmt.Errorf("%w to be checked: it may have %d bytes", ErrTooLong, MaxCommand-len(never))
	}
	reply, err := c.exchange(ctx, sent)
	switch {
	case err != nil:
		return Syntax{}, err
	case reply == "":
		return Syntax{At: -1}, nil
	case !strings.HasSuffix(strings.ToLower(reply), here):
		return Syntax{}, fmt.Errorf("%w: %q", ErrNoSyntax, reply)
	}
	return readRefusal(line, reply), nil
}

// exchange sends one line and returns the answer. No answer is ErrSilent.
func (c *Client) exchange(ctx context.Context, line string) (string, error) {
	if err := c.acquire(ctx); err != nil {
		return "", err
	}
	defer c.release()
	a, err := c.send(ctx, line)
	switch {
	case err != nil:
		return "", err
	case !a.complete && ctx.Err() != nil:
		return "", context.Cause(ctx)
	case !a.complete:
		return "", fmt.Errorf("%w: %s", ErrSilent, a.why)
	}
	return cleanReply(a.text), nil
}

// readRefusal takes the words and the place out of a reply that ends with Minecraft's mark: the words, three points, ten characters
// before the place and all behind it. Vanilla puts no line break between them (MC-7569).
func readRefusal(line, reply string) Syntax {
	text := strings.TrimSpace(reply[:len(reply)-len(here)])
	sent := never + line
	for from := 0; ; {
		i := strings.Index(text[from:], "...")
		if i < 0 {
			return Syntax{Refusal: cmp.Or(text, reply), At: -1}
		}
		from += i
		if shown := text[from+3:]; shown != "" && strings.HasSuffix(sent, shown) {
			return Syntax{Refusal: cmp.Or(strings.TrimSpace(text[:from]), reply), At: max(place(line, shown), -1)}
		}
		from += 3
	}
}

// place returns where in line the tenth character of shown, which is the end of it, is, in runes. Java counts UTF-16 units.
func place(line, shown string) int {
	units := 0
	for i, r := range shown {
		if units >= 10 {
			return len([]rune(line)) - len([]rune(shown[i:]))
		}
		units += max(utf16.RuneLen(r), 1)
	}
	return len([]rune(line))
}
