package cli

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"strings"
	"time"

	"github.com/livecue/livecue/core/app"
	"github.com/livecue/livecue/core/atomicfile"
	"github.com/livecue/livecue/core/logbook"
	"github.com/livecue/livecue/core/profile"
	"github.com/livecue/livecue/core/stats"
)

// sessionsShown is how many streams are listed.
const sessionsShown = 30

// pastFlags are those of the commands that look back.
type pastFlags struct {
	programFlags
	session *int64
}

func addPastFlags(flags *flag.FlagSet) pastFlags {
	none, one := "", 1.0
	return pastFlags{
		programFlags: programFlags{
			profile:   flags.String("profile", "", "profile `file`; the default is the one in the system's folder for settings"),
			secrets:   flags.String("secrets", "", "`file` for passwords and keys, in place of the system's keyring"),
			verbose:   flags.Bool("verbose", false, "log what happens"),
			log:       addLogFlag(flags),
			rehearsal: &none, speed: &one,
		},
		session: flags.Int64("session", 0, "`number` of the stream"),
	}
}

func runStats(ctx context.Context, e env, args []string) error {
	flags := flag.NewFlagSet("stats", flag.ContinueOnError)
	past := addPastFlags(flags)
	day := flags.String("day", "", "the day alone, such as 2026-03-14")
	table := flags.String("csv", string(stats.TableSessions), "`table` to write: "+strings.Join(names(stats.Tables()), ", "))
	forExcel := flags.Bool("excel", false, "begin with the mark that Excel needs")
	semicolon := flags.Bool("semicolon", false, "part the columns with semicolons, as spreadsheets in German want it")
	top := flags.Int("top", 1000, "how many viewers and gifts")
	out := flags.String("out", "", "`file` to write; otherwise it is printed")
	if _, err := e.parse(flags, args, 0); err != nil {
		return err
	}
	q := stats.Query{Session: *past.session, Top: *top}
	if *day != "" {
		at, err := time.ParseInLocation(time.DateOnly, *day, time.Local)
		if err != nil {
			return usageError{fmt.Errorf("stats: --day: %w", err)}
		}
		q.From, q.To = at, at
	}
	return e.withLog(past.programFlags, func(book *logbook.Book) error {
		p, err := newProgram(past.programFlags, profile.Default(), book)
		if err != nil {
			return err
		}
		data, err := p.StatisticsCSV(ctx, q, stats.Table(*table), stats.CSV{ForExcel: *forExcel, Semicolon: *semicolon})
		switch {
		case errors.Is(err, stats.ErrNoTable):
			err = usageError{err}
		case err == nil && *out != "":
			err = atomicfile.Write(*out, data, 0o600)
		case err == nil:
			_, err = e.out.Write(data)
		}
		return errors.Join(err, p.Close())
	})
}

// replayFlags are what is to be played, and how.
type replayFlags struct {
	app.Replay
	lanes, export string
	isAnonymous   bool
}

func runReplay(ctx context.Context, e env, args []string) error {
	flags := flag.NewFlagSet("replay", flag.ContinueOnError)
	past := addPastFlags(flags)
	var r replayFlags
	flags.StringVar(&r.File, "file", "", "recording `file`, in place of a stream of the journal")
	flags.DurationVar(&r.From, "from", 0, "where to begin, such as 1h20m")
	flags.Float64Var(&r.Speed, "speed", 0, "how many times as fast as it was, 0.25 to 64; 0 is as fast as can be")
	flags.BoolVar(&r.WithEffects, "do", false, "let the rules act; otherwise it is only told what they would do")
	flags.StringVar(&r.Server, "server", "", "game server that all commands go to")
	flags.StringVar(&r.lanes, "lanes", "", "the only lanes that act, such as rcon:test,sound")
	flags.StringVar(&r.export, "export", "", "`file` to write the recording to, instead of playing it")
	flags.BoolVar(&r.isAnonymous, "anonymous", false, "with --export: give all viewers made-up names")
	if _, err := e.parse(flags, args, 0); err != nil {
		return err
	}
	r.Session = *past.session
	if r.lanes != "" {
		r.Lanes = strings.Split(r.lanes, ",")
	}
	return e.withLog(past.programFlags, func(book *logbook.Book) error {
		p, err := newProgram(past.programFlags, profile.Default(), book)
		if err != nil {
			return err
		}
		switch {
		case r.export != "":
			err = p.SaveRecording(ctx, r.Session, r.export, r.isAnonymous)
		case r.Session == 0 && r.File == "":
			err = e.listSessions(ctx, p.App)
		default:
			err = e.replay(ctx, p.App, r.Replay)
		}
		return errors.Join(cancelled(err), p.Close())
	})
}

func (e env) listSessions(ctx context.Context, a *app.App) error {
	sessions, err := a.Sessions(ctx, 0, sessionsShown)
	if err != nil {
		return err
	}
	fmt.Fprintln(e.out, "session  begun             minutes    events     coins  stream")
	for _, s := range sessions {
		fmt.Fprintf(e.out, "%7d  %s  %7.0f  %8d  %8d  %q\n", s.ID, s.Begun.Format("2006-01-02 15:04"), s.Last.Sub(s.Begun).Minutes(),
			s.Recorded, s.Total.Coins, strings.TrimSpace(s.Handle+" "+s.Title))
	}
	return nil
}

// replay plays to the end, and prints what the rules did.
func (e env) replay(ctx context.Context, a *app.App, r app.Replay) error {
	if r.WithEffects {
		a.Start()
	}
	if err := a.StartReplay(ctx, r); err != nil {
		return err
	}
	if !r.WithEffects {
		fmt.Fprintln(e.out, "Nothing is done; this is what the rules would do.")
	}
	select {
	case <-ctx.Done():
		a.StopReplay()
	case <-a.ReplayOver():
		if err := a.Settle(ctx); err != nil {
			return err
		}
	}
	st, _ := a.ReplayStatus()
	for _, m := range st.Report.Firings {
		for _, d := range m.Fired() {
			fmt.Fprintf(e.out, "%10s  %-10s  %q\n", m.Offset.Truncate(time.Millisecond), m.Event.Kind(), d.RuleName)
		}
	}
	for _, one := range st.Report.Rules {
		fmt.Fprintf(e.out, "%q fired %d times: %d jobs of %d runs\n", one.Name, one.Fired, one.Jobs, one.Runs)
	}
	fmt.Fprintf(e.out, "%d events of %d, %d jobs, %d of them held back\n", st.Played, st.Events, st.Report.Jobs, st.HeldBack)
	if st.Error != "" {
		return errors.New(st.Error)
	}
	return nil
}
