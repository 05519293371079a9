package cli

import (
	"context"
	"errors"
	"flag"
	"fmt"

	"github.com/livecue/livecue/core/profile"
	"github.com/livecue/livecue/gui"
	"github.com/livecue/livecue/headless"
)

func runWindow(ctx context.Context, e env, args []string) error {
	flags := flag.NewFlagSet("livecue", flag.ContinueOnError)
	common := addProgramFlags(flags)
	page := flags.String("page", "", "`page` to begin with: welcome, live, rules, rule, connections, settings")
	language := flags.String("language", "", "`language` of the window: en, de; the default is the system's")
	theme := flags.String("theme", "", "light or dark; the default is the profile's")
	if _, err := e.parse(flags, args, 0); err != nil {
		return err
	}
	log := e.logger(*common.verbose)
	p, err := newProgram(common, log)
	if err != nil {
		return err
	}
	p.Start()
	err = gui.Run(ctx, gui.Options{
		Core: p.App, FirstRun: p.isFirstRun && *common.rehearsal == "", Version: version(), Log: log,
		StartRehearsal: *common.rehearsal, Page: gui.Page(*page), Language: *language, Theme: profile.Theme(*theme),
	})
	if errors.Is(err, gui.ErrNoDisplay) && *common.rehearsal != "" {
		fmt.Fprintln(e.out, "There is no display, so the rehearsal plays here. Ctrl+C ends it.")
		err = headless.Run(ctx, p.App, headless.Options{Rehearsal: *common.rehearsal, Out: e.out})
	}
	return errors.Join(err, p.Close())
}
