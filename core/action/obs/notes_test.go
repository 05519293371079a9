package obs

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/livecue/livecue/core/action"
	"github.com/livecue/livecue/core/action/obs/obstest"
)

var pauseForAnHour = action.OBS{Do: action.OBSScene, Scene: "Pause", For: action.Duration(time.Hour)}

func notesPath(t testing.TB) string {
	t.Helper()
	return filepath.Join(t.TempDir(), "obs.json")
}

func openNotes(path string) *Notes { return OpenNotes(path, slog.New(slog.DiscardHandler)) }

// abandon ends a client as a kill does: nothing is switched back.
func abandon(c *Client) {
	c.end()
	c.group.Wait()
	<-c.turn
	defer c.release()
	c.drop()
	clear(c.backs)
}

// overdue opens the notes at path as they are when the time of all of them has come.
func overdue(path string) *Notes {
	n := openNotes(path)
	for i := range n.all {
		n.all[i].Due = time.Now().Add(-time.Minute)
	}
	return n
}

func resume(t testing.TB, c *Client) {
	t.Helper()
	if err := c.Resume(t.Context()); err != nil {
		t.Fatal(err)
	}
}

func wantNothingNoted(t testing.TB, path string) {
	t.Helper()
	eventually(t, "nothing is noted", func() bool {
		_, err := os.Stat(path)
		return os.IsNotExist(err)
	})
}

// A process that is killed when OBS has obeyed, and before it hears of that, has noted what to switch back.
func TestSwitchedBackAfterAKill(t *testing.T) {
	t.Parallel()
	path := notesPath(t)
	told, isKilled := make(chan struct{}), make(chan struct{})
	var isOver atomic.Bool
	s := obstest.Start(t, obstest.Options{Password: password, React: func(kind string) obstest.Reaction {
		if kind != setScene || !isOver.CompareAndSwap(false, true) {
			return obstest.Answer
		}
		close(told)
		<-isKilled
		return obstest.Obey
	}})
	victim := exec.Command(os.Args[0])
	victim.Env = append(os.Environ(), victimAddress+"="+s.Addr, victimNotes+"="+path)
	if err := victim.Start(); err != nil {
		t.Fatal(err)
	}
	<-told
	_ = victim.Process.Kill()
	_ = victim.Wait() // it was killed, and says so
	close(isKilled)
	eventually(t, "OBS has obeyed", func() bool { return s.Live() == "Pause" })

	c := client(t, s.Addr, Options{Notes: openNotes(path)})
	resume(t, c)
	if pending(t, c) != 1 || s.Live() != "Pause" {
		t.Error("switched back before its time")
	}
	abandon(c)
	resume(t, client(t, s.Addr, Options{Notes: overdue(path)}))
	eventually(t, "switched back", func() bool { return s.Live() == "Main" })
	wantNothingNoted(t, path)
}

// What someone has changed since then stays, and an OBS at another address is another OBS.
func TestNotSwitchedBackAfterAKill(t *testing.T) {
	t.Parallel()
	path := notesPath(t)
	first, second := obstest.Start(t, obstest.Options{}), obstest.Start(t, obstest.Options{})
	c := client(t, first.Addr, Options{Notes: openNotes(path)})
	do(t, c, pauseForAnHour)
	abandon(c)
	other := client(t, second.Addr, Options{Notes: overdue(path)})
	if owes, err := other.Owes(t.Context()); owes || err != nil {
		t.Errorf("another OBS: got %v, %v", owes, err)
	}
	do(t, client(t, first.Addr, Options{}), action.OBS{Do: action.OBSScene, Scene: "Main"}) // by hand
	again := client(t, first.Addr, Options{Notes: overdue(path)})
	resume(t, again)
	eventually(t, "it is settled", func() bool { return pending(t, again) == 0 })
	wantNothingNoted(t, path)
	if first.Count(setScene) != 2 {
		t.Error("what was changed by hand was switched")
	}
}

// A later job that OBS never answered may have been done or not. Either way OBS goes back to how it was before the first.
func TestUnsureAfterAKill(t *testing.T) {
	t.Parallel()
	path := notesPath(t)
	var isDeaf atomic.Bool
	s := obstest.Start(t, obstest.Options{React: func(kind string) obstest.Reaction {
		if kind == setScene && isDeaf.Load() {
			return obstest.Ignore
		}
		return obstest.Answer
	}})
	c := client(t, s.Addr, Options{Notes: openNotes(path)})
	do(t, c, pauseForAnHour)
	isDeaf.Store(true)
	c.timeout = time.Second
	later := pauseForAnHour
	later.Scene = "Interlude"
	if got, err := c.Do(t.Context(), job(later)); err != nil || got.State != action.Unknown {
		t.Fatalf("got %+v, %v", got, err)
	}
	abandon(c)
	isDeaf.Store(false)
	resume(t, client(t, s.Addr, Options{Notes: overdue(path)}))
	eventually(t, "switched back", func() bool { return s.Live() == "Main" })
}

// A job that comes before all is switched back waits for that, which decides what is live when it looks.
func TestJobAfterAKill(t *testing.T) {
	t.Parallel()
	path := notesPath(t)
	s := obstest.Start(t, obstest.Options{Password: password})
	c := client(t, s.Addr, Options{Notes: openNotes(path)})
	do(t, c, pauseForAnHour)
	nowhere := pauseForAnHour
	nowhere.Scene = "Nowhere"
	refuse := func(c *Client) {
		t.Helper()
		if got, err := c.Do(t.Context(), job(nowhere)); err != nil || got.State != action.Rejected {
			t.Fatalf("got %+v, %v", got, err)
		}
	}
	refuse(c)
	abandon(c)
	again := client(t, s.Addr, Options{Notes: overdue(path)})
	refuse(again) // it was not resumed: its password was not known
	if s.Live() != "Main" {
		t.Errorf("%s is live", s.Live())
	}
	wantNothingNoted(t, path)
}

