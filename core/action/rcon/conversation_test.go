package rcon

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/livecue/livecue/core/action"
	"github.com/livecue/livecue/core/rehearsal/practice"
)

// TestAnswersNeverShift sends 1,000 numbered commands to each dialect: each gets its own answer, and the server gets each
// once, in order, on one connection.
func TestAnswersNeverShift(t *testing.T) {
	const commands = 1000
	for _, dialect := range practice.Dialects() {
		t.Run(string(dialect), func(t *testing.T) {
			t.Parallel()
			s, _ := game(t, practice.Options{Dialect: dialect})
			c := client(t, s.Addr(), Options{})
			for i := range commands {
				o := do(t, c, fmt.Sprintf("say %d", i))
				if want := fmt.Sprintf("[Rcon] %d", i); o.State != action.Done || o.Reply != want {
					t.Fatalf("command %d: %s %q, want done %q", i, o.State, o.Reply, want)
				}
			}
			for i, got := range s.Commands() {
				if got.Text != fmt.Sprintf("say %d", i) {
					t.Fatalf("the server was sent %q at place %d", got.Text, i)
				}
			}
			if s.Count() != commands || s.Logins() != 1 {
				t.Errorf("%d commands over %d logins, want %d over 1", s.Count(), s.Logins(), commands)
			}
			if got := c.Stats(); got.Commands != commands || got.Unanswered != 0 {
				t.Errorf("stats %+v", got)
			}
		})
	}
}

// TestLongAnswers asks for the help, which comes in parts, between short answers.
func TestLongAnswers(t *testing.T) {
	for _, dialect := range practice.Dialects() {
		t.Run(string(dialect), func(t *testing.T) {
			t.Parallel()
			s, _ := game(t, practice.Options{Dialect: dialect})
			c := client(t, s.Addr(), Options{})
			if dialect == practice.PerLine {
				// The first answer of many lines is what teaches the client.
				do(t, c, "help")
				eventually(t, "the client learns that answers come in parts", c.manners.answersInParts.Load)
				return
			}
			for i := range 5 {
				help := do(t, c, "help")
				got := s.Commands()
				if want := got[len(got)-1].Reply; help.State != action.Done || help.Reply != want {
					t.Fatalf("help: %s, %d bytes, want %d", help.State, len(help.Reply), len(want))
				}
				if o := do(t, c, fmt.Sprint("say ", i)); o.Reply != fmt.Sprint("[Rcon] ", i) {
					t.Fatalf("after help: %q", o.Reply)
				}
			}
			if s.Logins() != 1 {
				t.Errorf("%d logins, want 1", s.Logins())
			}
			isMarked := dialect == practice.Vanilla || dialect == practice.Source
			if c.manners.ignoresMarks.Load() == isMarked {
				t.Errorf("ignores marks: %v", !isMarked)
			}
		})
	}
}

// TestPerLineGathersOnceLearned checks that a refusal in a later line is seen.
func TestPerLineGathersOnceLearned(t *testing.T) {
	t.Parallel()
	srv := listen(t, func(p peer) {
		p.acceptLogin()
		for i := range 3 {
			id := p.command().ID
			p.answer(id, fmt.Sprint("first line ", i))
			if i > 0 {
				p.answer(id, "No player was found")
				p.answer(id, "last line")
			} else {
				p.answer(id, "a line that comes late")
			}
		}
		p.mark()
		p.hold()
	})
	c := client(t, srv, Options{})
	if o := do(t, c, "one"); o.State != action.Done || o.Reply != "first line 0" {
		t.Fatalf("%+v", o)
	}
	eventually(t, "learned", c.manners.answersInParts.Load)
	for i := 1; i < 3; i++ {
		o := do(t, c, "two")
		if want := fmt.Sprintf("first line %d\nNo player was found\nlast line", i); o.State != action.Rejected || o.Reply != want {
			t.Fatalf("%+v, want %q", o, want)
		}
	}
}

func TestLinesOfACommand(t *testing.T) {
	s, _ := game(t, practice.Options{})
	c := client(t, s.Addr(), Options{})
	o := do(t, c, "say one\n\n/weather rain\ngive nobody_nat diamond\ntellraw @a \"x\"\ndance\nsay two")
	want := "No player was found\n[Rcon] one\nSet the weather to rain\n" +
		"Unknown or incomplete command, see below for error\ndance<--[HERE]\n[Rcon] two"
	if o.State != action.Rejected || o.Reply != want {
		t.Errorf("%s %q, want rejected %q", o.State, o.Reply, want)
	}
	if o := do(t, c, "tellraw @a \"x\""); o.State != action.Done || o.Reply != "" {
		t.Errorf("an empty answer: %+v", o)
	}
	if s.Count() != 7 {
		t.Errorf("%d commands, want 7", s.Count())
	}
}

