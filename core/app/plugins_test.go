package app

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/livecue/livecue/core/action"
	"github.com/livecue/livecue/core/event"
	"github.com/livecue/livecue/core/plugin"
	"github.com/livecue/livecue/core/profile"
	"github.com/livecue/livecue/core/rule"
)

// pluginWord is the argument that makes the test program a plugin.
const pluginWord = "be-a-plugin"

// bePlugin is a plugin: it says hello, and calls a rule for each gift.
func bePlugin() error {
	nc, err := net.Dial("tcp", "127.0.0.1:"+os.Getenv("LIVECUE_PORT"))
	if err != nil {
		return err
	}
	defer func() { _ = nc.Close() }()
	if _, err := io.WriteString(nc, os.Getenv("LIVECUE_TOKEN")+"\n{\"hello\":2}\n"); err != nil {
		return err
	}
	for in := json.NewDecoder(bufio.NewReader(nc)); ; {
		var line struct{ Type, Kind, ID string }
		if err := in.Decode(&line); err != nil {
			return err
		}
		fmt.Println(line.Type, line.Kind)
		if line.Kind == "gift" {
			if _, err := fmt.Fprintf(nc, "{\"trigger\":\"boss is down\",\"id\":%q}\n", line.ID); err != nil {
				return err
			}
		}
	}
}

// A plugin of the profile is started with its token, hears what it may, and calls a rule.
func TestPluginsOfTheProfile(t *testing.T) {
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	p := profile.Default()
	p.Rules = []rule.Rule{{
		ID: "r", Name: "Boss", Trigger: rule.Trigger{Kind: rule.OnSignal, Signal: "boss is down"},
		Actions: []action.Spec{{Counter: &action.Counter{Name: "bosses", Amount: 1}}},
	}}
	one := profile.Plugin{Name: "Boss fight", Program: self, Args: []string{pluginWord}, Events: []event.Kind{event.KindGift}, Trigger: true}
	live, foreign := one, one
	live.Name, live.Start = "While live", profile.StartWithLive
	foreign.Name, foreign.Imported = "Somebody's", true
	p.Plugins = []profile.Plugin{one, live, foreign}
	a := start(t, Options{Profile: p, StorePath: filepath.Join(t.TempDir(), "livecue.db")})

	heard := func(line string) func() bool {
		return func() bool {
			return slices.ContainsFunc(a.PluginLog("Boss fight", 100), func(l plugin.Line) bool { return l.Text == line })
		}
	}
	eventually(t, "the plugin to say hello", heard("hello"))
	a.bus.Emit(event.Follow{Head: event.Head{ID: "f"}})
	a.bus.Emit(event.Gift{Head: event.Head{ID: "g"}, Gift: event.GiftInfo{Name: "Rose"}, Added: 1, Count: 1, Final: true})
	eventually(t, "its call to be answered", heard("ok"))
	if heard("event follow")() {
		t.Error("it heard what it may not")
	}
	if n := bosses(t, a); n != 1 {
		t.Errorf("counted %d, want 1", n)
	}
	states := func() (all []plugin.State) {
		for _, st := range a.Plugins() {
			all = append(all, st.State)
		}
		return all
	}
	if want := []plugin.State{plugin.Running, plugin.NoLive, plugin.Off}; !slices.Equal(states(), want) {
		t.Errorf("the plugins are %v", states())
	}
	a.bus.Emit(event.Connected{Head: event.Head{ID: "c"}, Since: time.Now()})
	eventually(t, "the second to run", func() bool { return states()[1] == plugin.Running })
	a.bus.Emit(event.LiveEnded{})
	eventually(t, "the second to wait", func() bool { return states()[1] == plugin.NoLive })
	if err := a.RestartPlugin("Somebody's"); err == nil {
		t.Error("a program of someone else's was started")
	}
	pid := a.Plugins()[0].Pid
	if err := a.RestartPlugin("Boss fight"); err != nil {
		t.Fatal(err)
	}
	eventually(t, "another process", func() bool { st := a.Plugins()[0]; return st.Pid != 0 && st.Pid != pid && st.State == plugin.Running })
	q := a.Profile()
	q.Plugins = nil
	if err := a.SetProfile(q); err != nil {
		t.Fatal(err)
	}
	eventually(t, "all to end", func() bool { return len(a.Plugins()) == 0 && len(a.Grants()) == 0 })
}
