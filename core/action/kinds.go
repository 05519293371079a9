package action

import (
	"net/url"
	"strings"
)

// HTTP sends a request to a web address.
type HTTP struct {
	// URL begins with http:// or https://. A viewer's text in it is escaped as part of a path or query.
	URL string `toml:"url" json:"url"`
	// Method is GET, POST, PUT, PATCH or DELETE; empty is GET, or POST with a Body.
	Method string `toml:"method,omitempty" json:"method,omitempty"`
	// Headers are sent as they are: a viewer's text has no place in them.
	Headers map[string]string `toml:"headers,omitempty" json:"headers,omitempty"`
	// Body is sent as JSON, unless a header says otherwise; a viewer's text in it is escaped as the content of a JSON string, which it
	// must stand in. In a form or a plain text, by their Content-Type, it is escaped for those.
	Body string `toml:"body,omitempty,multiline" json:"body,omitempty"`
	// Timeout is for the whole request; 0 is 10 s.
	Timeout Duration `toml:"timeout,omitempty" json:"timeout,omitempty"`
	// Retry says that the request may be sent again when its answer never came. Without, it is sent once, and its end is unknown.
	Retry bool `toml:"retry,omitempty" json:"retry,omitempty"`
}

// Host names the server that the request goes to, in small letters, with its port unless that is the usual one of the scheme. It is
// empty where URL is no address.
func (h HTTP) Host() string {
	// Placeholders cannot stand in it, and what follows it need not be read.
	scheme, rest, ok := strings.Cut(strings.TrimSpace(h.URL), "://")
	if end := strings.IndexAny(rest, "/?#"); end >= 0 {
		rest = rest[:end]
	}
	u, err := url.Parse(scheme + "://" + rest)
	if !ok || err != nil {
		return ""
	}
	host := strings.ToLower(u.Host)
	if usual := map[string]string{"http": ":80", "https": ":443"}[u.Scheme]; usual != "" {
		host = strings.TrimSuffix(host, usual)
	}
	return strings.TrimSuffix(host, ":")
}

// OBSVerb says what OBS is to do.
type OBSVerb string

// What OBS can do.
const (
	// OBSScene switches to Scene.
	OBSScene OBSVerb = "scene"
	// OBSSource shows or hides Source in Scene, or in the scene that is live where Scene is empty.
	OBSSource OBSVerb = "source"
	// OBSFilter switches Filter of Source on or off.
	OBSFilter OBSVerb = "filter"
	// OBSMedia plays the media source Source from its beginning.
	OBSMedia OBSVerb = "media"
	// OBSText writes Text into the text source Source.
	OBSText OBSVerb = "text"
)

// Switch says how something is to be switched.
type Switch string

// The positions.
const (
	SwitchOn     Switch = "on"
	SwitchOff    Switch = "off"
	SwitchToggle Switch = "toggle"
)

// OBS controls OBS Studio.
type OBS struct {
	Do     OBSVerb `toml:"do" json:"do"`
	Scene  string  `toml:"scene,omitempty" json:"scene,omitempty"`
	Source string  `toml:"source,omitempty" json:"source,omitempty"`
	Filter string  `toml:"filter,omitempty" json:"filter,omitempty"`
	// Switch is for OBSSource and OBSFilter; empty is SwitchOn.
	Switch Switch `toml:"switch,omitempty" json:"switch,omitempty"`
	// For switches back after that time, where it was not SwitchToggle; 0 is never.
	For  Duration `toml:"for,omitempty" json:"for,omitempty"`
	Text string   `toml:"text,omitempty" json:"text,omitempty"`
}

// Speech reads a text aloud.
type Speech struct {
	// Text may have placeholders.
	Text string `toml:"text" json:"text"`
	// Voice is one of the system's; empty is the profile's.
	Voice string `toml:"voice,omitempty" json:"voice,omitempty"`
	// Rate is the speed in percent of the voice's own, 50 to 300; 0 is the profile's.
	Rate int `toml:"rate,omitempty" json:"rate,omitempty"`
}

