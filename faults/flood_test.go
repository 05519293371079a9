package faults

import (
	"database/sql"
	"fmt"
	"os"
	"regexp"
	"strconv"
	"testing"
	"time"

	_ "modernc.org/sqlite" // the store's driver, to count its rows

	"github.com/livecue/livecue/core/event"
)

// A flood is many viewers at once: of 1,000 messages a second 400 are likes, 250 joins, 200 chats, and 150 gifts, most of them
// in streaks. Faster floods are the same, played faster; streaks take about a second in each.
const floodScript = `
seed 11
length %[1]dms
crowd 500
every 5ms random viewer likes 1..15
every 5ms random viewer likes 1..15
every 4ms random viewer joins
every 5ms random viewer says "gg" or "what a stream, greetings from far away" or "!zombie" or "🔥🔥🔥"
every 100ms random viewer streaks Rose or "Finger Heart" or TikTok to 8..12 over %[2]dms..%[3]dms
every 50ms random viewer gifts GG or "Heart Me" or Perfume
`

// floodBase is how many messages a second the script has at speed 1.
const floodBase = 1000

// mayHold is for how much of a measured flood, in percent, the viewers may be held up, which they are while 10,000 messages
// wait for an ack: a busy machine may need a second or so to begin.
const mayHold = 2

// slowCommand is how long a busy game server takes for a command, so that what waits for it grows.
const slowCommand = 20 * time.Millisecond

// floodSize is how many messages a second there are and for how long: a moment's worth in a usual run, LIVECUE_FLOOD_RATE and
// LIVECUE_FLOOD in a long one, which has to keep up besides.
func floodSize(t *testing.T) (rate int, length time.Duration, isMeasured bool) {
	t.Helper()
	text := os.Getenv("LIVECUE_FLOOD")
	if text == "" {
		return 2000, 3 * time.Second, false
	}
	length, err := time.ParseDuration(text)
	if err != nil {
		t.Fatal(err)
	}
	if rate, err = strconv.Atoi(os.Getenv("LIVECUE_FLOOD_RATE")); err != nil {
		t.Fatal(err)
	}
	return rate, length, true
}

// TestFlood lets a flood come over a real socket into the real program with its journal: no message may be lost, and every
// gift is acted upon once, with a game server that keeps up and with one that does not, and with a feed that nobody reads.
func TestFlood(t *testing.T) {
	for _, c := range []struct {
		name string
		game time.Duration // how long it takes for a command
		// isFeedHeld says that nobody reads the feed.
		isFeedHeld bool
	}{
		{"quick game", 0, false},
		{"slow game, nobody reads the feed", slowCommand, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			rate, length, isMeasured := floodSize(t)
			f := newFlood(t, rate, length)
			f.game.SetDelay(c.game)
			release := func() {}
			if c.isFeedHeld {
				release = f.feed.hold()
			}
			p := f.start(t)
			t.Cleanup(release) // or the program could not end
			began := time.Now()
			f.watch(t, p, began)
			took := time.Since(began)
			waiting := f.waiting()
			release()
			f.game.SetDelay(0)
			f.eventually(t, "the game has run all", func() bool { return f.waiting() <= 0 })
			drained := time.Since(began) - took
			f.endWhenDone(t, p)
			f.endGame()
			f.judge(t)
			if held := f.live.ledger.Sent.HeldUp; isMeasured && held > length*mayHold/100 {
				t.Errorf("it did not keep up: the viewers were held up for %v", held)
			}
			t.Logf("%d messages in %v; %d commands waited at the end, for %v", f.live.ledger.Delivered, took.Round(time.Millisecond), waiting,
				drained.Round(time.Millisecond))
		})
	}
}

// flood is a stage whose rehearsal is another process.
type flood struct {
	*stage
	live *live
	feed *feed
}

func newFlood(t *testing.T, rate int, length time.Duration) *flood {
	t.Helper()
	speed := float64(rate) / floodBase
	ms := func(d time.Duration) int64 { return int64(float64(d.Milliseconds()) * speed) }
	f := &flood{stage: emptyStage(t, unhurried), feed: &feed{}}
	script := fmt.Sprintf(floodScript, ms(length), ms(300*time.Millisecond), ms(1200*time.Millisecond))
	if err := os.WriteFile(f.path("flood.txt"), []byte(script), 0o600); err != nil {
		t.Fatal(err)
	}
	f.live = startLive(t, f.path("flood.txt"), speed)
	f.open(t, f.live.addr)
	f.printed = f.feed
	f.env = []string{"GODEBUG=gctrace=1"}
	return f
}

