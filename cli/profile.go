package cli

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"strings"

	"github.com/livecue/livecue/core/profile"
)

// errUnusable ends a check that has printed its findings.
var errUnusable = errors.New("the profile cannot be used as it is")

// profileCommand is a word that follows "profile".
type profileCommand struct {
	name, args string
	run        func(e env, flags *flag.FlagSet, args []string) error
}

func profileCommands() []profileCommand {
	return []profileCommand{
		{"check", "FILE", checkProfile},
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

func runProfile(_ context.Context, e env, args []string) error {
	if len(args) > 0 {
		for _, c := range profileCommands() {
			if c.name == args[0] {
				return c.run(e, flag.NewFlagSet("profile "+c.name, flag.ContinueOnError), args[1:])
			}
		}
	}
	var words []string
	for _, c := range profileCommands() {
		words = append(words, strings.TrimSpace("livecue profile "+c.name+" "+c.args))
	}
	return usageError{errors.New("profile: one of these words must follow:\n  " + strings.Join(words, "\n  "))}
}

func checkProfile(e env, flags *flag.FlagSet, args []string) error {
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
	}
	fmt.Fprintln(e.out, "The profile is fine.")
	return nil
}