// Program runs a program of this computer. There is no shell: each argument reaches it as it is.
type Program struct {
	// Path is the program, absolute or to be found in PATH. It has no placeholders.
	Path string `toml:"path" json:"path"`
	// Args are its arguments. A viewer's text is a whole argument or none: one that holds a placeholder of text is nothing else.
	Args []string `toml:"args,omitempty" json:"args,omitempty"`
	// Timeout is when it is ended; 0 is 30 s.
	Timeout Duration `toml:"timeout,omitempty" json:"timeout,omitempty"`
}

// Overlay shows an alert on the overlay pages.
type Overlay struct {
	// Text may have placeholders. It is shown as text, never as markup.
	Text string `toml:"text,omitempty" json:"text,omitempty"`
	// Image and Sound are files, or bundled ones after "bundled:"; empty is none.
	Image string `toml:"image,omitempty" json:"image,omitempty"`
	Sound string `toml:"sound,omitempty" json:"sound,omitempty"`
	// Animation is pop, slide, fade or shake; empty is pop.
	Animation string `toml:"animation,omitempty" json:"animation,omitempty"`
	// For is how long it is seen; 0 is 5 s.
	For Duration `toml:"for,omitempty" json:"for,omitempty"`
	// Channel lets only the pages of that name show it; empty is all.
	Channel string `toml:"channel,omitempty" json:"channel,omitempty"`
}

// Counter changes a counter by name, such as the deaths of the evening.
type Counter struct {
	Name string `toml:"name" json:"name"`
	// Set sets it to Amount; without, Amount is added.
	Set bool `toml:"set,omitempty" json:"set,omitempty"`
	// Amount may be negative. 0 adds 1, or sets to 0.
	Amount int64 `toml:"amount,omitempty" json:"amount,omitempty"`
	// PerCoin multiplies the amount by the coins of what triggered it.
	PerCoin bool `toml:"per_coin,omitempty" json:"per_coin,omitempty"`
}

// TimerVerb says what a timer is to do.
type TimerVerb string

// What a timer can do.
const (
	TimerAdd   TimerVerb = "add"
	TimerSet   TimerVerb = "set"
	TimerStart TimerVerb = "start"
	TimerPause TimerVerb = "pause"
)

// Timer changes a countdown by name.
type Timer struct {
	Name string    `toml:"name" json:"name"`
	Do   TimerVerb `toml:"do" json:"do"`
	// Time is what TimerAdd adds and TimerSet sets.
	Time Duration `toml:"time,omitempty" json:"time,omitempty"`
	// Less lets TimerAdd take away.
	Less bool `toml:"less,omitempty" json:"less,omitempty"`
	// PerCoin multiplies Time by the coins of what triggered it.
	PerCoin bool `toml:"per_coin,omitempty" json:"per_coin,omitempty"`
}

// PoolOrder says how a Pool picks.
type PoolOrder string

// The orders of a pool.
const (
	// PoolRandom picks by weight, never the same twice in a row where there is another.
	PoolRandom PoolOrder = "random"
	// PoolCycle takes one after another, and begins again.
	PoolCycle PoolOrder = "cycle"
)

// Pool stands for one of several lists of actions, another one each time.
type Pool struct {
	// Order is how it picks; empty is PoolRandom.
	Order PoolOrder `toml:"order,omitempty" json:"order,omitempty"`
	// Seed makes the picks of PoolRandom the same in each run of the program; 0 is none.
	Seed    uint64   `toml:"seed,omitempty" json:"seed,omitempty"`
	Choices []Choice `toml:"choice" json:"choices"`
}

// Choice is what a Pool can pick.
type Choice struct {
	// Weight says how often, beside the others; 0 is 1. It means nothing for PoolCycle.
	Weight  int    `toml:"weight,omitempty" json:"weight,omitempty"`
	Actions []Spec `toml:"action" json:"actions"`
}

// Run stands for the actions of another rule, whatever that one waits for.
type Run struct {
	// Rule is its id.
	Rule string `toml:"rule" json:"rule"`
}
