package app

import (
	"bytes"
	"context"
	"errors"
	"fmt"

	"github.com/livecue/livecue/core/atomicfile"
	"github.com/livecue/livecue/core/stats"
	"github.com/livecue/livecue/core/store"
)

// ErrNoJournal says that nothing is kept: the program was started without a store.
var ErrNoJournal = errors.New("nothing is kept of past streams, since LiveCue runs without its journal")

// Sessions returns the streams that were on last, the newest first: at most limit, of those before the number given, or of all
// where that is 0. The one that is on now is among them.
func (a *App) Sessions(ctx context.Context, before int64, limit int) ([]store.Session, error) {
	if a.store == nil {
		return nil, ErrNoJournal
	}
	return a.store.Sessions(ctx, before, limit)
}

// NameSession gives a stream a title.
func (a *App) NameSession(ctx context.Context, session int64, title string) error {
	if a.store == nil {
		return ErrNoJournal
	}
	return a.store.NameSession(ctx, session, title)
}

// Statistics returns the numbers of a stream, of days or of all. What came up to a moment ago is in it; tests, rehearsals and
// replays are not.
func (a *App) Statistics(ctx context.Context, q stats.Query) (stats.Statistics, error) {
	if a.store == nil {
		return stats.Statistics{}, ErrNoJournal
	}
	return stats.Read(ctx, a.store, q)
}

// mostSessions bounds the rows of the table of streams.
const mostSessions = 100_000

// StatisticsCSV returns one of the tables as a file for spreadsheets, which is as long as q.Top allows. For the table of
// streams q has no meaning.
func (a *App) StatisticsCSV(ctx context.Context, q stats.Query, table stats.Table, how stats.CSV) ([]byte, error) {
	var out bytes.Buffer
	if table == stats.TableSessions {
		all, err := a.Sessions(ctx, 0, mostSessions)
		if err != nil {
			return nil, err
		}
		err = how.WriteSessions(&out, all)
		return out.Bytes(), err
	}
	st, err := a.Statistics(ctx, q)
	if err != nil {
		return nil, err
	}
	err = how.Write(&out, table, st)
	return out.Bytes(), err
}

// SaveStatistics writes what StatisticsCSV returns to a file.
func (a *App) SaveStatistics(ctx context.Context, q stats.Query, table stats.Table, path string, how stats.CSV) error {
	data, err := a.StatisticsCSV(ctx, q, table, how)
	if err != nil {
		return err
	}
	if err := atomicfile.Write(path, data, 0o600); err != nil {
		return fmt.Errorf("save the statistics: %w", err)
	}
	return nil
}
