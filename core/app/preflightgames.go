package app

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"

	"github.com/livecue/livecue/core/action/rcon"
	"github.com/livecue/livecue/core/profile"
)

// askEvery is the pause between two checks at one server. A game server does one command in each of its twenty ticks a second, and
// the gifts of a stream that is live come first.
const askEvery = 100 * time.Millisecond

// askGames asks each server about the lines that are for it, all servers at the same time. It reports whether they are a rehearsal's.
func (f *flight) askGames() (isPractice bool, err error) {
	games := f.app.wantedGames()
	perServer := map[string][]plannedLine{}
	for _, l := range f.lines {
		perServer[l.server] = append(perServer[l.server], l)
	}
	var wg sync.WaitGroup
	for server, lines := range perServer {
		g, ok := games[gameLane+server]
		if !ok {
			f.settle(lines, VerdictBad, fmt.Errorf("the profile has no game server called %q", server))
			continue
		}
		isPractice = isPractice || g.secret != ""
		wg.Go(func() { f.askGame(g, lines) })
	}
	wg.Wait()
	if f.ctx.Err() != nil {
		return isPractice, context.Cause(f.ctx)
	}
	return isPractice, nil
}

// askGame asks one server on a connection of its own. Only it writes to the results of lines.
func (f *flight) askGame(g *game, lines []plannedLine) {
	password, err := g.password()
	if err != nil && !errors.Is(err, profile.ErrNoSecret) {
		f.settle(lines, VerdictUnreachable, fmt.Errorf("read the password: %w", err))
		return
	}
	client := rcon.New(rcon.Options{
		Name: g.server.Name, Address: g.server.Address, Password: password, Timeout: g.server.Timeout.Std(), Log: f.app.log,
	})
	defer client.Close() //nolint:errcheck // it only asked
	if err := client.CanCheckSyntax(f.ctx); err != nil {
		f.settle(lines, failedVerdict(err), err)
		return
	}
	asked := map[string]PreflightResult{}
	for i, l := range lines {
		r := &f.results[l.result]
		known, ok := asked[l.line]
		if !ok {
			if !sleepFor(f.ctx, askEvery) {
				return
			}
			known = checked(f.ctx, client, l.line)
			asked[l.line] = known
		}
		r.Verdict, r.Err, r.Refusal, r.At = known.Verdict, known.Err, known.Refusal, known.At
		if r.Verdict == VerdictUnreachable {
			f.settle(lines[i:], r.Verdict, r.Err) // each of the others would wait as long
			return
		}
	}
}

// checked is what a server says of a line.
func checked(ctx context.Context, client *rcon.Client, line string) PreflightResult {
	syntax, err := client.CheckSyntax(ctx, line)
	switch {
	case err != nil:
		return PreflightResult{Verdict: failedVerdict(err), Err: err, At: -1}
	case syntax.Refusal != "":
		return PreflightResult{Verdict: VerdictBad, Refusal: syntax.Refusal, At: syntax.At}
	default:
		return PreflightResult{Verdict: VerdictGood, At: -1}
	}
}

// failedVerdict is the verdict where a server could not be asked because of err.
func failedVerdict(err error) Verdict {
	if isOurs(err) {
		return VerdictUnreachable
	}
	return VerdictUnchecked
}

// settle gives lines one verdict.
func (f *flight) settle(lines []plannedLine, v Verdict, err error) {
	for _, l := range lines {
		r := &f.results[l.result]
		r.Verdict, r.Err = v, err
	}
}

// sleepFor waits, and reports whether ctx is still on.
func sleepFor(ctx context.Context, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}

// actionOf returns the key of the action that a field is part of, or "": "action[0].rcon.command" is part of "action[0]".
func actionOf(field string) string {
	i := strings.LastIndex(field, "action[")
	if i < 0 {
		return ""
	}
	end := strings.IndexByte(field[i:], ']')
	if end < 0 {
		return ""
	}
	return field[:i+end+1]
}
