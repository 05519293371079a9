package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
)

// keeping are the statements of one transaction that adds tallies to the rows of the database.
type keeping struct {
	session, span, minute, viewer, viewerDay, giftDay, ruleDay, ruleTime, counted *sql.Stmt

	all []statement
}

func (k *keeping) prepare(ctx context.Context, conn *sql.Conn) error {
	k.all = []statement{
		{&k.session, `INSERT INTO sessions (id, source, room, handle, begun, last, ended, first_day, last_day, events)
			VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET handle = excluded.handle, begun = excluded.begun,
			last = excluded.last, ended = excluded.ended, first_day = excluded.first_day, last_day = excluded.last_day,
			events = excluded.events`},
		{&k.span, `INSERT INTO spans (first, last, session, events) VALUES (?, ?, ?, ?)
			ON CONFLICT (first) DO UPDATE SET last = excluded.last, events = excluded.events`},
		{&k.minute, `INSERT INTO minutes (day, session, minute, coins, gifts, follows, likes, shares, chats, joins, subscribes,
			questions, viewers, viewer_counts, viewers_most) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
			ON CONFLICT DO UPDATE SET coins = coins + excluded.coins, gifts = gifts + excluded.gifts,
			follows = follows + excluded.follows, likes = likes + excluded.likes, shares = shares + excluded.shares,
			chats = chats + excluded.chats, joins = joins + excluded.joins, subscribes = subscribes + excluded.subscribes,
			questions = questions + excluded.questions, viewers = viewers + excluded.viewers,
			viewer_counts = viewer_counts + excluded.viewer_counts, viewers_most = max(viewers_most, excluded.viewers_most)`},
		{&k.viewer, `INSERT INTO viewers (source, account, handle, nickname) VALUES (?, ?, ?, ?)
			ON CONFLICT (source, account) DO UPDATE SET handle = iif(excluded.handle = '', handle, excluded.handle),
			nickname = iif(excluded.nickname = '', nickname, excluded.nickname) RETURNING id`},
		{&k.viewerDay, `INSERT INTO viewer_days (day, session, viewer, coins, gifts, likes) VALUES (?, ?, ?, ?, ?, ?)
			ON CONFLICT DO UPDATE SET coins = coins + excluded.coins, gifts = gifts + excluded.gifts, likes = likes + excluded.likes`},
		{&k.giftDay, `INSERT INTO gift_days (day, session, gift, name, coins, gifts) VALUES (?, ?, ?, ?, ?, ?)
			ON CONFLICT DO UPDATE SET coins = coins + excluded.coins, gifts = gifts + excluded.gifts`},
		{&k.ruleDay, `INSERT INTO rule_days (day, session, rule, name, fired, done, rejected, failed, unknown, expired, dropped)
			VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET name = excluded.name, fired = fired + excluded.fired,
			done = done + excluded.done, rejected = rejected + excluded.rejected, failed = failed + excluded.failed,
			unknown = unknown + excluded.unknown, expired = expired + excluded.expired, dropped = dropped + excluded.dropped`},
		{&k.ruleTime, `INSERT INTO rule_times (day, session, rule, bucket, jobs) VALUES (?, ?, ?, ?, ?)
			ON CONFLICT DO UPDATE SET jobs = jobs + excluded.jobs`},
		{&k.counted, `INSERT INTO meta (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value`},
	}
	return prepareAll(ctx, conn, k.all)
}

func (k *keeping) close() error {
	var errs []error
	for _, one := range k.all {
		if *one.to != nil {
			errs = append(errs, (*one.to).Close())
		}
	}
	return errors.Join(errs...)
}

// write adds the tallies to the rows of the database. It is part of a transaction.
func (t *tallies) write(ctx context.Context) (err error) {
	var k keeping
	defer func() { err = errors.Join(err, k.close()) }()
	if err := k.prepare(ctx, t.store.conn); err != nil {
		return err
	}
	for _, write := range []func(context.Context, *keeping) error{t.writeSessions, t.writeMinutes, t.writeViewers, t.writeGifts, t.writeRules} {
		if err := write(ctx, &k); err != nil {
			return err
		}
	}
	_, err = k.counted.ExecContext(ctx, countedEvents, t.events)
	if err == nil {
		_, err = k.counted.ExecContext(ctx, countedJobs, t.jobs)
	}
	return err
}

