package shelf

import (
	"bytes"
	"errors"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"

	"github.com/livecue/livecue/core/queue"
)

func TestTheOrderOfAPile(t *testing.T) {
	s := open(t, Options{})
	keys := []queue.Key{ // as they are to come out
		{math.MinInt64, math.MaxInt64, 0},
		{-2, 0, 0},
		{-1, math.MaxInt64, math.MaxInt64},
		{0, math.MinInt64, math.MinInt64},
		{0, -1, 5},
		{0, 0, math.MinInt64},
		{0, 0, -1},
		{0, 0, 0},
		{0, 0, 0},
		{0, 0, math.MaxInt64},
		{1, math.MinInt64, 0},
		{math.MaxInt64, 0, 0},
	}
	jobs := make([]queue.Shelved, len(keys))
	var order []int64
	for i, k := range keys {
		jobs[i] = queue.Shelved{Ticket: int64(i) + 1, Lane: "sound", Pile: queue.Later, Key: k}
		order = append(order, jobs[i].Ticket)
	}
	for i := range jobs { // from the back and the front in turn
		j := jobs[i/2]
		if i%2 == 0 {
			j = jobs[len(jobs)-1-i/2]
		}
		add(t, s, j)
	}
	got, err := s.Peek("sound", queue.Later, 4)
	want(t, got, err, order[:4]...)
	got, err = s.Take("sound", queue.Later, 3)
	want(t, got, err, order[:3]...)
	got, err = s.Take("sound", queue.Later, math.MaxInt)
	want(t, got, err, order[3:]...)
	got, err = s.Take("sound", queue.Later, 1)
	want(t, got, err)
}

func TestLanesAndPilesAreApart(t *testing.T) {
	s := open(t, Options{})
	lanes := []string{"sound", "rcon:a", "rcon:A", "", "rcon:\x00'\"\xff🦀", strings.Repeat("long", 5000)}
	var ticket int64
	for range 2 {
		for _, lane := range lanes {
			for _, pile := range []queue.Pile{queue.Ready, queue.Later} {
				ticket++
				add(t, s, queue.Shelved{Ticket: ticket, Lane: lane, Pile: pile, Key: queue.Key{-ticket}})
			}
		}
	}
	half := int64(len(lanes)) * 2
	for i, lane := range lanes {
		for _, pile := range []queue.Pile{queue.Ready, queue.Later} {
			first := int64(i)*2 + int64(pile) + 1
			got, err := s.Take(lane, pile, 9)
			want(t, got, err, first+half, first)
			if len(got) > 0 && (got[0].Lane != lane || got[0].Pile != pile) {
				t.Errorf("lane %q, pile %d, want %q, %d", got[0].Lane, got[0].Pile, lane, pile)
			}
		}
	}
	got, err := s.Take("nobody's", queue.Ready, 9)
	want(t, got, err)
}

func TestATicketIsThereOnce(t *testing.T) {
	s := open(t, Options{})
	add(t, s, job(1, 1), job(2, 2), job(3, 3))
	moved := queue.Shelved{Ticket: 2, Lane: "sound", Pile: queue.Later, Key: queue.Key{9}, Expires: 50, Body: []byte("new")}
	add(t, s, job(2, 0), moved)
	got, err := s.Take("rcon:a", queue.Ready, 9)
	want(t, got, err, 1, 3)
	got, next, err := s.TakeExpired("sound", 50, 9)
	if want(t, got, err); next != 50 {
		t.Errorf("next %d, want 50", next)
	}
	one, ok, err := s.Remove(2)
	if err != nil || !ok || !same(one, moved) {
		t.Errorf("got %+v, %v, %v", one, ok, err)
	}
	if _, ok, err := s.Remove(2); ok || err != nil {
		t.Errorf("removed twice: %v, %v", ok, err)
	}
}

