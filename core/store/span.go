package store

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"github.com/livecue/livecue/core/event"
)

// sessionGap is how long a stream may be silent that does not say its room: what comes later is another.
const sessionGap = time.Hour

// sessionRow is a session as the database has it.
type sessionRow struct {
	id                   int64
	source, room, handle string
	begun, last, ended   int64
	firstDay, lastDay    int
	events               int64
	isChanged            bool
}

// span is a run of events of one session, by their numbers.
type span struct {
	first, last, session, events int64
}

// spans are those that the events being counted make. The first may be one of the database that goes on.
type spans struct {
	all  []span
	byID map[int64]*sessionRow
	// current is the session of the last event that had one, or nil.
	current *sessionRow
	nextID  int64
	// isBroken says that an event without a session has come since the last that had one.
	isBroken bool
}

// add makes the event seq one of the session's.
func (s *spans) add(seq int64, r *sessionRow) {
	r.events++
	r.isChanged = true
	isBroken := s.isBroken
	s.current, s.isBroken = r, false
	if n := len(s.all); n > 0 && !isBroken && s.all[n-1].session == r.id {
		s.all[n-1].last = seq
		s.all[n-1].events++
		return
	}
	s.all = append(s.all, span{seq, seq, r.id, 1})
}

// at returns the session of an event that is being counted, 0 for none.
func (s *spans) at(seq int64) int64 {
	for i := len(s.all) - 1; i >= 0; i-- {
		if p := s.all[i]; seq >= p.first && seq <= p.last {
			return p.session
		}
	}
	return 0
}

const sessionColumns = `id, source, room, handle, begun, last, ended, first_day, last_day, events`

func scanSession(row *sql.Row) (*sessionRow, error) {
	var r sessionRow
	err := row.Scan(&r.id, &r.source, &r.room, &r.handle, &r.begun, &r.last, &r.ended, &r.firstDay, &r.lastDay, &r.events)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	return &r, err
}

// readCurrent reads the session that was on last.
func (t *tallies) readCurrent(ctx context.Context) error {
	s := &t.sessions
	row := t.store.reader.QueryRowContext(ctx, `SELECT coalesce(max(id), 0) + 1 FROM sessions`)
	if err := row.Scan(&s.nextID); err != nil {
		return err
	}
	var last span
	row = t.store.reader.QueryRowContext(ctx, `SELECT first, last, session, events FROM spans ORDER BY first DESC LIMIT 1`)
	err := row.Scan(&last.first, &last.last, &last.session, &last.events)
	if errors.Is(err, sql.ErrNoRows) {
		return nil
	}
	if err != nil {
		return err
	}
	s.all, s.isBroken = append(s.all, last), last.last != t.events
	row = t.store.reader.QueryRowContext(ctx, `SELECT `+sessionColumns+` FROM sessions WHERE id = ?`, last.session)
	if s.current, err = scanSession(row); err == nil && s.current != nil {
		s.byID[s.current.id] = s.current
	}
	return err
}

// place returns the session that an event belongs to, and begins one where it is the first of it; nil is none.
func (t *tallies) place(ctx context.Context, e event.Event, added int64) (*sessionRow, error) {
	h := e.Header()
	h.Source, h.Room = clipText(h.Source), clipText(h.Room)
	current := t.sessions.current
	isOn := current != nil && current.ended == 0 && added-current.last <= int64(sessionGap)
	switch {
	case e.Kind() == event.KindCue:
		if isOn && (h.Room == "" || h.Room == current.room) {
			return current, nil
		}
		return nil, nil
	case h.Room == "" && isOn && h.Source == current.source:
		return current, nil
	case h.Room != "":
		if r, err := t.findRoom(ctx, h.Source, h.Room); r != nil || err != nil {
			return r, err
		}
	}
	if !beginsSession(e) {
		return nil, nil
	}
	r := &sessionRow{id: t.sessions.nextID, source: h.Source, room: h.Room, begun: added, last: added}
	r.firstDay = t.day(added)
	r.lastDay = r.firstDay
	t.sessions.nextID++
	t.sessions.byID[r.id] = r
	return r, nil
}

// beginsSession says that a stream is on where e comes from.
func beginsSession(e event.Event) bool {
	switch e.Kind() {
	case event.KindConnected, event.KindReconnected:
		return e.Header().OfStream()
	case event.KindViewerCount:
		return true
	default:
		_, isFromViewer := e.(event.FromViewer)
		return isFromViewer
	}
}

// findRoom returns the session of a room, or nil.
func (t *tallies) findRoom(ctx context.Context, source, room string) (*sessionRow, error) {
	if c := t.sessions.current; c != nil && c.source == source && c.room == room {
		return c, nil
	}
	for _, r := range t.sessions.byID {
		if r.source == source && r.room == room {
			return r, nil
		}
	}
	found, err := scanSession(t.store.reader.QueryRowContext(ctx,
		`SELECT `+sessionColumns+` FROM sessions WHERE source = ? AND room = ? ORDER BY id DESC LIMIT 1`, source, room))
	if found != nil && err == nil {
		t.sessions.byID[found.id] = found
	}
	return found, err
}

// note brings a session up to date with one of its events.
func (r *sessionRow) note(e event.Event, added int64, day int) {
	r.begun, r.last = min(r.begun, added), max(r.last, added)
	r.firstDay, r.lastDay = min(r.firstDay, day), max(r.lastDay, day)
	switch e := e.(type) {
	case event.Connected:
		r.handle, r.ended = named(e.Handle, r.handle), 0
	case event.Reconnected:
		r.handle, r.ended = named(e.Handle, r.handle), 0
	case event.LiveEnded:
		r.ended = added
	}
}

// sessionOf returns the session of an event that has been counted, 0 for none.
func (t *tallies) sessionOf(ctx context.Context, seq int64) (int64, error) {
	if seq == 0 {
		return 0, nil
	}
	if id := t.sessions.at(seq); id != 0 {
		return id, nil
	}
	if p := t.found; seq >= p.first && seq <= p.last {
		return p.session, nil
	}
	var p span
	row := t.store.reader.QueryRowContext(ctx, `SELECT first, last, session FROM spans WHERE first <= ? ORDER BY first DESC LIMIT 1`, seq)
	err := row.Scan(&p.first, &p.last, &p.session)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return 0, err
	}
	if t.found = p; seq > p.last {
		return 0, nil
	}
	return p.session, nil
}
