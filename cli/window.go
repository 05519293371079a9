package cli

import (
	"context"
	"errors"
	"flag"
	"fmt"

	"github.com/livecue/livecue/core/logbook"
	"github.com/livecue/livecue/core/profile"
	"github.com/livecue/livecue/gui"
	"github.com/livecue/livecue/headless"
)

func runWindow(ctx context.Context, e env, args []string) error {
	flags := flag.NewFlagSet("livecue", flag.ContinueOnError)
	common := addProgramFlags(flags)
	page := flags.String("page", "", "`page` to begin with: welcome, live, rules, rule, history, connections, settings")
	language := flags.String("language", "", "`language` of the window: en, de; the default is the system's")
	theme := flags.String("theme", "", "light or dark; the default is the profile's")
	if _, err := e.parse(flags, args, 0); err != nil {
		return err
	}
	opts := gui.Options{
		Version: version(), StartRehearsal: *common.rehearsal,
		Page: gui.Page(*page), Language: *language, Theme: profile.Theme(*theme),
	}
	return e.withLog(common, func(book *logbook.Book) error {
		opts.Log = book.Logger()
		return e.openWindow(ctx, common, opts, book)
	})
}

// openWindow runs the program and its window until the window is closed, or in the terminal where a rehearsal has no display.
func (e env) openWindow(ctx context.Context, common programFlags, opts gui.Options, book *logbook.Book) error {
	starter, err := gui.Starter(opts.Language)
	if err != nil {
		return err
	}
	p, err := newProgram(common, starter, book)
	if err != nil {
		return showProblem(ctx, opts, err)
	}
	p.Start()
	opts.Core, opts.FirstRun = p.App, p.isFirstRun && *common.rehearsal == ""
	err = gui.Run(ctx, opts)
	if errors.Is(err, gui.ErrNoDisplay) && *common.rehearsal != "" {
		fmt.Fprintln(e.out, "There is no display, so the rehearsal plays here. Ctrl+C ends it.")
		err = headless.Run(ctx, p.App, headless.Options{Rehearsal: *common.rehearsal, Out: e.out})
	}
	return errors.Join(err, p.Close())
}

// showProblem shows err in a window, since who starts the program with a click sees no terminal, and returns it.
func showProblem(ctx context.Context, opts gui.Options, err error) error {
	if shown := gui.ShowProblem(ctx, opts, err); shown != nil && !errors.Is(shown, gui.ErrNoDisplay) {
		return errors.Join(err, shown)
	}
	return err
}