func TestTakeExpired(t *testing.T) {
	s := open(t, Options{})
	for i, expires := range []int64{0, 30, 10, 20, 20, math.MaxInt64, -5, 40} {
		j := job(int64(i)+1, int64(-i))
		j.Pile, j.Expires = queue.Pile(i%2), expires
		add(t, s, j)
	}
	add(t, s, queue.Shelved{Ticket: 100, Lane: "sound", Expires: 1}, queue.Shelved{Ticket: 101, Lane: "other"})
	for _, c := range []struct {
		lane    string
		before  int64
		n       int
		tickets []int64
		next    int64
	}{
		{"rcon:a", 20, 0, nil, -5},
		{"rcon:a", math.MinInt64, 9, nil, -5},
		{"rcon:a", 20, 9, []int64{7, 3}, 20}, // before, not at
		{"rcon:a", 31, 2, []int64{4, 5}, 30},
		{"rcon:a", 31, 1, []int64{2}, 40},
		{"rcon:a", math.MaxInt64, 9, []int64{8}, math.MaxInt64},
		{"rcon:a", math.MaxInt64, 9, nil, math.MaxInt64},
		{"sound", 2, 9, []int64{100}, 0},
		{"other", math.MaxInt64, 9, nil, 0},
		{"nobody's", math.MaxInt64, 9, nil, 0},
	} {
		got, next, err := s.TakeExpired(c.lane, c.before, c.n)
		want(t, got, err, c.tickets...)
		if next != c.next {
			t.Errorf("%s before %d: next %d, want %d", c.lane, c.before, next, c.next)
		}
	}
	got, err := s.TakeUntil("rcon:a", math.MaxInt64, 9)
	want(t, got, err, 1, 6)
}

func TestTakeUntil(t *testing.T) {
	s := open(t, Options{})
	for i := range int64(8) {
		j := job(i+1, -i)
		j.Pile = queue.Pile(i % 2)
		if i == 2 {
			j.Lane = "sound"
		}
		add(t, s, j)
	}
	got, err := s.TakeUntil("rcon:a", 6, 3)
	want(t, got, err, 1, 2, 4)
	got, err = s.TakeUntil("rcon:a", 6, 3)
	want(t, got, err, 5, 6)
	got, err = s.TakeUntil("rcon:a", 6, 3)
	want(t, got, err)
	got, err = s.Take("rcon:a", queue.Ready, 9)
	want(t, got, err, 7)
}

func TestHostileBodies(t *testing.T) {
	s := open(t, Options{})
	every := make([]byte, 256)
	for i := range every {
		every[i] = byte(i)
	}
	bodies := [][]byte{
		nil,
		{},
		{0},
		every, []byte("'); DROP TABLE jobs; --"), []byte("\xff\xfe\xed\xa0\x80"),
		bytes.Repeat([]byte("\x00🦀"), 1<<18),
	}
	for i, body := range bodies {
		j := job(int64(i)+1, 0)
		j.Body = body
		add(t, s, j)
	}
	got, err := s.Peek("rcon:a", queue.Ready, len(bodies))
	if err != nil || len(got) != len(bodies) {
		t.Fatalf("%d jobs, %v", len(got), err)
	}
	for i, body := range bodies {
		if !bytes.Equal(got[i].Body, body) {
			t.Errorf("body %d came back as %d bytes, want %d", i, len(got[i].Body), len(body))
		}
		one, ok, err := s.Remove(int64(i) + 1)
		if err != nil || !ok || !same(one, got[i]) {
			t.Errorf("remove %d: %v, %v", i, ok, err)
		}
	}
}