// watch logs, about each second, how the program stands, until the script is over and all of it has been acknowledged.
func (f *flood) watch(t *testing.T, p *program, began time.Time) {
	t.Helper()
	t.Logf("%8s %10s %9s %8s %8s", "time", "messages", "commands", "RSS MB", "heap MB")
	every, last := 1, 0
	for n := range f.live.delivered {
		if at := time.Since(began).Round(time.Second); int(at.Seconds()) >= last+every {
			t.Logf("%8s %10d %9d %8d %8d", at, n, f.count(), p.resident()>>20, p.heap())
			last = int(at.Seconds())
			every = max(1, last/5)
		}
	}
	if f.live.err != nil {
		t.Fatal(f.live.err)
	}
	if l := f.live.ledger; l.Pending != 0 || l.Missed != 0 {
		t.Errorf("%d messages were not taken: %+v; it said %s", l.Pending+l.Missed, l.Received, f.said())
	}
}

// waiting is how many commands have been paid for and not yet run.
func (f *flood) waiting() int {
	return f.live.ledger.Gifts - f.count()
}

// judge compares what was sent with what was journalled and done.
func (f *flood) judge(t *testing.T) {
	t.Helper()
	l := f.live.ledger
	got := f.tally(t, l.Streaks)
	if got.sent != l.Gifts || got.unknown != 0 {
		t.Errorf("%d gifts were sent: %v", l.Gifts, got)
	}
	events, jobs := f.rows(t)
	printed, dropped, received, err := f.feed.counts()
	if err != nil {
		t.Errorf("the summary: %v", err)
	}
	t.Logf("messages: %d sent, %d journalled, %d events in all, %d printed, %d lines of the feed left out; %d jobs",
		l.Delivered, events, received, printed, dropped, jobs)
	t.Logf("commands: %v", got)
	t.Logf("socket: %d frames, %v of writing, the longest %v; backlog %d; held up for %v", l.Sent.Frames,
		l.Sent.Writing.Round(time.Millisecond), l.Sent.LongestWrite.Round(time.Millisecond), l.Sent.Backlog, l.Sent.HeldUp.Round(time.Millisecond))
	if events != l.Delivered || received < uint64(l.Delivered) {
		t.Errorf("%d messages were sent, %d were journalled, the program counts %d events", l.Delivered, events, received)
	}
	if l.Received.Connections != 1 {
		t.Errorf("%d connections were made", l.Received.Connections)
	}
}

// rows counts, in the store, the events that viewers have made, and the jobs.
func (f *flood) rows(t *testing.T) (events, jobs int) {
	t.Helper()
	db, err := sql.Open("sqlite", f.database())
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close() //nolint:errcheck // it is only read
	err = db.QueryRowContext(t.Context(), `SELECT count(*) FROM events WHERE kind IN (?, ?, ?, ?)`,
		event.KindGift, event.KindLike, event.KindJoin, event.KindChat).Scan(&events)
	if err != nil {
		t.Fatal(err)
	}
	if err := db.QueryRowContext(t.Context(), `SELECT count(*) FROM jobs`).Scan(&jobs); err != nil {
		t.Fatal(err)
	}
	return events, jobs
}

// resident is the program's memory in bytes, or 0 where the system does not tell.
func (p *program) resident() int64 {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/statm", p.cmd.Process.Pid))
	var total, pages int64
	if err == nil {
		_, err = fmt.Sscan(string(text), &total, &pages)
	}
	if err != nil {
		return 0
	}
	return pages * int64(os.Getpagesize())
}

// collected is what Go's runtime prints of each collection: heap before, after, and in use, in MB.
var collected = regexp.MustCompile(`(\d+)->(\d+)->(\d+) MB`)

// heap is what was in use after the last collection, in MB.
func (p *program) heap() int {
	all := collected.FindAllStringSubmatch(p.stage.said(), -1)
	if len(all) == 0 {
		return 0
	}
	n, err := strconv.Atoi(all[len(all)-1][3])
	if err != nil {
		return 0
	}
	return n
}
