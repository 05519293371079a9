package store

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// filled returns the path of a closed store of some hundred kilobytes.
func filled(t *testing.T) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "data", "store.db")
	s := open(t, Options{Path: path})
	for i := range 40 {
		appendAll(t, s, record(i, 10))
	}
	closeNow(t, s)
	return path
}

func TestADamagedFileIsSetAside(t *testing.T) {
	for _, c := range []struct {
		name   string
		damage func(data []byte) []byte
	}{
		{"empty", func([]byte) []byte { return nil }},
		{"garbage", func([]byte) []byte { return bytes.Repeat([]byte("not a database "), 10_000) }},
		{"a text", func([]byte) []byte { return []byte("hello") }},
		{"cut in the middle of a page", func(d []byte) []byte { return d[:len(d)/2+100] }},
		{"cut between pages", func(d []byte) []byte { return d[:len(d)/2/4096*4096] }},
		{"cut to its first page", func(d []byte) []byte { return d[:4096] }},
		{"a page in the middle", func(d []byte) []byte {
			middle := len(d) / 2 / 4096 * 4096
			copy(d[middle:middle+4096], bytes.Repeat([]byte{0x5a}, 4096))
			return d
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			path := filled(t)
			data, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			data = c.damage(data)
			if err := os.WriteFile(path, data, 0o600); err != nil {
				t.Fatal(err)
			}
			s := open(t, Options{Path: path})
			if s.SetAside() == "" {
				t.Fatal("it was not set aside")
			}
			if kept, err := os.ReadFile(s.SetAside()); err != nil || !bytes.Equal(kept, data) {
				t.Errorf("the damaged file was not kept as it was: %v", err)
			}
			appendAll(t, s, record(1, 1))
			closeNow(t, s)
			s = open(t, Options{Path: path})
			if s.SetAside() != "" || len(unfinished(t, s)) != 1 {
				t.Errorf("the new file does not hold: %q, %d jobs", s.SetAside(), len(unfinished(t, s)))
			}
		})
	}
}

func TestStepsOfADamagedStoreAreSetAsideWithIt(t *testing.T) {
	path := filepath.Join(t.TempDir(), "store.db")
	p := start(t, "steps", path)
	p.wait("end")
	p.kill()
	if err := errors.Join(os.WriteFile(path, []byte("garbage"), 0o600), os.Remove(path+"-wal")); err != nil {
		t.Fatal(err)
	}
	s := open(t, Options{Path: path})
	appendAll(t, s, record(0, 1))
	closeNow(t, s)
	if s = open(t, Options{Path: path}); len(unfinished(t, s)) != 1 {
		t.Error("steps of the damaged store were done to the new one")
	}
}

func TestGarbageInTheStepsEndsThem(t *testing.T) {
	path := filepath.Join(t.TempDir(), "store.db")
	p := start(t, "steps", path)
	p.wait("end")
	p.kill()
	for _, n := range []string{"0", "1"} {
		name := path + stepsSuffix + n
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, append(data[:len(data)-len(data)/3], bytes.Repeat([]byte{0xff}, 500)...), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	s := open(t, Options{Path: path})
	page, _, err := s.History(t.Context(), HistoryQuery{Limit: 100})
	if err != nil || len(page)+len(unfinished(t, s)) != childJobs || s.SetAside() != "" {
		t.Errorf("%d jobs are finished (%v)", len(page), err)
	}
}

func TestDamageThatIsMetIsLookedForAtTheNextOpen(t *testing.T) {
	path := filled(t)
	s := open(t, Options{Path: path})
	text := s.failed("read", s.conn.QueryRowContext(t.Context(), `SELECT * FROM nowhere`).Scan())
	if errors.Is(text, ErrCorrupt) {
		t.Fatalf("a mistake is not damage: %v", text)
	}
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for page := 4096; page+4096 <= len(data); page += 4096 {
		copy(data[page:], bytes.Repeat([]byte{0x5a}, 200))
	}
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, _, err = s.Unfinished(t.Context(), 0, 10); !errors.Is(err, ErrCorrupt) {
		t.Fatalf("got %v, want ErrCorrupt", err)
	}
	if _, err := os.Stat(s.suspectFile()); err != nil {
		t.Error(err)
	}
	s.Close() //nolint:errcheck // it is damaged
	if s = open(t, Options{Path: path}); s.SetAside() == "" {
		t.Error("it was not set aside")
	}
	if _, err := os.Stat(s.suspectFile()); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the mark is still there: %v", err)
	}
}

func TestANewerVersionIsRefusedAndLeftAlone(t *testing.T) {
	path := filled(t)
	s := open(t, Options{Path: path})
	if _, err := s.conn.ExecContext(t.Context(), `PRAGMA user_version = 99`); err != nil {
		t.Fatal(err)
	}
	closeNow(t, s)
	_, err := Open(Options{Path: path})
	if !errors.Is(err, ErrNewer) || !strings.Contains(err.Error(), "99") {
		t.Fatalf("got %v, want ErrNewer", err)
	}
	if broken, _ := filepath.Glob(path + ".broken*"); len(broken) != 0 {
		t.Errorf("it was set aside: %q", broken)
	}
}

func TestAFolderThatCannotBeMade(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(Options{Path: filepath.Join(file, "store.db")}); err == nil {
		t.Error("no error")
	}
}
