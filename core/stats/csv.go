package stats

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/livecue/livecue/core/store"
)

// Table names what a spreadsheet is made of.
type Table string

// The tables.
const (
	TableSessions Table = "sessions"
	TableTime     Table = "time"
	TableViewers  Table = "viewers"
	TableGifts    Table = "gifts"
	TableRules    Table = "rules"
)

// Tables returns all of them.
func Tables() []Table { return []Table{TableSessions, TableTime, TableViewers, TableGifts, TableRules} }

// ErrNoTable says that there is no table of that name.
var ErrNoTable = errors.New("there is no such table")

// CSV says how a table is written.
type CSV struct {
	// ForExcel puts a byte order mark first, without which Excel takes UTF-8 for something else.
	ForExcel bool
	// Semicolon parts the columns with semicolons and writes fractions with a comma, as spreadsheets want it where a comma
	// is the decimal sign.
	Semicolon bool
	// Zone is where the times are told; nil is this computer's.
	Zone *time.Location
}

// WriteSessions writes a row for each session.
func (c CSV) WriteSessions(w io.Writer, sessions []store.Session) error {
	head := append([]string{"session", "title", "streamer", "begun", "ended", "minutes"}, countNames()...)
	rows := make([][]string, len(sessions))
	for i, s := range sessions {
		end := s.End
		if end.IsZero() {
			end = s.Last
		}
		rows[i] = append([]string{
			number(s.ID), s.Title, s.Handle, c.time(s.Begun), c.time(s.End), number(int64(end.Sub(s.Begun) / time.Minute)),
		}, counts(s.Total)...)
	}
	return c.write(w, head, rows)
}

// Write writes one of the tables of st; TableSessions is not among them.
func (c CSV) Write(w io.Writer, table Table, st Statistics) error {
	var head []string
	var rows [][]string
	switch table {
	case TableTime:
		head = append([]string{"time", "step_minutes"}, countNames()...)
		for _, p := range st.Points {
			rows = append(rows, append([]string{c.time(p.Start), number(int64(st.Step / time.Minute))}, counts(p)...))
		}
	case TableViewers:
		head = []string{"viewer", "nickname", "account", "platform", "coins", "gifts", "likes"}
		for _, v := range allViewers(st) {
			rows = append(rows, []string{v.Handle, v.Nickname, v.Account, v.Source, number(v.Coins), number(v.Gifts), number(v.Likes)})
		}
	case TableGifts:
		head = []string{"gift", "id", "gifts", "coins"}
		for _, g := range st.Gifts {
			rows = append(rows, []string{g.Name, number(g.ID), number(g.Gifts), number(g.Coins)})
		}
	case TableRules:
		head = []string{"rule", "id", "fired", "done", "refused", "failed", "unknown", "expired", "dropped", "median_ms", "p95_ms"}
		for _, r := range st.Rules {
			rows = append(rows, []string{
				r.Name, r.ID, number(r.Fired), number(r.Done), number(r.Rejected), number(r.Failed), number(r.Unknown),
				number(r.Expired), number(r.Dropped), c.milliseconds(r.Median), c.milliseconds(r.P95),
			})
		}
	default:
		return fmt.Errorf("%w: %q", ErrNoTable, table)
	}
	return c.write(w, head, rows)
}

// allViewers returns each viewer of the three lists once: those who gave coins first.
func allViewers(st Statistics) []store.ViewerTotal {
	type account struct{ source, account string }
	seen := map[account]bool{}
	var all []store.ViewerTotal
	for _, list := range [][]store.ViewerTotal{st.ByCoins, st.ByGifts, st.ByLikes} {
		for _, v := range list {
			if key := (account{v.Source, v.Account}); !seen[key] {
				seen[key] = true
				all = append(all, v)
			}
		}
	}
	return all
}

func countNames() []string {
	return []string{"coins", "gifts", "follows", "likes", "shares", "chats", "joins", "subscriptions", "questions", "viewers", "viewers_most"}
}

func counts(s store.Slot) []string {
	return []string{
		number(s.Coins), number(s.Gifts), number(s.Follows), number(s.Likes), number(s.Shares), number(s.Chats), number(s.Joins),
		number(s.Subs), number(s.Questions), number(s.Viewers), number(s.ViewersMost),
	}
}

func number(n int64) string { return strconv.FormatInt(n, 10) }

// milliseconds writes d with three digits after the decimal sign.
func (c CSV) milliseconds(d time.Duration) string {
	text := strconv.FormatFloat(float64(d)/float64(time.Millisecond), 'f', 3, 64)
	if c.Semicolon {
		text = strings.Replace(text, ".", ",", 1)
	}
	return text
}

// time writes t as all spreadsheets read it; zero is nothing.
func (c CSV) time(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	if c.Zone != nil {
		t = t.In(c.Zone)
	}
	return t.Format("2006-01-02 15:04:05")
}

// write writes what RFC 4180 asks for: lines end with CR and LF, and texts are quoted where they must be.
func (c CSV) write(w io.Writer, head []string, rows [][]string) error {
	if c.ForExcel {
		if _, err := io.WriteString(w, "\uFEFF"); err != nil {
			return fmt.Errorf("write the table: %w", err)
		}
	}
	out := csv.NewWriter(w)
	out.UseCRLF = true
	if c.Semicolon {
		out.Comma = ';'
	}
	for _, row := range append([][]string{head}, rows...) {
		safe := make([]string, len(row))
		for i, text := range row {
			safe[i] = harmless(text)
		}
		if err := out.Write(safe); err != nil {
			return fmt.Errorf("write the table: %w", err)
		}
	}
	out.Flush()
	if err := out.Error(); err != nil {
		return fmt.Errorf("write the table: %w", err)
	}
	return nil
}

// harmless returns text as no spreadsheet runs it: a viewer may be called =HYPERLINK(…). Behind an apostrophe everything is
// text. Spreadsheets skip blanks and what cannot be seen, and some take the wide forms of the signs for the signs. Numbers, which
// may have a minus, are not touched. Characters that would tear the row are taken out.
func harmless(text string) string {
	text = strings.Map(func(r rune) rune {
		if r == '\r' || r == '\n' || r == '\t' || r == utf8.RuneError || unicode.IsControl(r) {
			return ' '
		}
		return r
	}, text)
	if _, err := strconv.ParseInt(text, 10, 64); err == nil && !strings.HasPrefix(text, "+") {
		return text
	}
	first, _ := utf8.DecodeRuneInString(strings.TrimLeftFunc(text, func(r rune) bool {
		return unicode.IsSpace(r) || !unicode.IsPrint(r) || unicode.Is(unicode.Mn, r) || r == '"'
	}))
	if strings.ContainsRune("=+-@|%＝＋－＠−'", first) {
		return "'" + text
	}
	return text
}
