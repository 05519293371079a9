package profile

import (
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/livecue/livecue/core/action"
	"github.com/livecue/livecue/core/rule"
)

// Severity says how bad an Issue is.
type Severity string

// The severities.
const (
	// SeverityError is what keeps a part of the profile from working.
	SeverityError Severity = "error"
	// SeverityWarning is what works, and probably not as meant.
	SeverityWarning Severity = "warning"
)

// Issue is something in a profile that its user should look at.
type Issue struct {
	Severity Severity
	// RuleID and RuleName tell the rule that it is in, or are empty.
	RuleID, RuleName string
	// Field is the key with the sections before it, such as "rcon[0].address" or "rule[2].action[0].rcon.command"; lists
	// count from 0.
	Field string
	Code  action.ProblemCode
	// Text says it in English.
	Text string
}

// Codes of issues beside those of core/action.
const (
	// IssueDuplicate is a name that must be unique and is not.
	IssueDuplicate action.ProblemCode = "duplicate"
	// IssueServer is a rule that names a server that the profile does not have.
	IssueServer action.ProblemCode = "server"
	// IssueAddress is an address that cannot be one.
	IssueAddress action.ProblemCode = "address"
	// IssuePlaceholder is a placeholder that does not exist, or that stays empty with the rule's trigger.
	IssuePlaceholder action.ProblemCode = "placeholder"
	// IssueBody is a request whose body is not what it says it is.
	IssueBody action.ProblemCode = "body"
	// IssueRule is an action that runs a rule that the profile does not have.
	IssueRule action.ProblemCode = "rule"
	// IssueCycle is a rule that runs itself, through others or at once.
	IssueCycle action.ProblemCode = "cycle"
	// IssueGroup is a group that nothing else speaks of.
	IssueGroup action.ProblemCode = "group"
	// IssueInsecure is a setting that lets others listen.
	IssueInsecure action.ProblemCode = "insecure"
)

const (
	// maxCommand is the longest command that a Minecraft server reads over RCON, in bytes.
	maxCommand = 1446
	maxVoices  = 64
	maxTimeout = action.Duration(time.Minute)
	// MaxPerMinute bounds the limits per minute. A server that does more in a minute need not be held to any.
	MaxPerMinute = 10_000
	maxShort     = 200
	maxURL       = 2000
)

// Check returns all that is wrong or odd, in the order of the file. It looks at no file and asks no server.
func (p Profile) Check() []Issue {
	c := checker{profile: p}
	c.window()
	c.tiktok()
	c.servers()
	c.sound()
	c.obs()
	c.livekit()
	c.speech()
	c.queue()
	c.overlay()
	c.socket()
	c.tikfinity()
	c.plugins()
	c.api()
	c.viewers()
	c.groups()
	seen := map[string]bool{}
	for i, r := range p.Rules {
		c.rule(i, r, seen)
	}
	return c.issues
}

// HasErrors reports whether one of the issues is an error.
func HasErrors(issues []Issue) bool {
	return slices.ContainsFunc(issues, func(i Issue) bool { return i.Severity == SeverityError })
}

// checker gathers issues.
type checker struct {
	profile Profile
	issues  []Issue
	// current is the rule that is looked at, for the issues found in it.
	current rule.Rule
	// run are the ids of rules that others run; nil is not known yet.
	run map[string]bool
}

func (c *checker) add(s Severity, field string, code action.ProblemCode, format string, args ...any) {
	c.issues = append(c.issues, Issue{
		Severity: s, RuleID: c.current.ID, RuleName: c.current.Name, Field: field, Code: code, Text: fmt.Sprintf(format, args...),
	})
}

func (c *checker) fail(field string, code action.ProblemCode, format string, args ...any) {
	c.add(SeverityError, field, code, format, args...)
}

func (c *checker) window() {
	if len(c.profile.Name) > maxShort {
		c.fail("name", action.ProblemTooLong, "the profile's name is too long")
	}
	if !slices.Contains([]Hotkeys{"", HotkeysEverywhere, HotkeysWindow}, c.profile.Hotkeys) {
		c.fail("hotkeys", action.ProblemUnknown, "%q is no place for hotkeys: it must be everywhere or window", c.profile.Hotkeys)
	}
	if !slices.Contains([]Theme{"", ThemeSystem, ThemeLight, ThemeDark}, c.profile.Theme) {
		c.fail("theme", action.ProblemUnknown, "%q is no theme: it must be system, light or dark", c.profile.Theme)
	}
}

