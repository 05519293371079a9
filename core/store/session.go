package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/livecue/livecue/core/event"
)

// Session is one live stream: from the first connection to a room to its end, whatever was lost and restarted between.
type Session struct {
	// ID numbers sessions from 1.
	ID int64
	// Source is the platform, Room its number for the stream, "" where it has told none. Handle is the streamer.
	Source, Room, Handle string
	// Title is what the user calls it, "" for nothing.
	Title string
	// Begun and Last are the times of its first and last event, by this computer's clock. End is zero while it may go on: the
	// platform has not told of its end, and less than an hour has passed since Last.
	Begun, Last, End time.Time
	// Events is how many there were, Recorded how many of them may still be in the store, for a replay. Of a session that is
	// partly gone, some of the oldest run are counted that are not.
	Events, Recorded int64
	// Total is what they come to.
	Total Slot
}

// Sessions returns the sessions that began last, the newest first: at most limit, of those before the number given, or of all
// where that is 0.
func (s *Store) Sessions(ctx context.Context, before int64, limit int) ([]Session, error) {
	if err := s.count(ctx); err != nil {
		return nil, err
	}
	return s.sessions(ctx, `? = 0 OR id < ?`, before, before, limit)
}

// Session returns one session, or ErrNoSession.
func (s *Store) Session(ctx context.Context, id int64) (Session, error) {
	if err := s.count(ctx); err != nil {
		return Session{}, err
	}
	all, err := s.sessions(ctx, `id = ? AND ? = id`, id, id, 1)
	switch {
	case err != nil:
		return Session{}, err
	case len(all) == 0:
		return Session{}, fmt.Errorf("session %d: %w", id, ErrNoSession)
	default:
		return all[0], nil
	}
}

func (s *Store) sessions(ctx context.Context, condition string, a, b int64, limit int) ([]Session, error) {
	rows, err := s.reader.QueryContext(ctx, `SELECT s.id, s.source, s.room, s.handle, s.title, s.begun, s.last, s.ended, s.events,
		(SELECT coalesce(sum(p.events), 0) FROM spans p WHERE p.session = s.id), min(m.minute), max(m.minute), `+slotColumns+`
		FROM (SELECT * FROM sessions WHERE `+condition+` ORDER BY id DESC LIMIT ?) s
		LEFT JOIN minutes m ON m.day BETWEEN s.first_day AND s.last_day AND m.session = s.id
		GROUP BY s.id ORDER BY s.id DESC`, a, b, max(limit, 0))
	if err != nil {
		return nil, s.failed("read sessions", err)
	}
	defer rows.Close() //nolint:errcheck // Err tells
	var all []Session
	for rows.Next() {
		one, err := s.scanSession(rows)
		if err != nil {
			return nil, s.failed("read sessions", err)
		}
		all = append(all, one)
	}
	return all, s.failed("read sessions", rows.Err())
}

func (s *Store) scanSession(rows *sql.Rows) (one Session, err error) {
	var begun, last, ended, viewers int64
	var firstMinute, lastMinute sql.NullInt64
	t := &one.Total
	err = rows.Scan(append([]any{
		&one.ID, &one.Source, &one.Room, &one.Handle, &one.Title, &begun, &last, &ended, &one.Events,
		&one.Recorded, &firstMinute, &lastMinute,
	}, t.fields(&viewers)...)...)
	if err != nil {
		return one, err
	}
	one.Begun, one.Last = time.Unix(0, begun), time.Unix(0, last)
	one.End = s.endOf(one.Last, ended)
	if firstMinute.Valid {
		t.Start, t.Last = minuteTime(firstMinute.Int64), minuteTime(lastMinute.Int64)
	}
	t.setMean(viewers)
	return one, nil
}

// NameSession gives a session a title, of which 200 bytes are kept. The error may be ErrNoSession.
func (s *Store) NameSession(ctx context.Context, id int64, title string) error {
	if err := s.count(ctx); err != nil {
		return err
	}
	s.write.Lock()
	defer s.write.Unlock()
	if s.conn == nil {
		return ErrClosed
	}
	result, err := s.conn.ExecContext(ctx, `UPDATE sessions SET title = ? WHERE id = ?`, clipText(title), id)
	if err != nil {
		return s.failed("name a session", err)
	}
	if n, err := result.RowsAffected(); err != nil || n > 0 {
		return err
	}
	return fmt.Errorf("name session %d: %w", id, ErrNoSession)
}

// Recorded is an event of a session as it was kept.
type Recorded struct {
	// Number grows from each event to the next.
	Number int64
	// At is when it came, by this computer's clock. A clock that was set back makes it fall.
	At    time.Time
	Event event.Event
}

// Recording returns the events of a session in the order in which they came, at most limit of those whose number is above
// after; next is the last number read, and 0 when there are no more. An event that cannot be read is logged and left out.
func (s *Store) Recording(ctx context.Context, session, after int64, limit int) (page []Recorded, next int64, err error) {
	if err := s.count(ctx); err != nil {
		return nil, 0, err
	}
	rows, err := s.reader.QueryContext(ctx, `SELECT e.seq, e.added, e.kind, e.body FROM spans p
		CROSS JOIN events e ON e.seq BETWEEN max(p.first, ? + 1) AND p.last
		WHERE p.session = ? AND p.last > ? ORDER BY p.first, e.seq LIMIT ?`, after, session, after, max(limit, 0))
	if err != nil {
		return nil, 0, s.failed("read a recording", err)
	}
	defer rows.Close() //nolint:errcheck // Err tells
	for rows.Next() {
		var r Recorded
		var added int64
		var kind string
		var body []byte
		if err := rows.Scan(&next, &added, &kind, &body); err != nil {
			return nil, 0, s.failed("read a recording", err)
		}
		r.Number, r.At = next, time.Unix(0, added)
		if r.Event, err = decodeEvent(kind, body); err != nil {
			s.opts.Log.Error("a recorded event cannot be read", "error", err)
			continue
		}
		page = append(page, r)
	}
	return page, next, s.failed("read a recording", rows.Err())
}

// ErrNoKind says that no event is of that kind.
var ErrNoKind = errors.New("no event is of that kind")

// Encode writes an event as the store keeps it, and Decode reads it again, given its kind. The error of Decode is ErrNoKind for a
// kind that this version does not know.
func Encode(e event.Event) ([]byte, error) { return encode(e) }

// Decode makes an event of what Encode made of it.
func Decode(kind event.Kind, body []byte) (event.Event, error) {
	if decoderOf(kind) == nil {
		return nil, fmt.Errorf("%w: %q", ErrNoKind, kind)
	}
	return decodeEvent(string(kind), body)
}
