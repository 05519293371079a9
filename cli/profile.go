package cli

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"log/slog"
	"strings"

	"github.com/livecue/livecue/core/app"
	"github.com/livecue/livecue/core/profile"
)

// errUnusable ends a check that has printed its findings.
var errUnusable = errors.New("the profile cannot be used as it is")

// profileCommand is a word that follows "profile".
type profileCommand struct {
	name, args string
	run        func(e env, flags *flag.FlagSet, args []string) error
}

func profileCommands(ctx context.Context) []profileCommand {
	check := func(e env, flags *flag.FlagSet, args []string) error { return checkProfile(ctx, e, flags, args) }
	return []profileCommand{
		{"check", "[--server] [--secrets FILE] FILE", check},
		{"list", "", listProfiles},
		{"use", "NAME", useProfile},
		{"new", "NAME", newProfile},
		{"duplicate", "NAME NEW-NAME", duplicateProfile},
		{"rename", "NAME NEW-NAME", renameProfile},
		{"delete", "NAME", deleteProfile},
		{"export", "NAME FILE.zip", exportProfile},
		{"import", "[--yes] [--trust] [--name NAME] FILE", importProfile},
		{"import-mca", "[--new NAME] [--alerts] FILE", importMCA},
		{"backups", "NAME", listBackups},
		{"restore", "NAME BACKUP", restoreBackup},
	}
}

func runProfile(ctx context.Context, e env, args []string) error {
	if len(args) > 0 {
		for _, c := range profileCommands(ctx) {
			if c.name == args[0] {
				return c.run(e, flag.NewFlagSet("profile "+c.name, flag.ContinueOnError), args[1:])
			}
		}
	}
	var words []string
	for _, c := range profileCommands(ctx) {
		words = append(words, strings.TrimSpace("livecue profile "+c.name+" "+c.args))
	}
	return usageError{errors.New("profile: one of these words must follow:\n  " + strings.Join(words, "\n  "))}
}

func checkProfile(ctx context.Context, e env, flags *flag.FlagSet, args []string) error {
	askServers := flags.Bool("server", false, "ask game servers and OBS too, and look at sounds, pictures and programs; nothing is carried out")
	secrets := flags.String("secrets", "", "`file` for passwords and keys, in place of the system's keyring")
	rest, err := e.parse(flags, args, 1)
	if err != nil {
		return err
	}
	isUsable, err := profile.CheckFile(rest[0], e.out)
	switch {
	case err != nil:
		return err
	case !isUsable:
		return errUnusable
	case *askServers:
		return e.preflight(ctx, rest[0], *secrets)
	}
	fmt.Fprintln(e.out, "The profile is fine.")
	return nil
}

// preflight prints what the targets of a profile's rules say of them. Only what does not work is a failure: a server that is off may
// be on tonight.
func (e env) preflight(ctx context.Context, path, secrets string) (err error) {
	p, err := profile.Load(path)
	if err != nil {
		return err
	}
	a, err := app.New(app.Options{
		Profile: p, Secrets: profile.OpenSecrets(profile.SecretsOptions{File: secrets}), Log: slog.New(slog.DiscardHandler),
	})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, a.Close()) }() //nolint:contextcheck // it has deadlines of its own
	report, err := a.Preflight(ctx)
	if err != nil {
		return err
	}
	counts := map[app.Verdict]int{}
	for _, r := range report.Results {
		counts[r.Verdict]++
		if r.Verdict != app.VerdictGood && r.Issue == nil { // issues are told already
			fmt.Fprintln(e.out, r)
		}
	}
	fmt.Fprintf(e.out, "%d good, %d bad, %d cannot be checked, %d unreachable\n",
		counts[app.VerdictGood], counts[app.VerdictBad], counts[app.VerdictUnchecked], counts[app.VerdictUnreachable])
	if counts[app.VerdictBad] > 0 {
		return errUnusable
	}
	return nil
}
