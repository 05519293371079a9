package profile

import (
	"slices"

	"github.com/livecue/livecue/core/action"
	"github.com/livecue/livecue/core/rule"
)

// Version is the version of the file format that this program writes.
const Version = 1

// Profile is all that a user sets, except secrets.
type Profile struct {
	Version int `toml:"version"`
	// Name is shown in the window's title.
	Name string `toml:"name,omitempty"`
	// Theme is how the window looks; empty is ThemeSystem.
	Theme Theme `toml:"theme,omitempty"`
	// Hotkeys is where the keys of rules are heard; empty is HotkeysEverywhere.
	Hotkeys Hotkeys  `toml:"hotkeys,omitempty"`
	TikTok  TikTok   `toml:"tiktok"`
	RCON    []Server `toml:"rcon,omitempty"`
	Sound   Sound    `toml:"sound,omitempty"`
	OBS     OBS      `toml:"obs,omitempty"`
	// LiveKit is a room that is listened to beside the stream.
	LiveKit LiveKit `toml:"livekit,omitempty"`
	Speech  Speech  `toml:"speech,omitempty"`
	Queue   Queue   `toml:"queue,omitempty"`
	// Overlay sets the pages for OBS.
	Overlay Overlay `toml:"overlay,omitempty"`
	// Socket sets the event socket.
	Socket Socket `toml:"socket,omitempty"`
	// API sets the HTTP API.
	API API `toml:"api,omitempty"`
	// TikFinity sets the port for what was made for TikFinity.
	TikFinity TikFinity `toml:"tikfinity,omitempty"`
	// Plugins are programs that are kept running.
	Plugins []Plugin `toml:"plugin,omitempty"`
	// Viewers are those whom rules serve.
	Viewers Viewers `toml:"viewers,omitempty"`
	// Groups are the switches of rules that name a group. A group that is not among them is on.
	Groups []Group     `toml:"group,omitempty"`
	Rules  []rule.Rule `toml:"rule,omitempty"`
}

// Theme is how the window looks.
type Theme string

// The themes.
const (
	// ThemeSystem follows the system.
	ThemeSystem Theme = "system"
	ThemeLight  Theme = "light"
	ThemeDark   Theme = "dark"
)

// Hotkeys is where the keys of rules are heard.
type Hotkeys string

// The places.
const (
	// HotkeysEverywhere takes the keys from the system, so that they are heard while another program is in front.
	HotkeysEverywhere Hotkeys = "everywhere"
	// HotkeysWindow leaves them to other programs while LiveCue's window is not in front.
	HotkeysWindow Hotkeys = "window"
)

// TikTok says whose live stream to follow, and how to reach it.
type TikTok struct {
	// Handle is as the user typed it: name, @name or the address of the live page.
	Handle string `toml:"handle"`
	// Door is how to connect; empty is DoorAutomatic.
	Door Door `toml:"door,omitempty"`
	// SignerURL is the sign service of the direct door; empty is the public one.
	SignerURL string `toml:"signer_url,omitempty"`
	// EulerURL is the managed socket; empty is the public one.
	EulerURL string `toml:"euler_url,omitempty"`
	// TikFinityURL is where TikFinity's WebSocket is; empty is this computer's.
	TikFinityURL string `toml:"tikfinity_url,omitempty"`
	// ProxyURL is an HTTP proxy for TikTok's pages, or empty.
	ProxyURL string `toml:"proxy_url,omitempty"`
	// ProxyInsecure accepts any certificate behind the proxy. It is meant for test servers on this machine.
	ProxyInsecure bool `toml:"proxy_insecure,omitempty"`
}

// Door is a way to TikTok's events.
type Door string

// The doors.
const (
	// DoorAutomatic tries the others in order and says which holds.
	DoorAutomatic Door = "automatic"
	// DoorDirect is room page, signer, Webcast socket.
	DoorDirect Door = "direct"
	// DoorEuler is Euler Stream's managed socket, which needs a key.
	DoorEuler Door = "euler"
	// DoorTikFinity is a TikFinity that runs already.
	DoorTikFinity Door = "tikfinity"
)

// Server is a game server's RCON port.
type Server struct {
	// Name is how rules refer to it.
	Name string `toml:"name"`
	// Address is host:port.
	Address string `toml:"address"`
	// Timeout is the deadline of one command; 0 is 5 s.
	Timeout action.Duration `toml:"timeout,omitempty"`
	// Edition is how the server reads items in commands, for the ready-made ones: "modern" is Java 1.20.5 and newer, "legacy"
	// is older; empty is modern.
	Edition string `toml:"edition,omitempty"`
	// FailurePatterns are more texts that mark a reply as a refusal, compared without case.
	FailurePatterns []string `toml:"failure_patterns,omitempty"`
	// PerMinute is at most how many runs are begun in any minute, and the rest waits; 0 is no limit.
	PerMinute int `toml:"per_minute,omitempty"`
	// PerViewer is at most how many actions of one viewer are begun in any minute. The viewer's others wait, and those of
	// other viewers go on; 0 is no limit.
	PerViewer int `toml:"per_viewer,omitempty"`
}

