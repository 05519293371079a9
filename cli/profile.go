package cli

import (
	"context"
	"errors"
	"flag"
	"fmt"

	"github.com/livecue/livecue/core/profile"
)

// errUnusable ends a check that has printed its findings.
var errUnusable = errors.New("the profile cannot be used as it is")

func runProfile(_ context.Context, e env, args []string) error {
	if len(args) == 0 || args[0] != "check" {
		return usageError{errors.New("profile: the only word that can follow is check")}
	}
	rest, err := e.parse(flag.NewFlagSet("profile check", flag.ContinueOnError), args[1:], 1)
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
