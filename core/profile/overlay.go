package profile

import (
	"slices"
	"strings"

	"github.com/livecue/livecue/core/action"
)

// Overlay sets the pages for OBS.
type Overlay struct {
	// Off closes the pages.
	Off bool `toml:"off,omitempty"`
	// Port is where they are, on this computer alone; 0 is 8747.
	Port int `toml:"port,omitempty"`
	// CSS is the folder of the user's own CSS files; empty is the folder overlay beside the program's data.
	CSS string `toml:"css,omitempty"`
	// Goal is that of the goal page, where its address does not say.
	Goal Goal `toml:"goal,omitempty"`
}

// Goal is what a goal bar fills towards.
type Goal struct {
	// Of is likes, coins, gifts, follows, or "counter:" and a name; empty is likes.
	Of string `toml:"of,omitempty"`
	// Target is the number to reach; 0 is 1000.
	Target int64 `toml:"target,omitempty"`
	// Title is shown above the bar.
	Title string `toml:"title,omitempty"`
}

const (
	minPort, maxPort = 1024, 65535
	maxPath          = 4096
	maxTarget        = 1_000_000_000_000
	goalCounter      = "counter:"
)

// Goals are what a Goal can be of, besides counters.
func Goals() []string { return []string{"likes", "coins", "gifts", "follows"} }

func (c *checker) overlay() {
	o := c.profile.Overlay
	c.port("overlay.port", o.Port)
	if len(o.CSS) > maxPath || strings.ContainsRune(o.CSS, 0) {
		c.fail("overlay.css", action.ProblemTooLong, "the folder's name is too long")
	}
	counter, isCounter := strings.CutPrefix(o.Goal.Of, goalCounter)
	switch {
	case isCounter && (strings.TrimSpace(counter) == "" || len(counter) > action.MaxName):
		c.fail("overlay.goal.of", action.ProblemMissing, "after counter: there must be the name of a counter")
	case !isCounter && o.Goal.Of != "" && !slices.Contains(Goals(), o.Goal.Of):
		c.fail("overlay.goal.of", action.ProblemUnknown, "%q is no goal: it must be likes, coins, gifts, follows, or counter: and a name", o.Goal.Of)
	}
	if o.Goal.Target < 0 || o.Goal.Target > maxTarget {
		c.fail("overlay.goal.target", action.ProblemRange, "the target must be from 0 to %d", int64(maxTarget))
	}
	if len(o.Goal.Title) > maxShort {
		c.fail("overlay.goal.title", action.ProblemTooLong, "the goal's title is too long")
	}
}

// port looks at a port that LiveCue is to listen on; 0 is the usual one.
func (c *checker) port(field string, port int) {
	if port != 0 && (port < minPort || port > maxPort) {
		c.fail(field, action.ProblemRange, "the port must be from %d to %d", minPort, maxPort)
	}
}