// Sound sets the mixer.
type Sound struct {
	// Volume is the master volume in percent, 1 to 100; 0 is 100.
	Volume int `toml:"volume,omitempty"`
	// Voices is how many sounds may be heard at once; 0 is 8.
	Voices int `toml:"voices,omitempty"`
	// MaxWait is how long a sound may wait for its turn before it is given up; 0 is one minute.
	MaxWait action.Duration `toml:"max_wait,omitempty"`
	// PerMinute and PerViewer limit what is begun in any minute, as a Server's do.
	PerMinute int `toml:"per_minute,omitempty"`
	PerViewer int `toml:"per_viewer,omitempty"`
}

// LiveKit says which server's room to join, as one who only listens. The token, which names the room, is a secret, kept under KeyLiveKit.
type LiveKit struct {
	// Enabled keeps LiveCue in the room for as long as it runs.
	Enabled bool `toml:"enabled,omitempty"`
	// URL is the server, such as wss://example.livekit.cloud. Without a scheme it is wss, or ws on this computer.
	URL string `toml:"url,omitempty"`
}

// OBS says where OBS Studio's WebSocket server is, and how it is spoken to. Its password is a secret, kept under KeyOBS.
type OBS struct {
	// Address is host:port; empty is 127.0.0.1:4455.
	Address string `toml:"address,omitempty"`
	// Timeout is the deadline of each thing that OBS is asked or told; 0 is 5 s.
	Timeout action.Duration `toml:"timeout,omitempty"`
	// PerMinute and PerViewer limit what is begun in any minute, as a Server's do.
	PerMinute int `toml:"per_minute,omitempty"`
	PerViewer int `toml:"per_viewer,omitempty"`
}

// Queue sets how actions wait, and what happens to those that are left over.
type Queue struct {
	// Order says which go first, among those of rules with one priority; empty is OrderArrival.
	Order Order `toml:"order,omitempty"`
	// TakeTurns lets the viewers whose actions are of one rank take turns: one with many waiting does not hold up the others.
	TakeTurns bool `toml:"take_turns,omitempty"`
	// MaxWait is how long after it is due an action is still worth doing, where its rule does not say; 0 is for ever.
	MaxWait action.Duration `toml:"max_wait,omitempty"`
	// AfterCrash is what becomes of actions that were not done when the program ended; empty is AfterCrashAsk.
	AfterCrash AfterCrash `toml:"after_crash,omitempty"`
}

// Order says which of the waiting actions go first.
type Order string

// The orders.
const (
	// OrderArrival is as they come.
	OrderArrival Order = "arrival"
	// OrderCoins is most coins first.
	OrderCoins Order = "coins"
)

// AfterCrash says what becomes of actions that were not done when the program ended.
type AfterCrash string

// What can become of them.
const (
	AfterCrashAsk  AfterCrash = "ask"
	AfterCrashRun  AfterCrash = "run"
	AfterCrashDrop AfterCrash = "drop"
)

// Viewers are lists of viewers, by handle, with or without the @, or by the platform's id.
type Viewers struct {
	// Allow are those for whom rules may fire; empty is all.
	Allow []string `toml:"allow,omitempty"`
	// Block are those for whom no rule fires.
	Block []string `toml:"block,omitempty"`
}

// Group is a name that rules share, and a switch for all of them.
type Group struct {
	Name string `toml:"name"`
	Off  bool   `toml:"off,omitempty"`
}

// OffGroups returns the names of the groups that are switched off.
func (p Profile) OffGroups() []string {
	var off []string
	for _, g := range p.Groups {
		if g.Off {
			off = append(off, g.Name)
		}
	}
	return off
}

// Clone returns a copy that shares nothing with p.
func (p Profile) Clone() Profile {
	p.RCON = slices.Clone(p.RCON)
	for i := range p.RCON {
		p.RCON[i].FailurePatterns = slices.Clone(p.RCON[i].FailurePatterns)
	}
	p.Speech.Blocked = slices.Clone(p.Speech.Blocked)
	p.Viewers.Allow, p.Viewers.Block = slices.Clone(p.Viewers.Allow), slices.Clone(p.Viewers.Block)
	p.Plugins = slices.Clone(p.Plugins)
	for i := range p.Plugins {
		p.Plugins[i].Args, p.Plugins[i].Events = slices.Clone(p.Plugins[i].Args), slices.Clone(p.Plugins[i].Events)
	}
	p.Groups = slices.Clone(p.Groups)
	p.Rules = slices.Clone(p.Rules)
	for i := range p.Rules {
		p.Rules[i] = p.Rules[i].Clone()
	}
	return p
}

// Resolve returns a copy of r in which every command names its server, so that those for the first server share one lane
// whether they name it or not.
func (p Profile) Resolve(r rule.Rule) rule.Rule {
	r = r.Clone()
	if len(p.RCON) == 0 {
		return r
	}
	action.Each(r.Actions, func(a *action.Spec) {
		if a.RCON != nil && a.RCON.Server == "" {
			a.RCON.Server = p.RCON[0].Name
		}
	})
	return r
}

// ResolvedRules returns the rules as Resolve makes them, ready for a rule.Set.
func (p Profile) ResolvedRules() []rule.Rule {
	rules := make([]rule.Rule, len(p.Rules))
	for i, r := range p.Rules {
		rules[i] = p.Resolve(r)
	}
	return rules
}
