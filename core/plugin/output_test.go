package plugin

import (
	"bytes"
	"fmt"
	"runtime"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

const token = "01234567-89ab-4cde-8f01-23456789abcd"

func TestLinesAreFitToBeShown(t *testing.T) {
	long := strings.Repeat("ä", 10_000)
	for name, tt := range map[string]struct{ text, want string }{
		"plain":                {"hello\n", "hello"},
		"Windows":              {"hello\r\n", "hello"},
		"indented":             {"\tat  line 3  \n", "    at  line 3"},
		"no end":               {"half a line", "half a line"},
		"empty":                {"\n", ""},
		"broken":               {"a\xff\xfeb\n", "a\uFFFD\uFFFDb"},
		"controls":             {"a\x00\x07\x1b]0;title\x07b\u202ec\u2028d\n", "a]0;titlebcd"},
		"colours":              {"\x1b[1;31mred\x1b[0m\x1b[2J\n", "red"},
		"half a sequence":      {"red\x1b[1;31\n", "red"},
		"token":                {"got " + token + "!\n", "got (token)!"},
		"token with controls":  {"got " + token[:9] + "\x00\x1b[0m" + token[9:] + "\n", "got (token)"},
		"token across the cut": {strings.Repeat("\x00", rawKept-500) + strings.Repeat("x", 480) + token + "\n", strings.Repeat("x", 464) + " …"},
		"long":                 {long + "\n", strings.Repeat("ä", shownRunes) + " …"},
	} {
		t.Run(name, func(t *testing.T) {
			o := newOutput()
			o.begin(token, time.Now())
			for _, part := range []byte(tt.text) { // as it may come
				if _, err := o.Write([]byte{part}); err != nil {
					t.Fatal(err)
				}
			}
			o.end("exit status 0", time.Now())
			lines := o.tail(10)
			if len(lines) != 3 || lines[1].Text != tt.want || lines[1].Mark != "" {
				t.Fatalf("got %q, want %q", lines, tt.want)
			}
			if lines[0].Mark != MarkStarted || lines[0].Text != "" || lines[2].Mark != MarkEnded || lines[2].Text != "exit status 0" {
				t.Errorf("begin and end are %q", lines)
			}
		})
	}
}

func TestTheLastLinesAreKept(t *testing.T) {
	o := newOutput()
	for i := range linesKept + 5 {
		_, _ = fmt.Fprintf(o, "line %d\n", i)
	}
	if lines, dropped := o.counts(); lines != linesKept+5 || dropped != 5 {
		t.Errorf("%d lines, %d dropped", lines, dropped)
	}
	for limit, want := range map[int]int{-1: 0, 0: 0, 3: 3, linesKept: linesKept, 5 * linesKept: linesKept} {
		lines := o.tail(limit)
		if len(lines) != want {
			t.Fatalf("%d of %d", len(lines), limit)
		}
		for i, l := range lines {
			if n := linesKept + 5 - want + i; l.Text != fmt.Sprintf("line %d", n) {
				t.Fatalf("of %d, line %d is %q", limit, i, l.Text)
			}
		}
	}
}

// A flood takes no memory to speak of, and is slowed.
func TestFloodsAreSlowed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const size = 100 << 20
		o := newOutput()
		chunk := bytes.Repeat([]byte("all work and no play makes jack a dull boy\n"), 700)
		chunk = append(chunk, bytes.Repeat([]byte{'x'}, 64<<10)...)
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		began, written := time.Now(), 0
		for written < size {
			n, _ := o.Write(chunk)
			written += n
		}
		runtime.ReadMemStats(&after)
		want := time.Duration(written-bytesAtOnce) * time.Second / bytesPerSecond
		if took := time.Since(began); took < want*9/10 || took > want*11/10 {
			t.Errorf("%d bytes took %v, want about %v", written, took, want)
		}
		if grown := after.TotalAlloc - before.TotalAlloc; grown > 2*linesKept*rawKept {
			t.Errorf("it took %d bytes of memory", grown)
		}
	})
}

func TestPauses(t *testing.T) {
	p := newPauses(usual())
	last := time.Duration(0)
	for i := range 4 {
		wait, isFailing := p.after(time.Millisecond)
		if isFailing || wait < last || wait > 12*time.Second {
			t.Errorf("failure %d waits %v, failing %v", i+1, wait, isFailing)
		}
		last = wait
	}
	for range 3 {
		if wait, isFailing := p.after(time.Millisecond); !isFailing || wait != p.pace.seldom {
			t.Errorf("a failing plugin waits %v, failing %v", wait, isFailing)
		}
	}
	if wait, isFailing := p.after(time.Hour); isFailing || wait > 2*time.Second {
		t.Errorf("after a good run it waits %v, failing %v", wait, isFailing)
	}
	for range 4 {
		p.after(time.Second)
	}
	p.forget()
	if wait, isFailing := p.after(0); isFailing || wait > 2*time.Second {
		t.Errorf("what was forgotten counts: %v, failing %v", wait, isFailing)
	}
}
