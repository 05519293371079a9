package profile

import (
	"fmt"
	"slices"
	"strings"

	"github.com/livecue/livecue/core/action"
	"github.com/livecue/livecue/core/event"
)

// Plugin is a program that LiveCue keeps running, and that is told of events over the event socket.
type Plugin struct {
	// Name tells it from the others.
	Name string `toml:"name"`
	// Program is a whole path, or a name that is looked for in PATH; Args are its arguments, which no shell reads.
	Program string   `toml:"program"`
	Args    []string `toml:"args,omitempty"`
	// Folder is where it runs; empty is the program's own.
	Folder string `toml:"folder,omitempty"`
	// Events are the only kinds of events that it may hear; empty is all.
	Events []event.Kind `toml:"events,omitempty"`
	// Trigger lets it call rules.
	Trigger bool `toml:"trigger,omitempty"`
	// Start is when it runs; empty is StartWithLiveCue.
	Start Start `toml:"start,omitempty"`
	Off   bool  `toml:"off,omitempty"`
	// Imported marks one that came with someone else's profile: it does not run until the user has said that it may.
	Imported bool `toml:"imported,omitempty"`
}

// Start is when a plugin runs.
type Start string

// The times.
const (
	// StartWithLiveCue runs it as long as LiveCue does.
	StartWithLiveCue Start = "livecue"
	// StartWithLive runs it while LiveCue is connected to a stream.
	StartWithLive Start = "live"
)

const (
	// MaxPlugins bounds the plugins of a profile, maxPluginName a name in bytes, which is that of the plugin's token.
	MaxPlugins    = 50
	maxPluginName = 64
	maxArgs       = 100
)

func (c *checker) plugins() {
	if len(c.profile.Plugins) > MaxPlugins {
		c.fail("plugin", action.ProblemRange, "there are more than %d plugins", MaxPlugins)
		return
	}
	seen := map[string]bool{}
	for i, p := range c.profile.Plugins {
		c.plugin(fmt.Sprintf("plugin[%d].", i), p)
		if p.Name != "" && seen[p.Name] {
			c.fail(fmt.Sprintf("plugin[%d].name", i), IssueDuplicate, "two plugins are called %q", p.Name)
		}
		seen[p.Name] = true
	}
}

func (c *checker) plugin(at string, p Plugin) {
	switch {
	case strings.TrimSpace(p.Name) == "":
		c.fail(at+"name", action.ProblemMissing, "the plugin has no name")
	case len(p.Name) > maxPluginName:
		c.fail(at+"name", action.ProblemTooLong, "the plugin's name is longer than %d bytes", maxPluginName)
	}
	switch {
	case strings.TrimSpace(p.Program) == "":
		c.fail(at+"program", action.ProblemMissing, "the plugin %.40q has no program", p.Name)
	case len(p.Program) > maxPath || strings.ContainsRune(p.Program, 0):
		c.fail(at+"program", action.ProblemTooLong, "the path of the program is too long")
	}
	if len(p.Folder) > maxPath || strings.ContainsRune(p.Folder, 0) {
		c.fail(at+"folder", action.ProblemTooLong, "the folder's name is too long")
	}
	isTooLong := func(arg string) bool { return len(arg) > maxPath || strings.ContainsRune(arg, 0) }
	if len(p.Args) > maxArgs || slices.ContainsFunc(p.Args, isTooLong) {
		c.fail(at+"args", action.ProblemTooLong, "there are more than %d arguments, or one is too long", maxArgs)
	}
	for _, k := range p.Events {
		if !slices.Contains(event.Kinds(), k) {
			c.fail(at+"events", action.ProblemUnknown, "%.40q is no kind of event", k)
		}
	}
	if !slices.Contains([]Start{"", StartWithLiveCue, StartWithLive}, p.Start) {
		c.fail(at+"start", action.ProblemUnknown, "%.40q is no time to start: it must be livecue or live", p.Start)
	}
}
