//go:build unix

package plugin

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/livecue/livecue/core/event"
	"github.com/livecue/livecue/core/grant"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// rig is a running Set.
type rig struct {
	*Set
	t    *testing.T
	book *grant.Book
	stop func()
	dir  string
}

// hurried are times that a test can wait for. The patience is one that no test is to reach.
func hurried() pace {
	return pace{
		steady: time.Hour, first: time.Millisecond, most: 2 * time.Millisecond, seldom: time.Hour, patience: time.Minute, linger: time.Second,
	}
}

func start(t *testing.T, p pace, specs ...Spec) *rig {
	t.Helper()
	book, err := grant.Open(grant.Options{})
	if err != nil {
		t.Fatal(err)
	}
	r := &rig{Set: New(Options{Lend: book.LendOnly}), t: t, book: book, dir: t.TempDir()}
	r.pace = p
	for i := range specs {
		for n, arg := range specs[i].Args {
			specs[i].Args[n] = strings.ReplaceAll(arg, "@", r.dir)
		}
	}
	r.SetPort(4711)
	r.Apply(specs)
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		_ = r.Run(ctx) // it ends as it is told to
	}()
	r.stop = sync.OnceFunc(func() { cancel(); <-ended })
	t.Cleanup(r.stop)
	return r
}

// shell is a plugin that the shell runs. @ is the test's folder.
func shell(name, script string) Spec {
	return Spec{Name: name, Program: "/bin/sh", Args: []string{"-c", script}}
}

func (r *rig) until(what string, isTrue func() bool) {
	r.t.Helper()
	for deadline := time.Now().Add(time.Minute); !isTrue(); time.Sleep(2 * time.Millisecond) {
		if time.Now().After(deadline) {
			r.t.Fatalf("waited in vain for %s: %+v, %+v", what, r.Status(), r.Log("p", 20))
		}
	}
}

// of returns how the plugin p stands.
func (r *rig) of(name string) Status {
	for _, st := range r.Status() {
		if st.Name == name {
			return st
		}
	}
	return Status{}
}

func (r *rig) state(want State) {
	r.t.Helper()
	r.until("p to be "+string(want), func() bool { return r.of("p").State == want })
}

// said waits until the plugin has printed a line.
func (r *rig) said(line string) {
	r.t.Helper()
	r.until("the line "+line, func() bool {
		return slices.ContainsFunc(r.Log("p", linesKept), func(l Line) bool { return l.Text == line && l.Mark == "" })
	})
}

func isAlive(pid int) bool {
	stat, err := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/stat")
	if err != nil {
		return syscall.Kill(pid, 0) == nil
	}
	_, rest, _ := strings.Cut(string(stat), ") ")
	return !strings.HasPrefix(rest, "Z")
}

// A plugin finds port and token, and none of our passwords.
func TestAPluginFindsItsWay(t *testing.T) {
	t.Setenv("LIVECUE_RCON_MINECRAFT_PASSWORD", "hunter2")
	t.Setenv("PLUGIN_SETTING", "kept")
	spec := shell("p", `printf '%s\n' "$0" "$1" "$PWD" "$LIVECUE_PORT $TOKI_PORT $PLUGIN_SETTING" "<$LIVECUE_RCON_MINECRAFT_PASSWORD>"; `+
		`[ "$LIVECUE_TOKEN" = "$TOKI_TOKEN" ] && echo "$TOKI_TOKEN" > told; echo "my token is $TOKI_TOKEN"; read -r x; echo over; exit 0`)
	spec.Args = append(spec.Args, "$HOME *", "two words")
	spec.Kinds, spec.MayTrigger, spec.Folder = []event.Kind{event.KindGift}, true, t.TempDir()
	r := start(t, hurried(), spec)
	for _, line := range []string{"$HOME *", "two words", spec.Folder, "4711 4711 kept", "<>", "my token is (token)"} {
		r.said(line)
	}
	token, err := os.ReadFile(filepath.Join(spec.Folder, "told"))
	if err != nil {
		t.Fatal(err)
	}
	pass, ok := r.book.Check([]byte(strings.TrimSpace(string(token))))
	if !ok || pass.Name != "p" || !pass.Allows(grant.Trigger) || !slices.Equal(pass.Kinds, spec.Kinds) {
		t.Errorf("its token is for %+v", pass)
	}
	r.Apply(nil)
	<-pass.Revoked()
	r.until("it to go", func() bool { return len(r.Status()) == 0 && r.Log("p", 1) == nil })
	if n := len(r.book.Grants()); n != 0 {
		t.Errorf("%d tokens are left", n)
	}
}

func TestAPluginThatCrashesAtOnceIsFailing(t *testing.T) {
	r := start(t, hurried(), shell("p", "echo x >> @/starts; echo no such module >&2; exit 3"), shell("q", "exit 0"))
	r.state(Failing)
	st := r.of("p")
	if st.Starts != failsUntilFailing || st.Failures != failsUntilFailing || st.LastExit != "exit status 3" || st.Next.Before(time.Now()) || st.Pid != 0 {
		t.Errorf("got %+v", st)
	}
	r.said("no such module")
	if err := r.Restart("p"); err != nil {
		t.Fatal(err)
	}
	r.until("it to be started again", func() bool { return r.of("p").Starts > failsUntilFailing })
	r.until("the other to end", func() bool { return r.of("q").State == Ended })
	if st := r.of("q"); st.Starts != 1 || st.Failures != 0 || !st.Next.IsZero() {
		t.Errorf("one that ends well: %+v", st)
	}
}

