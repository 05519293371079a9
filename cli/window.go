package cli

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"path/filepath"
	"strings"

	"github.com/livecue/livecue/core/logbook"
	"github.com/livecue/livecue/core/profile"
	"github.com/livecue/livecue/gui"
	"github.com/livecue/livecue/headless"
)

func runWindow(ctx context.Context, e env, args []string) error {
	flags := flag.NewFlagSet("livecue", flag.ContinueOnError)
	common := addProgramFlags(flags)
	page := flags.String("page", "", "`page` to begin with: "+pageNames())
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
		opts.Log, opts.Recent = book.Logger(), book.Recent
		if err := diagnose(&opts, common, book); err != nil {
			return err
		}
		return e.openWindow(ctx, common, opts, book)
	})
}

// diagnose gives the window what it shows of the log, of crashes and of the report.
func diagnose(opts *gui.Options, f programFlags, book *logbook.Book) error {
	data, err := dataDir()
	if err != nil {
		return err
	}
	if file := logFile(*f.log, data); file != "" {
		opts.LogDir = filepath.Dir(file)
	}
	report := func() (logbook.Report, error) { return newReport(*f.profile, *f.secrets, *f.log) }
	opts.SaveReport = func(_ context.Context, w io.Writer) error {
		r, err := report()
		if err != nil {
			return err
		}
		return r.Write(w)
	}
	crashes := book.Crashes()
	if len(crashes) == 0 {
		return nil
	}
	opts.Crash = &gui.Crash{
		At: crashes[0].At,
		Excerpt: func(context.Context) (string, error) {
			r, err := report()
			if err != nil {
				return "", err
			}
			return r.Excerpt(crashes[0].Path)
		},
		Answer: book.AnswerCrashes,
	}
	return nil
}

// openWindow runs the program and its window until the window is closed, or in the terminal where a rehearsal has no display.
func (e env) openWindow(ctx context.Context, common programFlags, opts gui.Options, book *logbook.Book) error {
	starter, err := gui.Starter(opts.Language)
	if err != nil {
		return err
	}
	p, err := newProgram(common, starter, book)
	if err != nil {
		return e.rescue(ctx, common, opts, book, err)
	}
	p.Start()
	opts.Core, opts.JournalFile, opts.FirstRun = p.App, p.journal, p.isFirstRun && *common.rehearsal == ""
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

// pageNames are the pages that the window can begin with.
func pageNames() string {
	var names []string
	for _, p := range gui.Pages() {
		names = append(names, string(p))
	}
	return strings.Join(names, ", ")
}