func (t *tallies) writeSessions(ctx context.Context, k *keeping) error {
	for _, r := range t.sessions.byID {
		if !r.isChanged {
			continue
		}
		_, err := k.session.ExecContext(ctx, r.id, r.source, r.room, r.handle, r.begun, r.last, r.ended, r.firstDay, r.lastDay, r.events)
		if err != nil {
			return fmt.Errorf("keep a session: %w", err)
		}
	}
	for _, p := range t.sessions.all {
		if _, err := k.span.ExecContext(ctx, p.first, p.last, p.session, p.events); err != nil {
			return fmt.Errorf("keep a span: %w", err)
		}
	}
	return nil
}

func (t *tallies) writeMinutes(ctx context.Context, k *keeping) error {
	for key, m := range t.minutes {
		_, err := k.minute.ExecContext(ctx, key.day, key.session, key.minute, m.Coins, m.Gifts, m.Follows, m.Likes, m.Shares,
			m.Chats, m.Joins, m.Subs, m.Questions, m.viewers, m.viewerCounts, m.viewersMost)
		if err != nil {
			return fmt.Errorf("keep a minute: %w", err)
		}
	}
	return nil
}

func (t *tallies) writeViewers(ctx context.Context, k *keeping) error {
	t.learned = make(map[accountKey]account, len(t.accounts))
	for key, names := range t.accounts {
		old, isKnown := t.store.tally.known[key]
		if !isKnown || old.names != names {
			row := k.viewer.QueryRowContext(ctx, key.source, key.account, names.handle, names.nickname)
			if err := row.Scan(&old.id); err != nil {
				return fmt.Errorf("keep a viewer: %w", err)
			}
		}
		t.learned[key] = account{old.id, names}
	}
	for key, c := range t.viewers {
		_, err := k.viewerDay.ExecContext(ctx, key.day, key.session, t.learned[key.accountKey].id, c.Coins, c.Gifts, c.Likes)
		if err != nil {
			return fmt.Errorf("keep a viewer's day: %w", err)
		}
	}
	return nil
}

func (t *tallies) writeGifts(ctx context.Context, k *keeping) error {
	for key, c := range t.gifts {
		if _, err := k.giftDay.ExecContext(ctx, key.day, key.session, key.gift, key.name, c.Coins, c.Gifts); err != nil {
			return fmt.Errorf("keep a gift's day: %w", err)
		}
	}
	return nil
}

func (t *tallies) writeRules(ctx context.Context, k *keeping) error {
	for key, r := range t.rules {
		_, err := k.ruleDay.ExecContext(ctx, key.day, key.session, key.rule, r.name, r.fired, r.done, r.rejected, r.failed, r.unknown,
			r.expired, r.dropped)
		if err != nil {
			return fmt.Errorf("keep a rule's day: %w", err)
		}
		for bucket, jobs := range r.times {
			if _, err := k.ruleTime.ExecContext(ctx, key.day, key.session, key.rule, bucket, jobs); err != nil {
				return fmt.Errorf("keep a rule's times: %w", err)
			}
		}
	}
	return nil
}

// pruneStatistics lets go of what stands for events that are gone: the spans, and the viewers who gave nothing. What was given
// is kept for good, and so are the counts of each minute: an evening of them takes some ten kilobytes.
func (s *Store) pruneStatistics(ctx context.Context) error {
	s.tally.mu.Lock()
	defer s.tally.mu.Unlock()
	var oldest int64
	row := s.reader.QueryRowContext(ctx, `SELECT coalesce(min(seq), (SELECT coalesce(max(last), 0) + 1 FROM spans)) FROM events`)
	if err := row.Scan(&oldest); err != nil {
		return err
	}
	s.tally.known = nil
	s.write.Lock()
	defer s.write.Unlock()
	return s.transact(context.WithoutCancel(ctx), func(ctx context.Context) error {
		gone, err := s.conn.ExecContext(ctx, `DELETE FROM spans WHERE last < ?`, oldest)
		if err != nil {
			return err
		}
		if n, err := gone.RowsAffected(); err != nil || n == 0 {
			return err
		}
		for _, query := range []string{
			`DELETE FROM viewer_days WHERE coins = 0 AND gifts = 0 AND session NOT IN (SELECT session FROM spans)`,
			`DELETE FROM viewers WHERE id NOT IN (SELECT viewer FROM viewer_days)`,
		} {
			if _, err := s.conn.ExecContext(ctx, query); err != nil {
				return err
			}
		}
		return nil
	})
}
