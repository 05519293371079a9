package store

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/livecue/livecue/core/action"
)

// someFrames returns frames of one generation, of every sort.
func someFrames(t testing.TB, generation int64) [][]byte {
	t.Helper()
	records, _, err := encodeRecords([]Record{record(1, 2), {Jobs: []action.Job{{ID: "bare"}}}}, 5)
	if err != nil {
		t.Fatal(err)
	}
	all := [][]byte{slices.Clone(records.seal(generation))}
	step := newFrame(frameClaim)
	step.claim(jobID(1, 0))
	all = append(all, slices.Clone(step.seal(generation)))
	step.note(Outcome{JobID: jobID(1, 0), State: action.Rejected, Reply: "no", Error: "why", Runs: 3, Refused: 1, Unsure: 2, Latency: 7, At: time.Unix(5, 6)})
	all = append(all, slices.Clone(step.seal(generation)))
	return append(all, oldStep(t, generation, `{"job":"old","outcome":{"State":"done","Runs":1}}`))
}

// oldStep is a step as the first version wrote it.
func oldStep(t testing.TB, generation int64, text string) []byte {
	t.Helper()
	if !json.Valid([]byte(text)) {
		t.Fatal(text)
	}
	f := frame{append(make([]byte, frameHead), text...)}
	return f.seal(generation)
}

func TestAFrameComesBackAsItWas(t *testing.T) {
	b := newBatch(3)
	c := readLog(bytes.Join(someFrames(t, 3), nil))
	if c.replay(b); c.generation != 3 || len(c.bodies) != 4 || len(b.entries) != 2 || b.steps != 3 {
		t.Fatalf("%d frames, %d records, %d steps", len(c.bodies), len(b.entries), b.steps)
	}
	want := record(1, 2)
	e := b.entries[0]
	got, err := decodeEvent(e.kind, e.body)
	if err != nil || !reflect.DeepEqual(got, want.Event) || e.eventKey != (eventKey{"tiktok", "gift-1"}) || e.added != 5 {
		t.Errorf("got %+v, %v", got, err)
	}
	var job action.Job
	if err := json.Unmarshal(e.jobs[1].body, &job); err != nil || !reflect.DeepEqual(job, want.Jobs[1]) {
		t.Errorf("got %+v, %v", job, err)
	}
	o := Outcome{JobID: jobID(1, 0), State: action.Rejected, Reply: "no", Error: "why", Runs: 3, Refused: 1, Unsure: 2, Latency: 7, At: time.Unix(5, 6)}
	if p := b.jobs[o.JobID]; p.outcome != o || p.claimed || p.order != 2 {
		t.Errorf("got %+v", p)
	}
	if p := b.jobs["old"]; !p.isNoted || p.outcome.State != action.Done || p.outcome.Runs != 1 {
		t.Errorf("an old step: %+v", p)
	}
}

func TestATornLogKeepsWhatIsWhole(t *testing.T) {
	frames := someFrames(t, 3)
	whole := bytes.Join(frames, nil)
	for cut := range whole {
		want, end := 0, 0
		for _, f := range frames {
			if end += len(f); end <= cut {
				want++
			}
		}
		if got := len(readLog(whole[:cut]).bodies); got != want {
			t.Fatalf("cut at %d: %d frames, want %d", cut, got, want)
		}
	}
	older := bytes.Join(someFrames(t, 1), nil)
	if got := len(readLog(slices.Concat(frames[0], older)).bodies); got != 1 {
		t.Errorf("%d frames, want 1: what follows is an older generation's", got)
	}
}

// FuzzLog gives the reader of the log hostile and torn files: it must not panic, nor give anything whose checksum is wrong.
func FuzzLog(f *testing.F) {
	whole := bytes.Join(someFrames(f, 3), nil)
	f.Add(whole)
	f.Add(whole[:len(whole)-3])
	f.Add([]byte{})
	for i, body := range [][]byte{{frameRecords, 2, 0xff, 0xff, 0xff, 0xff, 0x7f}, {frameNote, 0xff}, {frameClaim}, []byte("{}"), {9}} {
		hostile := frame{append(make([]byte, frameHead), body...)}
		f.Add(slices.Clone(hostile.seal(int64(i))))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		c := readLog(data)
		end := 0
		for _, body := range c.bodies {
			again := frame{append(make([]byte, frameHead), body...)}
			if from := end; !bytes.Equal(again.seal(c.generation), data[from:from+frameHead+len(body)]) {
				t.Fatalf("a frame at %d is not what the file says", from)
			}
			end += frameHead + len(body)
		}
		b := newBatch(c.generation)
		c.replay(b)
		for _, e := range b.entries {
			_, _ = decodeEvent(e.kind, e.body)
		}
		// The same with a checksum that holds, so that the content is reached.
		if len(data) > 0 {
			sealed := frame{append(make([]byte, frameHead), data...)}
			again := readLog(sealed.seal(7))
			if len(again.bodies) != 1 || binary.LittleEndian.Uint64(sealed.bytes[8:]) != 7 {
				t.Fatalf("%d frames of one", len(again.bodies))
			}
			again.replay(newBatch(7))
		}
	})
}