func (c *checker) tiktok() {
	t := c.profile.TikTok
	if len(t.Handle) > maxShort {
		c.fail("tiktok.handle", action.ProblemTooLong, "the TikTok name is too long")
	}
	if !slices.Contains([]Door{"", DoorAutomatic, DoorDirect, DoorEuler, DoorTikFinity}, t.Door) {
		c.fail("tiktok.door", action.ProblemUnknown, "%q is no way to TikTok: it must be automatic, direct, euler or tikfinity", t.Door)
	}
	c.url("tiktok.signer_url", t.SignerURL, "http", "https")
	c.url("tiktok.euler_url", t.EulerURL, "ws", "wss")
	c.url("tiktok.tikfinity_url", t.TikFinityURL, "ws", "wss")
	c.url("tiktok.proxy_url", t.ProxyURL, "http", "https")
	if u, err := url.Parse(t.ProxyURL); t.ProxyInsecure && (err != nil || !isLoopback(u.Hostname())) {
		c.add(SeverityWarning, "tiktok.proxy_insecure", IssueInsecure,
			"certificates are not checked, and the proxy is not on this computer: it can read and change everything")
	}
}

func (c *checker) url(field, text string, schemes ...string) {
	if text == "" {
		return
	}
	u, err := url.Parse(text)
	if err != nil || len(text) > maxURL || u.Hostname() == "" || !slices.Contains(schemes, u.Scheme) {
		c.fail(field, IssueAddress, "the address must begin with %s:// and name a host", strings.Join(schemes, ":// or "))
	}
}

func isLoopback(host string) bool {
	ip, err := netip.ParseAddr(host)
	return host == "localhost" || err == nil && ip.IsLoopback()
}

func (c *checker) servers() {
	names, variables := map[string]bool{}, map[string]string{}
	for i, s := range c.profile.RCON {
		field := func(key string) string { return fmt.Sprintf("rcon[%d].%s", i, key) }
		variable := EnvName(KeyRCON(s.Name))
		switch {
		case strings.TrimSpace(s.Name) == "":
			c.fail(field("name"), action.ProblemMissing, "the server has no name")
		case len(s.Name) > maxShort:
			c.fail(field("name"), action.ProblemTooLong, "the server's name is too long")
		case names[s.Name]:
			c.fail(field("name"), IssueDuplicate, "two servers are called %q", s.Name)
		case variables[variable] != "":
			c.add(SeverityWarning, field("name"), IssueDuplicate, "%q and %q share the environment variable %s", s.Name, variables[variable], variable)
		}
		names[s.Name], variables[variable] = true, s.Name
		if text := badAddress(s.Address); text != "" {
			c.fail(field("address"), IssueAddress, "%s", text)
		}
		if s.Timeout < 0 || s.Timeout > maxTimeout {
			c.fail(field("timeout"), action.ProblemRange, "the timeout must be from 0 to %v", maxTimeout)
		}
		if slices.ContainsFunc(s.FailurePatterns, func(p string) bool { return strings.TrimSpace(p) == "" }) {
			c.fail(field("failure_patterns"), action.ProblemMissing, "an empty pattern would take every reply for a refusal")
		}
		if !slices.Contains([]string{"", "modern", "legacy"}, s.Edition) {
			c.fail(field("edition"), action.ProblemUnknown, "%q is no edition: it must be modern or legacy", s.Edition)
		}
		c.perMinute(field("per_minute"), s.PerMinute)
		c.perMinute(field("per_viewer"), s.PerViewer)
	}
}

// perMinute looks at a limit of what may be begun in a minute.
func (c *checker) perMinute(field string, n int) {
	if n < 0 || n > MaxPerMinute {
		c.fail(field, action.ProblemRange, "%s must be from 0, which is no limit, to %d", field[strings.LastIndexByte(field, '.')+1:], MaxPerMinute)
	}
}