func TestAFullDiskChangesNothing(t *testing.T) {
	s := open(t, Options{MaxBytes: 256 << 10})
	const size = 60
	added := 0
	var err error
	for err == nil && added < 100*size {
		if err = s.Add(bulk(int64(added)+1, size)); err == nil {
			added += size
		}
	}
	var e *sqlite.Error
	if !errors.As(err, &e) || e.Code()&0xff != sqlite3.SQLITE_FULL {
		t.Fatalf("after %d jobs: got %v, want a full disk", added, err)
	}
	replacement := append(bulk(1, size), bulk(int64(added)+1, 2*size)...)
	replacement[0].Body = []byte("new")
	if err := s.Add(replacement); err == nil {
		t.Fatal("more was taken than there is room for")
	}
	if n := sizeOf(t, s); n > 256<<10 {
		t.Errorf("the file has %d bytes", n)
	}
	got, err := s.TakeUntil("rcon:a", math.MaxInt64, size)
	if err != nil || len(got) != size || len(got[0].Body) != 600 {
		t.Fatalf("%d jobs, %v", len(got), err)
	}
	add(t, s, bulk(int64(added)+1, size/2)...)
	got, err = s.Take("rcon:a", queue.Ready, math.MaxInt)
	if err != nil || len(got) != added-size/2 {
		t.Errorf("%d jobs, want %d (%v)", len(got), added-size/2, err)
	}
}

func TestAFileThatCannotBeWrittenChangesNothing(t *testing.T) {
	s := open(t, Options{})
	add(t, s, job(1, 1), job(2, 2))
	readOnly := func(text string) {
		if _, err := s.conn.ExecContext(t.Context(), "PRAGMA query_only="+text); err != nil {
			t.Fatal(err)
		}
	}
	readOnly("1")
	if err := s.Add([]queue.Shelved{job(3, 0)}); err == nil {
		t.Error("added")
	}
	if got, err := s.Take("rcon:a", queue.Ready, 1); err == nil || got != nil {
		t.Errorf("taken: %v", got)
	}
	if _, ok, err := s.Remove(1); err == nil || ok {
		t.Error("removed")
	}
	if _, _, err := s.TakeExpired("rcon:a", 9, 1); err == nil {
		t.Error("taken")
	}
	readOnly("0")
	got, err := s.Take("rcon:a", queue.Ready, 9)
	want(t, got, err, 1, 2)
}

func TestADamagedFileIsAnError(t *testing.T) {
	s := open(t, Options{})
	const size = 400 // of 20 kB, more than the cache
	jobs := bulk(1, size)
	for i := range jobs {
		jobs[i].Body = make([]byte, 20_000)
	}
	add(t, s, jobs...)
	f, err := os.OpenFile(s.path(), os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	_, err = f.WriteAt(bytes.Repeat([]byte{0xff}, int(sizeOf(t, s))), 0)
	if err := errors.Join(err, f.Close()); err != nil {
		t.Fatal(err)
	}
	for taken := 0; ; taken += 100 {
		if taken >= size {
			t.Fatal("all was taken")
		}
		if got, err := s.Take("rcon:a", queue.Ready, 100); err != nil {
			if got != nil {
				t.Error("jobs and an error")
			}
			break
		}
	}
	if err := s.Close(); err != nil {
		t.Error(err)
	}
	if sizeOf(t, s) != 0 {
		t.Error("the file is still there")
	}
}

func TestClosed(t *testing.T) {
	s := open(t, Options{})
	add(t, s, job(1, 1))
	for range 2 {
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
	}
	_, err := s.Take("rcon:a", queue.Ready, 1)
	_, peek := s.Peek("rcon:a", queue.Ready, 1)
	_, _, remove := s.Remove(1)
	_, _, expired := s.TakeExpired("rcon:a", 1, 1)
	_, until := s.TakeUntil("rcon:a", 1, 1)
	for i, err := range []error{s.Add(nil), s.Add([]queue.Shelved{job(2, 2)}), err, peek, remove, expired, until} {
		if !errors.Is(err, ErrClosed) {
			t.Errorf("method %d: %v", i, err)
		}
	}
	if _, err := os.Stat(filepath.Join(s.dir, fileName)); !os.IsNotExist(err) {
		t.Errorf("the file: %v", err)
	}
}