// What a store of the first version has left is taken up: its tables, and steps that were not folded yet.
func TestAStoreOfTheFirstVersionIsTakenUp(t *testing.T) {
	path := filepath.Join(t.TempDir(), "store.db")
	s := &Store{opts: Options{Path: path}}
	if err := s.create(); err != nil {
		t.Fatal(err)
	}
	if err := s.connect(); err != nil {
		t.Fatal(err)
	}
	r := record(1, 3)
	body := func(v any) []byte {
		text, err := json.Marshal(v)
		if err != nil {
			t.Fatal(err)
		}
		return text
	}
	exec := func(text string, args ...any) {
		t.Helper()
		if _, err := s.conn.ExecContext(t.Context(), text, args...); err != nil {
			t.Fatal(err)
		}
	}
	exec(ladder()[0] + "PRAGMA user_version = 1")
	exec(`INSERT INTO meta VALUES ('generation', 4)`)
	exec(`INSERT INTO events VALUES (1, 'tiktok', 'gift-1', 'gift', 1, 1, ?)`, body(r.Event))
	for i := range r.Jobs {
		exec(`INSERT INTO jobs (id, event, added, body) VALUES (?, 1, 1, ?)`, jobID(1, i), body(r.Jobs[i]))
	}
	exec(`UPDATE jobs SET state = 'failed', done = 1 WHERE id = ?`, jobID(1, 2))
	if err := s.release(); err != nil {
		t.Fatal(err)
	}
	left := slices.Concat(oldStep(t, 4, `{"job":"job-1-0"}`), oldStep(t, 4, `{"job":"job-1-1","outcome":{"State":"done","Runs":2}}`))
	if err := os.WriteFile(path+stepsSuffix+"0", left, 0o600); err != nil {
		t.Fatal(err)
	}

	s = open(t, Options{Path: path})
	if got := unfinished(t, s); len(got) != 1 || !got[0].Claimed || got[0].Job.ID != jobID(1, 0) {
		t.Errorf("unfinished: %+v", got)
	}
	page, _, err := s.History(t.Context(), HistoryQuery{Limit: 5})
	if err != nil || len(page) != 2 || page[0].Job.ID != jobID(1, 1) || page[1].Job.ID != jobID(1, 2) {
		t.Errorf("history: %+v, %v", page, err)
	}
	if known, err := s.Known(t.Context(), "tiktok", "gift-1"); err != nil || !known || s.SetAside() != "" {
		t.Errorf("known: %v, %v", known, err)
	}
}

func TestTheLogIsBounded(t *testing.T) {
	path := filepath.Join(t.TempDir(), "log")
	l := newLog()
	if _, err := l.load(path, 0); err != nil {
		t.Fatal(err)
	}
	defer l.close() //nolint:errcheck // nothing is kept
	l.begin(1)
	fill := func(text string) {
		t.Helper()
		for i := 0; ; i++ {
			f, entries, err := encodeRecords([]Record{{Jobs: []action.Job{{ID: fmt.Sprint(i), EventID: text}}}}, 0)
			if err != nil {
				t.Fatal(err)
			}
			if _, err = l.append(&f, entries); errors.Is(err, errLogFull) {
				return
			} else if err != nil || l.open.size() > maxUnfolded || l.offset > maxUnfoldedBytes {
				t.Fatalf("%d records in %d bytes wait (%v)", l.open.size(), l.offset, err)
			}
		}
	}
	fill("")
	if l.open.size() != maxUnfolded {
		t.Errorf("%d records fill the log, want %d", l.open.size(), maxUnfolded)
	}
	for range 2 {
		l.seal()
		l.folded()
		fill(strings.Repeat("x", 100_000))
		if l.offset < maxUnfoldedBytes-200_000 {
			t.Errorf("%d bytes fill the log, want %d", l.offset, maxUnfoldedBytes)
		}
	}
	var err error
	for long := (Outcome{JobID: "0", State: action.Running, Reply: strings.Repeat("x", maxReply)}); err == nil; {
		_, err = l.note(long) // nobody folds
	}
	if !errors.Is(err, errLogFull) || l.offset > maxLog {
		t.Errorf("%d bytes of steps: %v", l.offset, err)
	}
	for range 2 {
		l.seal()
		l.folded()
		if _, err := l.claim("0"); err != nil {
			t.Fatal(err)
		}
	}
	for i := range 2 {
		info, err := os.Stat(fmt.Sprint(path, stepsSuffix, i))
		if err != nil || info.Size() > keepBytes {
			t.Errorf("file %d has %d bytes (%v)", i, info.Size(), err)
		}
	}
}

func TestMoreThanTheLogTakesIsKept(t *testing.T) {
	path := filepath.Join(t.TempDir(), "store.db")
	s := open(t, Options{Path: path})
	large := record(1, 1)
	large.Jobs[0].Fields.Comment = string(bytes.Repeat([]byte("x"), maxFrame))
	appendAll(t, s, record(2, 1))
	claim(t, s, jobID(2, 0), 0)
	appendAll(t, s, large, record(2, 1), record(3, 1))
	finish(t, s, jobID(1, 0))
	closeNow(t, s)
	s = open(t, Options{Path: path})
	if got, want := ids(unfinished(t, s)), []string{jobID(2, 0), jobID(3, 0)}; !slices.Equal(got, want) {
		t.Errorf("jobs %q, want %q", got, want)
	}
}