// What could not be switched back for want of the password, or of OBS, stays noted.
func TestSwitchedBackWithThePassword(t *testing.T) {
	t.Parallel()
	path := notesPath(t)
	s := obstest.Start(t, obstest.Options{Password: password})
	c := client(t, s.Addr, Options{Notes: openNotes(path)})
	do(t, c, pauseForAnHour)
	c.SetPassword("open barley")
	if err := c.Close(); !action.IsBlocked(err) {
		t.Errorf("closed with %v", err)
	}
	if err := c.Close(); err != nil {
		t.Error(err)
	}
	again := client(t, s.Addr, Options{Password: "open barley", Notes: overdue(path)})
	resume(t, again)
	eventually(t, "it was tried", func() bool { return pause(t, again) == blockedRetry })
	again.SetPassword(password)
	resume(t, again)
	eventually(t, "switched back", func() bool { return s.Live() == "Main" })
	wantNothingNoted(t, path)
}

// pause returns for how long nothing is tried.
func pause(t *testing.T, c *Client) time.Duration {
	t.Helper()
	if err := c.acquire(t.Context()); err != nil {
		t.Fatal(err)
	}
	defer c.release()
	return c.pause
}

func TestDamagedNotes(t *testing.T) {
	t.Parallel()
	one := func(note string) string { return `{"version":1,"notes":[` + note + `]}` }
	good := `{"address":"a:1","do":"scene","from":"Main","left":["Pause"],"due":"2100-01-01T00:00:00Z"}`
	for name, text := range map[string]string{
		"empty": "", "no JSON": "{", "another version": `{"version":2}`, "of another shape": one("7"),
		"an unknown verb":  one(`{"address":"a:1","do":"media","from":"","left":[""]}`),
		"no scene":         one(`{"address":"a:1","do":"scene","from":"","left":["Pause"]}`),
		"no address":       one(`{"do":"scene","from":"Main","left":["Pause"]}`),
		"left nowhere":     one(`{"address":"a:1","do":"scene","from":"Main"}`),
		"no such position": one(`{"address":"a:1","do":"source","scene":"Main","source":"Logo","from":"half","left":["on"]}`),
		"no filter":        one(`{"address":"a:1","do":"filter","source":"Logo","from":"off","left":["on"]}`),
		"no source":        one(`{"address":"a:1","do":"text","from":"off","left":["on"]}`),
		"a long text":      one(strings.Replace(good, "Main", strings.Repeat("x", maxNoted+1), 1)),
		"too many":         one(strings.Repeat(good+",", maxNotes) + good),
		"too large":        one(good) + strings.Repeat(" ", maxNotesFile),
	} {
		t.Run(name, func(t *testing.T) {
			path := notesPath(t)
			if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
			var log bytes.Buffer
			n := OpenNotes(path, slog.New(slog.NewTextHandler(&log, nil)))
			if kept, err := os.ReadFile(path + ".damaged"); err != nil || string(kept) != text || len(n.all) != 0 {
				t.Errorf("%d notes; set aside: %v", len(n.all), err)
			}
			if strings.Count(log.String(), "\n") != 1 {
				t.Errorf("logged %q", log.String())
			}
		})
	}
	path := notesPath(t)
	if err := os.Mkdir(path, 0o700); err != nil {
		t.Fatal(err)
	}
	openNotes(path).keep("a:1", []note{{Address: "a:1", Do: action.OBSScene, From: "Main", Left: []string{"Pause"}, Due: time.Now()}})
	if got := openNotes(path).of("a:1"); len(got) != 1 || got[0].From != "Main" {
		t.Errorf("in place of a folder: %+v", got)
	}
}

// However much there is, the file can be read again, and the newest address and the earliest times are in it.
func TestNotesAreBounded(t *testing.T) {
	t.Parallel()
	path, now := notesPath(t), time.Now()
	n := openNotes(path)
	many := func(address, from string, count int) {
		var all []note
		for i := range count {
			all = append(all, note{
				Address: address, Do: action.OBSText, Source: fmt.Sprintf("Words %d", i), From: from, Left: []string{""},
				Due: now.Add(time.Duration(count-i) * time.Second),
			})
		}
		n.keep(address, all)
	}
	many("a:1", "", maxNotes)
	many("b:1", strings.Repeat("\x01", maxNoted), 20) // six bytes each in JSON
	many("c:1", strings.Repeat("x", maxNoted+1), 5)
	again := openNotes(path)
	if b := again.of("b:1"); len(b) == 0 || b[0].Source != "Words 19" {
		t.Errorf("%d notes of the newest", len(b))
	}
	if len(again.of("c:1")) != 0 || len(again.of("a:1")) == 0 {
		t.Error("others than those that are too long were left out")
	}
	old := note{Address: "a:1", Do: action.OBSScene, From: "Main", Left: []string{"Pause"}, Due: now.Add(-maxLate - time.Hour)}
	raw, err := json.Marshal(old)
	if err != nil {
		t.Fatal(err)
	}
	got, err := decodeNotes([]byte(`{"version":1,"notes":[`+string(raw)+`]}`), now)
	if err != nil || len(got) != 0 {
		t.Errorf("of long ago: %+v, %v", got, err)
	}
}
