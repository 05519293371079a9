package cli

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"os"
	"runtime/debug"
	"strings"

	"github.com/livecue/livecue/core/action/sound/speaker"
)

// Exit codes.
const (
	exitOK     = 0
	exitFailed = 1
	exitUsage  = 2
)

// env is what a command has to work with.
type env struct {
	out, err io.Writer
}

// command is one word of the command line.
type command struct {
	name, args, help string
	run              func(ctx context.Context, e env, args []string) error
}

func commands() []command {
	return []command{
		{"", "[--rehearsal SCRIPT]", "open the window; in the terminal where there is no display", runWindow},
		{"headless", "[--profile FILE] [--rehearsal SCRIPT] [--for DURATION] [--json]", "run without a window and print the feed", runHeadless},
		{"rehearse", "[--listen ADDRESS] [--script NAME]", "serve a made-up live stream for clients of TikTok's protocol", runRehearse},
		{"practice-rcon", "[--listen ADDRESS] --password WORD", "serve RCON like a Minecraft server", runPractice},
		{"profile", "check|list|use|new|duplicate|rename|delete|export|import|import-mca|backups|restore ...", "look after profiles", runProfile},
		{"replay", "[--session NUMBER | --file FILE] [--do] [--server NAME] [--export FILE [--anonymous]]", "list past streams, or play one again through the rules", runReplay},
		{"stats", "[--csv TABLE] [--session NUMBER | --day DAY] [--excel] [--semicolon] [--out FILE]", "write what past streams came to for a spreadsheet", runStats},
		{"report", "[--out FILE.zip]", "pack logs and settings, without secrets, for who is to help you", runReport},
		{"version", "", "print the version", runVersion},
		{"help", "", "print this", runHelp},
	}
}

// usageError is a mistake on the command line.
type usageError struct{ error }

// Run does what args say, without the program's name, and returns the exit code: 0, 1 when it failed, 2 when args are wrong.
func Run(ctx context.Context, args []string, out, errOut io.Writer) int {
	e := env{out, errOut}
	if len(args) == 1 && args[0] == speaker.Command {
		return e.exitCode(speaker.Serve(os.Stdin, os.Stdout)) // this process is the sound output of another
	}
	name := ""
	if len(args) > 0 && !strings.HasPrefix(args[0], "-") {
		name, args = args[0], args[1:]
	}
	for _, c := range commands() {
		if c.name == name {
			return e.exitCode(c.run(ctx, e, args))
		}
	}
	return e.exitCode(usageError{fmt.Errorf("there is no command %q", name)})
}

func (e env) exitCode(err error) int {
	var usage usageError
	switch {
	case err == nil, errors.Is(err, flag.ErrHelp):
		return exitOK
	case errors.As(err, &usage):
		fmt.Fprintf(e.err, "livecue: %v\nTry: livecue help\n", err)
		return exitUsage
	default:
		fmt.Fprintf(e.err, "livecue: %v\n", err)
		return exitFailed
	}
}

// parse reads args into the flags and returns the words that are left, which must be as many as want.
func (e env) parse(flags *flag.FlagSet, args []string, want int) ([]string, error) {
	flags.SetOutput(e.err)
	if err := flags.Parse(args); err != nil {
		if errors.Is(err, flag.ErrHelp) {
			return nil, err
		}
		return nil, usageError{err}
	}
	if flags.NArg() != want {
		return nil, usageError{fmt.Errorf("%s: %d words were given where %d belong", flags.Name(), flags.NArg(), want)}
	}
	return flags.Args(), nil
}

// logger returns the logger of a command that leaves no log behind.
func (e env) logger(isVerbose bool) *slog.Logger {
	level := slog.LevelWarn
	if isVerbose {
		level = slog.LevelDebug
	}
	return slog.New(slog.NewTextHandler(e.err, &slog.HandlerOptions{Level: level}))
}

func runHelp(_ context.Context, e env, _ []string) error {
	fmt.Fprintln(e.out, "LiveCue turns what viewers do in a live stream into things that happen in it.")
	fmt.Fprintln(e.out)
	for _, c := range commands() {
		line := strings.Join(strings.Fields("livecue "+c.name+" "+c.args), " ")
		fmt.Fprintf(e.out, "  %s\n        %s\n", line, c.help)
	}
	fmt.Fprintln(e.out, "\nlivecue COMMAND --help tells a command's flags.")
	return nil
}

func runVersion(_ context.Context, e env, _ []string) error {
	fmt.Fprintln(e.out, "livecue", version())
	return nil
}

// release is the version, set by the linker for releases: -X github.com/livecue/livecue/cli.release=1.2.3.
var release string

func version() string {
	if release != "" {
		return release
	}
	if info, ok := debug.ReadBuildInfo(); ok && info.Main.Version != "" && info.Main.Version != "(devel)" {
		return strings.TrimPrefix(info.Main.Version, "v")
	}
	return "0.1.0-dev"
}