func TestPermanentErrors(t *testing.T) {
	c := client(t, "127.0.0.1:1", Options{})
	tests := []struct {
		name string
		job  action.Job
		want error
	}{
		{"another kind", action.Job{Spec: action.Spec{Sound: &action.Sound{File: "bundled:chime"}}}, ErrNotRCON},
		{"empty", job(" \n/\n"), ErrNoCommand},
		{"too long", job("say " + strings.Repeat("x", MaxCommand)), ErrTooLong},
		{"chosen by a viewer", job("{comment}"), ErrViewerCommand},
	}
	for _, tt := range tests {
		if _, err := c.Do(t.Context(), tt.job); !errors.Is(err, tt.want) || !action.IsPermanent(err) {
			t.Errorf("%s: error %v", tt.name, err)
		}
	}
	for _, address := range []string{"", "localhost", "localhost:", ":25575", "localhost:rcon", "localhost:70000", "localhost:0"} {
		c := client(t, address, Options{})
		_, err := c.Do(t.Context(), job("list"))
		if !errors.Is(err, ErrAddress) || !action.IsBlocked(err) {
			t.Errorf("address %q: error %v", address, err)
		}
	}
}

// TestManyGoroutines checks that they are served one after another: vanilla would close on two packets at once.
func TestManyGoroutines(t *testing.T) {
	s, _ := game(t, practice.Options{})
	c := client(t, s.Addr(), Options{})
	var wg sync.WaitGroup
	for g := range 8 {
		wg.Go(func() {
			for i := range 50 {
				text := fmt.Sprintf("g%d i%d", g, i)
				o, err := c.Do(t.Context(), job("say "+text+"\nsay again "+text))
				if want := "[Rcon] " + text + "\n[Rcon] again " + text; err != nil || o.Reply != want {
					t.Errorf("got %+v, error %v, want %q", o, err, want)
				}
			}
		})
	}
	wg.Wait()
	if s.Count() != 800 || s.Logins() != 1 {
		t.Errorf("%d commands over %d logins", s.Count(), s.Logins())
	}
	got := s.Commands()
	for i := 0; i < len(got); i += 2 {
		first := strings.TrimPrefix(got[i].Text, "say ")
		if got[i+1].Text != "say again "+first {
			t.Fatalf("%q came after %q: the lines of two jobs are mixed", got[i+1].Text, got[i].Text)
		}
	}
}

func TestWaitingForATurnCanBeCancelled(t *testing.T) {
	s, _ := game(t, practice.Options{})
	c := client(t, s.Addr(), Options{})
	s.SetFault(practice.FaultNone)
	do(t, c, "list")
	s.SetFault(practice.FaultHang)
	first, cancelFirst := context.WithCancel(t.Context())
	result := make(chan action.Outcome, 1)
	go func() {
		o, _ := c.Do(first, job("say stuck"))
		result <- o
	}()
	eventually(t, "the server has the command", func() bool { return s.Count() == 2 })
	second, cancelSecond := context.WithCancel(t.Context())
	cancelSecond()
	if _, err := c.Do(second, job("say waiting")); !errors.Is(err, context.Canceled) || action.IsPermanent(err) {
		t.Errorf("waiting: error %v", err)
	}
	cancelFirst()
	if o := <-result; o.State != action.Unknown {
		t.Errorf("cancelled in flight: %+v, want unknown", o)
	}
}

func TestCloseEndsWhatIsUnderWay(t *testing.T) {
	s, _ := game(t, practice.Options{})
	c := client(t, s.Addr(), Options{})
	do(t, c, "list")
	s.SetFault(practice.FaultHang)
	result := make(chan action.Outcome, 1)
	go func() {
		o, _ := c.Do(context.Background(), job("say stuck"))
		result <- o
	}()
	eventually(t, "the server has the command", func() bool { return s.Count() == 2 })
	if err := errors.Join(c.Close(), c.Close()); err != nil {
		t.Fatal(err)
	}
	if o := <-result; o.State != action.Unknown {
		t.Errorf("outcome %+v, want unknown", o)
	}
	if _, err := c.Do(t.Context(), job("list")); !errors.Is(err, ErrClosed) || action.IsPermanent(err) {
		t.Errorf("after close: %v", err)
	}
	if err := c.Test(t.Context()); !errors.Is(err, ErrClosed) {
		t.Errorf("test after close: %v", err)
	}
}

// TestReplyIsCleaned checks what is kept of colours, controls, invalid UTF-8 and more than is wanted.
func TestReplyIsCleaned(t *testing.T) {
	srv := listen(t, func(p peer) {
		p.acceptLogin()
		p.answer(p.command().ID, "§cUnknown command.\x00\x1b[31m \xff\r\n")
		id := p.command().ID
		for range 40 {
			p.answer(id, strings.Repeat("x", 4096))
		}
		p.mark()
		p.answer(p.command().ID, "after")
		p.hold()
	})
	c := client(t, srv, Options{})
	if o := do(t, c, "one"); o.State != action.Rejected || o.Reply != "Unknown command.[31m \uFFFD" {
		t.Errorf("%s %q", o.State, o.Reply)
	}
	if o := do(t, c, "two"); len(o.Reply) != maxAnswer {
		t.Errorf("kept %d bytes, want %d", len(o.Reply), maxAnswer)
	}
	if o := do(t, c, "three"); o.Reply != "after" {
		t.Errorf("%q", o.Reply)
	}
}

