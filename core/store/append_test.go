package store

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"

	"github.com/livecue/livecue/core/action"
)

func TestAnEventIsKeptOnce(t *testing.T) {
	path := filepath.Join(t.TempDir(), "store.db")
	s := open(t, Options{Path: path})
	appendAll(t, s, record(1, 1), record(2, 1))
	closeNow(t, s)

	s = open(t, Options{Path: path})
	again := record(1, 1)
	again.Jobs[0].ID = "again"
	bare := Record{Jobs: []action.Job{{ID: "bare", Runs: 1}}}
	appendAll(t, s, again, record(3, 1), bare)
	appendAll(t, s, record(3, 1))
	if got, want := ids(unfinished(t, s)), []string{"job-1-0", "job-2-0", "job-3-0", "bare"}; !slices.Equal(got, want) {
		t.Errorf("jobs %q, want %q", got, want)
	}
	if past, err := s.Past(t.Context(), "tiktok", time.Time{}, 10); err != nil || len(past) != 3 {
		t.Errorf("%d events, want 3 (%v)", len(past), err)
	}
	for id, want := range map[string]bool{"gift-1": true, "gift-9": false, "": false} {
		if got, err := s.Known(t.Context(), "tiktok", id); err != nil || got != want {
			t.Errorf("known %q: %v, %v", id, got, err)
		}
	}
}

func TestAJobComesBackAsItWas(t *testing.T) {
	s := open(t, Options{})
	r := record(1, 1)
	j := &r.Jobs[0]
	j.Due, j.Expires, j.Test = j.Created.Add(time.Second), j.Created.Add(time.Hour), true
	j.Spec.Delay, j.Spec.Repeat, j.Fields.Comment = action.Duration(90*time.Minute), 3, "a \"quote\"\x00 and 🦀 <b>"
	appendAll(t, s, r)
	if got := unfinished(t, s)[0]; !reflect.DeepEqual(got, Pending{Job: *j}) {
		t.Errorf("got %+v, want %+v", got.Job, *j)
	}
}

func TestAllRecordsOrNone(t *testing.T) {
	s := open(t, Options{})
	appendAll(t, s, record(1, 1))
	nameless := record(4, 1)
	nameless.Jobs[0].ID = ""
	if err := s.Append(t.Context(), []Record{record(2, 1), nameless}); err == nil {
		t.Error("a job without an id was taken")
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := s.Append(ctx, []Record{record(2, 1)}); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v, want context.Canceled", err)
	}
	if got, want := ids(unfinished(t, s)), []string{"job-1-0"}; !slices.Equal(got, want) {
		t.Errorf("jobs %q, want %q", got, want)
	}
	appendAll(t, s)
	appendAll(t, s, record(2, 1))
}

func pragma(t *testing.T, s *Store, text string) {
	t.Helper()
	s.write.Lock()
	defer s.write.Unlock()
	var got any
	if err := s.conn.QueryRowContext(t.Context(), "PRAGMA "+text).Scan(&got); err != nil && strings.Contains(text, "count") {
		t.Fatal(err)
	}
}

func TestAFullDiskAndAReadOnlyOneAreSurvived(t *testing.T) {
	for _, c := range []struct {
		name, broken, mended string
		code                 int
	}{
		{"full", "max_page_count=1", "max_page_count=1000000", sqlite3.SQLITE_FULL},
		{"read-only", "query_only=1", "query_only=0", sqlite3.SQLITE_READONLY},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := open(t, Options{})
			appendAll(t, s, record(1, 1))
			unfinished(t, s)
			pragma(t, s, c.broken)
			appendAll(t, s, record(2, 30)) // into the log, where there is room
			if _, err := s.Past(t.Context(), "tiktok", time.Time{}, 1); sqliteCode(err) != c.code {
				t.Fatalf("got %v, want code %d", err, c.code)
			}
			if err := s.Append(t.Context(), []Record{record(3, 1)}); sqliteCode(err) != c.code {
				t.Fatalf("got %v, want code %d", err, c.code)
			}
			finish(t, s, jobID(2, 5))
			pragma(t, s, c.mended)
			appendAll(t, s, record(1000, 1))
			if got := len(unfinished(t, s)); got != 1+29+1 {
				t.Errorf("%d jobs, want those of three records but the one that is done", got)
			}
		})
	}
}

func sqliteCode(err error) int {
	var e *sqlite.Error
	if !errors.As(err, &e) {
		return 0
	}
	return e.Code() & 0xff
}

func TestStepsWaitWhileTheDatabaseCannotBeWritten(t *testing.T) {
	path := filepath.Join(t.TempDir(), "store.db")
	s := open(t, Options{Path: path})
	appendAll(t, s, record(1, 3))
	pragma(t, s, "query_only=1")
	if err := s.Claim(jobID(1, 0), 0); err != nil {
		t.Fatal(err)
	}
	for i := range 2 {
		if err := s.Note(Outcome{JobID: jobID(1, i), State: action.Done, Runs: 1}); err != nil {
			t.Fatal(err)
		}
		if _, _, err := s.Unfinished(t.Context(), 0, 1); err == nil {
			t.Fatal("stale jobs were returned without an error")
		}
	}
	pragma(t, s, "query_only=0")
	if got, want := ids(unfinished(t, s)), []string{jobID(1, 2)}; !slices.Equal(got, want) {
		t.Errorf("jobs %q, want %q", got, want)
	}
}

func TestClosed(t *testing.T) {
	s := open(t, Options{})
	closeNow(t, s)
	closeNow(t, s)
	if err := s.Append(t.Context(), []Record{record(1, 1)}); !errors.Is(err, ErrClosed) {
		t.Errorf("Append: %v", err)
	}
	if err := s.Claim("x", 0); !errors.Is(err, os.ErrClosed) {
		t.Errorf("Claim: %v", err)
	}
	if _, _, err := s.Unfinished(t.Context(), 0, 1); err == nil {
		t.Error("Unfinished: no error")
	}
	if err := s.Prune(t.Context()); err == nil {
		t.Error("Prune: no error")
	}
}