func TestPluginsThatCannotBeStarted(t *testing.T) {
	dir := t.TempDir()
	plain := filepath.Join(dir, "plain")
	if err := os.WriteFile(plain, []byte("hello"), 0o600); err != nil {
		t.Fatal(err)
	}
	for name, spec := range map[string]Spec{
		"missing":        {Name: "p", Program: filepath.Join(dir, "missing")},
		"a folder":       {Name: "p", Program: dir},
		"no program":     {Name: "p", Program: plain},
		"no folder":      {Name: "p", Program: "/bin/sh", Folder: plain},
		"nothing":        {Name: "p"},
		"a long name":    {Name: strings.Repeat("x", 10_000), Program: "/bin/sh"},
		"a long program": {Name: "p", Program: "/" + strings.Repeat("x", 10_000)},
	} {
		t.Run(name, func(t *testing.T) {
			r := start(t, hurried(), spec)
			r.until("it to fail", func() bool { return r.Status()[0].State == Failing })
			if st := r.Status()[0]; st.Problem == "" || len(st.Problem) > 500 || st.Starts != 0 || st.Next.IsZero() {
				t.Errorf("got %+v", st)
			}
			if n := len(r.book.Grants()); n != 0 {
				t.Errorf("%d tokens are left", n)
			}
		})
	}
}

// What a plugin has started ends with it, whether it goes when it is asked or not.
func TestTheWholeFamilyEnds(t *testing.T) {
	const family = "sleep 1000 & echo $! >> @/pids; (trap '' TERM HUP; sleep 1000; sleep 1000) & echo $! >> @/pids; echo $$ >> @/pids; echo ready; "
	for name, script := range map[string]string{
		"goes":    family + "wait",
		"refuses": "trap '' TERM INT HUP; " + family + "while :; do sleep 1000; done",
	} {
		t.Run(name, func(t *testing.T) {
			p := hurried()
			p.patience, p.linger = 50*time.Millisecond, 50*time.Millisecond
			r := start(t, p, shell("p", script))
			r.said("ready")
			data, err := os.ReadFile(filepath.Join(r.dir, "pids"))
			if err != nil {
				t.Fatal(err)
			}
			r.stop()
			for word := range strings.FieldsSeq(string(data)) {
				pid, err := strconv.Atoi(word)
				if err != nil {
					t.Fatal(err)
				}
				r.until("process "+word+" to end", func() bool { return !isAlive(pid) })
			}
		})
	}
}

func TestAPluginIsRestarted(t *testing.T) {
	r := start(t, hurried(), shell("p", "echo at work; read -r x"))
	r.said("at work")
	first := r.of("p").Pid
	if err := r.Restart("p"); err != nil {
		t.Fatal(err)
	}
	r.until("another process", func() bool { st := r.of("p"); return st.Pid != first && st.State == Running && st.Starts == 2 })
	if st := r.of("p"); st.Failures != 0 {
		t.Errorf("being restarted counts as a failure: %+v", st)
	}
	second := r.of("p").Pid
	r.SetPort(4712)
	r.until("one with the new port", func() bool { st := r.of("p"); return st.Pid != second && st.Pid != 0 && st.State == Running })
	if err := r.Restart("q"); err == nil {
		t.Error("a plugin was restarted that does not exist")
	}
}

func TestPluginsRunWhenTheyAreWanted(t *testing.T) {
	spec := shell("p", "echo at work; read -r x")
	spec.WithLive = true
	r := start(t, hurried(), spec, shell("q", "read -r x"))
	r.state(NoLive)
	if err := r.Restart("p"); err == nil {
		t.Error("a plugin was restarted that waits for a stream")
	}
	other := func() int { return r.of("q").Pid }
	r.until("the other to run", func() bool { return other() != 0 })
	pid := other()
	r.SetLive(true)
	r.said("at work")
	r.SetLive(false)
	r.state(NoLive)
	r.SetLive(true)
	r.state(Running)
	spec.Off = true
	r.Apply([]Spec{spec, shell("q", "read -r x")})
	r.state(Off)
	if other() != pid {
		t.Error("a change of one plugin restarts another")
	}
	r.SetPort(0)
	r.until("the other to wait", func() bool { return r.of("q").State == NoSocket })
	spec.Off = false
	r.SetPort(4711)
	r.Apply([]Spec{spec})
	r.state(Running)
	r.Apply([]Spec{spec, spec}) // a mistake
	if n := len(r.Status()); n != 1 {
		t.Errorf("%d plugins of one name", n)
	}
}

// 20 MB come from a real program, which is slowed, while another's lines come through.
func TestAFloodOfOutput(t *testing.T) {
	r := start(t, hurried(), shell("p", "yes 'all work and no play' | head -c 20000000; echo; echo over; read -r x"), shell("q", "echo hello; read -r x"))
	r.said("over")
	if st := r.of("p"); st.State != Running || st.Dropped == 0 || st.Lines-st.Dropped != linesKept {
		t.Errorf("got %+v", st)
	}
	if lines := r.Log("q", 5); len(lines) != 2 || lines[1].Text != "hello" {
		t.Errorf("the other's lines are %q", lines)
	}
}