func TestReadFailures(t *testing.T) {
	extra := lowered([]string{"", "  ", "Unbekannter Befehl", "NOPE"})
	if len(extra) != 2 {
		t.Fatalf("patterns %q", extra)
	}
	tests := []struct {
		reply string
		want  bool
	}{
		{"", false},
		{"Gave 1 [Diamond] to pixel_pia", false},
		{"Unknown or incomplete command, see below for error\ndance<--[HERE]", true},
		{"Unknown or incomplete command, see below for errordance<--[HERE]", true},
		{"UNKNOWN OR INCOMPLETE COMMAND", true},
		{"Incorrect argument for command\n...<--[HERE]", true},
		{"Expected whitespace to end one argument, but found trailing data", true},
		{"No entity was found", true},
		{"No player was found", true},
		{"Falsches Argument\n...me @x<--[HERE]", true},
		{"§cNo player was found", true},
		{"first line\nNo player was found", true},
		{"Summoned new No player was found", false},
		{"Named entity: I Expected This, Unknown", false},
		{"Das war ein unbekannter befehl!", true},
		{"nope", true},
	}
	for _, tt := range tests {
		if got := isFailure("give pixel_pia diamond", cleanReply(tt.reply), extra); got != tt.want {
			t.Errorf("%q: %v", tt.reply, got)
		}
	}
	f := action.Fields{Nickname: "x<--[HERE]"}
	for _, template := range []string{`summon cow ~ ~ ~ {CustomName:'{"text":"{nickname:json}"}'}`, `say "{nickname:json}"`} {
		lines, err := Render(action.RCON{Command: template}, f)
		if err != nil || isFailure(lines[0], "Summoned new x<--[HERE]", nil) {
			t.Errorf("%q: a viewer's name is read as a refusal (%v)", lines, err)
		}
	}
}

// TestEveryRefusalIsRead lets the practice server refuse in all its words.
func TestEveryRefusalIsRead(t *testing.T) {
	s, _ := game(t, practice.Options{})
	c := client(t, s.Addr(), Options{})
	for _, command := range []string{
		"dance", "say", "give @p diamond many", "give @p diamond 0", "give nobody_nat diamond", "kill", "summon zombie ~ ~",
		"summon zombie a b c", "summon Zombie!", "summon zombie ~ ~ ~ {a:[}]}", "tellraw @a {", "tellraw @a {}", "weather snow",
		"difficulty normal", "gamerule fun true", "list all",
	} {
		if o := do(t, c, command); o.State != action.Rejected {
			t.Errorf("%q: %+v", command, o)
		}
	}
	refused := func(c practice.Command) bool { return c.Refused }
	if !slices.ContainsFunc(s.Commands(), refused) || slices.IndexFunc(s.Commands(), func(c practice.Command) bool { return !c.Refused }) >= 0 {
		t.Error("the practice server took one of them")
	}
}

// TestLatePacketsAreDrained lets each answer be followed by packets that nobody asked for.
func TestLatePacketsAreDrained(t *testing.T) {
	const commands = 100
	srv := listen(t, func(p peer) {
		p.acceptLogin()
		for range commands {
			q := p.command()
			p.answer(7_777_777, "somebody else's")
			p.answer(-1, "a word of the console")
			p.answer(q.ID-2, "")
			p.answer(q.ID, "re: "+q.Body())
			p.answer(q.ID, "")
		}
		p.hold()
	})
	c := client(t, srv, Options{})
	for i := range commands {
		text := fmt.Sprintf("say %d", i)
		if o := do(t, c, text); o.Reply != "re: "+text {
			t.Fatalf("%q was answered %q", text, o.Reply)
		}
	}
	eventually(t, "late packets are counted", func() bool { return c.Stats().Late == 4*commands })
}

func TestDeadlineHoldsForTrickles(t *testing.T) {
	stop := make(chan struct{})
	srv := listen(t, func(p peer) {
		p.acceptLogin()
		id := p.command().ID
		for {
			select {
			case <-stop:
				return
			default:
				if p.try(id, strings.Repeat("x", 4096)) != nil {
					return
				}
			}
		}
	})
	defer close(stop)
	c := client(t, srv, Options{Timeout: 300 * time.Millisecond})
	start := time.Now()
	if o := do(t, c, "say"); o.State != action.Done || len(o.Reply) > maxAnswer {
		t.Errorf("%s, %d bytes", o.State, len(o.Reply))
	}
	if took := time.Since(start); took > 10*time.Second {
		t.Errorf("took %v", took)
	}
}
