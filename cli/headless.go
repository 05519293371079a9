package cli

import (
	"context"
	"errors"
	"flag"

	"github.com/livecue/livecue/core/logbook"
	"github.com/livecue/livecue/core/profile"
	"github.com/livecue/livecue/headless"
)

func runHeadless(ctx context.Context, e env, args []string) error {
	flags := flag.NewFlagSet("headless", flag.ContinueOnError)
	common := addProgramFlags(flags)
	duration := flags.Duration("for", 0, "end after this `time`, such as 90s; a rehearsal ends by itself")
	asJSON := flags.Bool("json", false, "print one JSON object a line")
	if _, err := e.parse(flags, args, 0); err != nil {
		return err
	}
	if *duration < 0 {
		return usageError{errors.New("headless: --for must not be negative")}
	}
	return e.withLog(common, func(book *logbook.Book) error {
		p, err := newProgram(common, profile.Default(), book)
		if err != nil {
			return err
		}
		p.Start()
		err = headless.Run(ctx, p.App, headless.Options{
			Rehearsal: *common.rehearsal, For: *duration, JSON: *asJSON, Out: e.out,
		})
		return errors.Join(err, p.Close())
	})
}