// badAddress returns why address is no host:port, or "".
func badAddress(address string) string {
	if address == "" {
		return "the address is missing"
	}
	host, port, err := net.SplitHostPort(address)
	if err != nil || host == "" || len(address) > maxShort || strings.ContainsAny(host, " \t\r\n/@") {
		return fmt.Sprintf("%q is no address such as \"127.0.0.1:25575\"", address)
	}
	if n, err := strconv.Atoi(port); err != nil || n < 1 || n > 65535 {
		return fmt.Sprintf("the port %q is not a number from 1 to 65535", port)
	}
	return ""
}

func (c *checker) sound() {
	s := c.profile.Sound
	if s.Volume < 0 || s.Volume > 100 {
		c.fail("sound.volume", action.ProblemRange, "volume must be from 0 to 100")
	}
	if s.Voices < 0 || s.Voices > maxVoices {
		c.fail("sound.voices", action.ProblemRange, "voices must be from 0 to %d", maxVoices)
	}
	if s.MaxWait < 0 || s.MaxWait > action.MaxDelay {
		c.fail("sound.max_wait", action.ProblemRange, "max_wait must be from 0 to %v", action.MaxDelay)
	}
	c.perMinute("sound.per_minute", s.PerMinute)
	c.perMinute("sound.per_viewer", s.PerViewer)
}

func (c *checker) obs() {
	o := c.profile.OBS
	if text := badAddress(o.Address); o.Address != "" && text != "" {
		c.fail("obs.address", IssueAddress, "%s", text)
	}
	if o.Timeout < 0 || o.Timeout > maxTimeout {
		c.fail("obs.timeout", action.ProblemRange, "the timeout must be from 0 to %v", maxTimeout)
	}
	c.perMinute("obs.per_minute", o.PerMinute)
	c.perMinute("obs.per_viewer", o.PerViewer)
}

func (c *checker) livekit() {
	l := c.profile.LiveKit
	if l.URL == "" {
		if l.Enabled {
			c.fail("livekit.url", action.ProblemMissing, "the address of the LiveKit server is missing")
		}
		return
	}
	text := l.URL
	if !strings.Contains(text, "://") {
		text = "wss://" + text
	}
	c.url("livekit.url", text, "wss", "ws", "https", "http")
	if u, err := url.Parse(text); err == nil && (u.Scheme == "ws" || u.Scheme == "http") && !isLoopback(u.Hostname()) {
		c.add(SeverityWarning, "livekit.url", IssueInsecure, "what LiveKit is told and tells, the token too, goes unencrypted over the network")
	}
}

func (c *checker) queue() {
	q := c.profile.Queue
	if !slices.Contains([]Order{"", OrderArrival, OrderCoins}, q.Order) {
		c.fail("queue.order", action.ProblemUnknown, "%q is no order: it must be arrival or coins", q.Order)
	}
	if q.MaxWait < 0 || q.MaxWait > rule.MaxMaxWait {
		c.fail("queue.max_wait", action.ProblemRange, "max_wait must be from 0 to %v", rule.MaxMaxWait)
	}
	if a := q.AfterCrash; !slices.Contains([]AfterCrash{"", AfterCrashAsk, AfterCrashRun, AfterCrashDrop}, a) {
		c.fail("queue.after_crash", action.ProblemUnknown, "%q is no way to go on: it must be ask, run or drop", a)
	}
}

// viewers looks at the lists of viewers.
func (c *checker) viewers() {
	add := func(field string, code action.ProblemCode, text string) []rule.Problem {
		c.fail(field, code, "%s", text)
		return nil
	}
	rule.CheckViewers("viewers.allow", c.profile.Viewers.Allow, add)
	rule.CheckViewers("viewers.block", c.profile.Viewers.Block, add)
}

func (c *checker) groups() {
	seen := map[string]bool{}
	for i, g := range c.profile.Groups {
		field := fmt.Sprintf("group[%d].name", i)
		switch {
		case strings.TrimSpace(g.Name) == "":
			c.fail(field, action.ProblemMissing, "the group has no name")
		case len(g.Name) > maxShort:
			c.fail(field, action.ProblemTooLong, "the group's name is too long")
		case seen[g.Name]:
			c.fail(field, IssueDuplicate, "two groups are called %q", g.Name)
		}
		seen[g.Name] = true
	}
}
