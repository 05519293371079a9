package profile

import (
	"bytes"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/livecue/livecue/core/action"
	"github.com/livecue/livecue/core/event"
	"github.com/livecue/livecue/core/rule"
)

func TestCheck(t *testing.T) {
	cmd := func(p *Profile, text string) { p.Rules[0].Actions[0].RCON.Command = text }
	tests := []struct {
		name     string
		edit     func(*Profile)
		severity Severity
		field    string
		code     action.ProblemCode
	}{
		{"fine", func(*Profile) {}, "", "", ""},
		{"long name", func(p *Profile) { p.Name = strings.Repeat("x", 300) }, SeverityError, "name", action.ProblemTooLong},
		{"hotkeys", func(p *Profile) { p.Hotkeys = "nowhere" }, SeverityError, "hotkeys", action.ProblemUnknown},
		{"theme", func(p *Profile) { p.Theme = "pink" }, SeverityError, "theme", action.ProblemUnknown},
		{"door", func(p *Profile) { p.TikTok.Door = "window" }, SeverityError, "tiktok.door", action.ProblemUnknown},
		{"handle", func(p *Profile) { p.TikTok.Handle = strings.Repeat("x", 300) }, SeverityError, "tiktok.handle", action.ProblemTooLong},
		{"signer", func(p *Profile) { p.TikTok.SignerURL = "localhost:80" }, SeverityError, "tiktok.signer_url", IssueAddress},
		{"euler", func(p *Profile) { p.TikTok.EulerURL = "https://x" }, SeverityError, "tiktok.euler_url", IssueAddress},
		{"proxy", func(p *Profile) { p.TikTok.ProxyURL = "http://" }, SeverityError, "tiktok.proxy_url", IssueAddress},
		{"insecure at home", func(p *Profile) { p.TikTok.ProxyURL, p.TikTok.ProxyInsecure = "http://127.0.0.1:1", true }, "", "", ""},
		{"insecure", func(p *Profile) { p.TikTok.ProxyURL, p.TikTok.ProxyInsecure = "http://example.com:1", true }, SeverityWarning, "tiktok.proxy_insecure", IssueInsecure},
		{"server without a name", func(p *Profile) { p.RCON[0].Name = " " }, SeverityError, "rcon[0].name", action.ProblemMissing},
		{"server twice", func(p *Profile) { p.RCON = append(p.RCON, p.RCON[0]) }, SeverityError, "rcon[1].name", IssueDuplicate},
		{"servers with one variable", func(p *Profile) { p.RCON = append(p.RCON, Server{Name: "Minecraft", Address: "a:1"}) }, SeverityWarning, "rcon[1].name", IssueDuplicate},
		{"no address", func(p *Profile) { p.RCON[0].Address = "" }, SeverityError, "rcon[0].address", IssueAddress},
		{"no port", func(p *Profile) { p.RCON[0].Address = "127.0.0.1" }, SeverityError, "rcon[0].address", IssueAddress},
		{"odd port", func(p *Profile) { p.RCON[0].Address = "127.0.0.1:70000" }, SeverityError, "rcon[0].address", IssueAddress},
		{"odd host", func(p *Profile) { p.RCON[0].Address = "http://x:1" }, SeverityError, "rcon[0].address", IssueAddress},
		{"IPv6", func(p *Profile) { p.RCON[0].Address = "[::1]:25575" }, "", "", ""},
		{"timeout", func(p *Profile) { p.RCON[0].Timeout = action.Duration(time.Hour) }, SeverityError, "rcon[0].timeout", action.ProblemRange},
		{"edition", func(p *Profile) { p.RCON[0].Edition = "bedrock" }, SeverityError, "rcon[0].edition", action.ProblemUnknown},
		{"empty pattern", func(p *Profile) { p.RCON[0].FailurePatterns = []string{""} }, SeverityError, "rcon[0].failure_patterns", action.ProblemMissing},
		{"volume", func(p *Profile) { p.Sound.Volume = 200 }, SeverityError, "sound.volume", action.ProblemRange},
		{"voices", func(p *Profile) { p.Sound.Voices = -1 }, SeverityError, "sound.voices", action.ProblemRange},
		{"sounds a minute", func(p *Profile) { p.Sound.PerMinute = -1 }, SeverityError, "sound.per_minute", action.ProblemRange},
		{"sounds of a viewer", func(p *Profile) { p.Sound.PerViewer = MaxPerMinute + 1 }, SeverityError, "sound.per_viewer", action.ProblemRange},
		{"commands a minute", func(p *Profile) { p.RCON[0].PerMinute = math.MaxInt }, SeverityError, "rcon[0].per_minute", action.ProblemRange},
		{"commands of a viewer", func(p *Profile) { p.RCON[0].PerViewer = -30 }, SeverityError, "rcon[0].per_viewer", action.ProblemRange},
		{"address of OBS", func(p *Profile) { p.OBS.Address = "localhost" }, SeverityError, "obs.address", IssueAddress},
		{"timeout of OBS", func(p *Profile) { p.OBS.Timeout = maxTimeout + 1 }, SeverityError, "obs.timeout", action.ProblemRange},
		{"OBS a minute", func(p *Profile) { p.OBS.PerMinute = -1 }, SeverityError, "obs.per_minute", action.ProblemRange},
		{"OBS of a viewer", func(p *Profile) { p.OBS.PerViewer = MaxPerMinute + 1 }, SeverityError, "obs.per_viewer", action.ProblemRange},
		{"slow speech", func(p *Profile) { p.Speech.Rate = 49 }, SeverityError, "speech.rate", action.ProblemRange},
		{"loud speech", func(p *Profile) { p.Speech.Volume = 101 }, SeverityError, "speech.volume", action.ProblemRange},
		{"short speech", func(p *Profile) { p.Speech.MaxLength = 19 }, SeverityError, "speech.max_length", action.ProblemRange},
		{"long voice", func(p *Profile) { p.Speech.Voice = strings.Repeat("x", 201) }, SeverityError, "speech.voice", action.ProblemTooLong},
		{"patient speech", func(p *Profile) { p.Speech.MaxWait = -1 }, SeverityError, "speech.max_wait", action.ProblemRange},
		{"speech a minute", func(p *Profile) { p.Speech.PerMinute = -1 }, SeverityError, "speech.per_minute", action.ProblemRange},
		{"speech of a viewer", func(p *Profile) { p.Speech.PerViewer = -1 }, SeverityError, "speech.per_viewer", action.ProblemRange},
		{"blank word", func(p *Profile) { p.Speech.Blocked = []string{"darn", " "} }, SeverityError, "speech.blocked", action.ProblemMissing},
		{"long word", func(p *Profile) { p.Speech.Blocked = []string{strings.Repeat("x", 201)} }, SeverityError, "speech.blocked", action.ProblemTooLong},
		{"many words", func(p *Profile) { p.Speech.Blocked = make([]string, 2001) }, SeverityError, "speech.blocked", action.ProblemRange},
		{"speech", func(p *Profile) { p.Speech = Speech{Rate: 300, Volume: 100, MaxLength: 2000, Blocked: []string{"a b"}} }, "", "", ""},
		{"OBS elsewhere", func(p *Profile) { p.OBS = OBS{Address: "192.0.2.7:4456", Timeout: maxTimeout, PerMinute: 1} }, "", "", ""},
		{"limits", func(p *Profile) { p.RCON[0].PerMinute, p.Sound.PerViewer = MaxPerMinute, 1 }, "", "", ""},
		{"plugin", func(p *Profile) {
			p.Plugins = []Plugin{{Name: "Counter", Program: "python3", Args: []string{"-u", "counter.py"}, Events: []event.Kind{"gift"}, Start: StartWithLive}}
		}, "", "", ""},
		{"plugin's name", func(p *Profile) { p.Plugins = []Plugin{{Name: " ", Program: "x"}} }, SeverityError, "plugin[0].name", action.ProblemMissing},
		{"plugin's long name", func(p *Profile) { p.Plugins = []Plugin{{Name: strings.Repeat("x", 10_000), Program: "x"}} }, SeverityError, "plugin[0].name", action.ProblemTooLong},
		{"plugin twice", func(p *Profile) { p.Plugins = []Plugin{{Name: "a", Program: "x"}, {Name: "a", Program: "x"}} }, SeverityError, "plugin[1].name", IssueDuplicate},
		{"no program", func(p *Profile) { p.Plugins = []Plugin{{Name: "a"}} }, SeverityError, "plugin[0].program", action.ProblemMissing},
		{"long program", func(p *Profile) { p.Plugins = []Plugin{{Name: "a", Program: strings.Repeat("x", 10_000)}} }, SeverityError, "plugin[0].program", action.ProblemTooLong},
		{"program's zero", func(p *Profile) { p.Plugins = []Plugin{{Name: "a", Program: "x", Args: []string{"a\x00b"}}} }, SeverityError, "plugin[0].args", action.ProblemTooLong},
		{"plugin's folder", func(p *Profile) { p.Plugins = []Plugin{{Name: "a", Program: "x", Folder: "\x00"}} }, SeverityError, "plugin[0].folder", action.ProblemTooLong},
		{"plugin's events", func(p *Profile) { p.Plugins = []Plugin{{Name: "a", Program: "x", Events: []event.Kind{"gifts"}}} }, SeverityError, "plugin[0].events", action.ProblemUnknown},
		{"plugin's start", func(p *Profile) { p.Plugins = []Plugin{{Name: "a", Program: "x", Start: "never"}} }, SeverityError, "plugin[0].start", action.ProblemUnknown},
		{"many plugins", func(p *Profile) { p.Plugins = make([]Plugin, MaxPlugins+1) }, SeverityError, "plugin", action.ProblemRange},
		{"order", func(p *Profile) { p.Queue.Order = "alphabet" }, SeverityError, "queue.order", action.ProblemUnknown},
		{"as they come", func(p *Profile) { p.Queue.Order, p.Queue.TakeTurns = OrderArrival, true }, "", "", ""},
		{"give up", func(p *Profile) { p.Queue.MaxWait = rule.MaxMaxWait + 1 }, SeverityError, "queue.max_wait", action.ProblemRange},
		{"rule's priority", func(p *Profile) { p.Rules[0].Priority = "urgent" }, SeverityError, "rule[0].priority", action.ProblemUnknown},
		{"after a crash", func(p *Profile) { p.Queue.AfterCrash = "pray" }, SeverityError, "queue.after_crash", action.ProblemUnknown},
		{"wait", func(p *Profile) { p.Sound.MaxWait = -1 }, SeverityError, "sound.max_wait", action.ProblemRange},
		{"rule twice", func(p *Profile) { p.Rules[1].ID = p.Rules[0].ID }, SeverityError, "rule[1].id", IssueDuplicate},
		{"rule's own", func(p *Profile) { p.Rules[0].Trigger = rule.Trigger{Kind: rule.OnGift} }, SeverityError, "rule[0].trigger.gift", action.ProblemMissing},
		{"unknown server", func(p *Profile) { p.Rules[0].Actions[0].RCON.Server = "moon" }, SeverityError, "rule[0].action[0].rcon.server", IssueServer},
		{"long command", func(p *Profile) { cmd(p, "say hi\nsay "+strings.Repeat("x", 1443)) }, SeverityError, "rule[0].action[0].rcon.command", action.ProblemTooLong},
		{"longest command", func(p *Profile) { cmd(p, "say {nickname:json}"+strings.Repeat("x", 1442)) }, "", "", ""},
		{"body", func(p *Profile) {
			p.Rules[0].Actions[0] = action.Spec{HTTP: &action.HTTP{URL: "http://127.0.0.1/", Body: `{"who": {nickname}}`}}
		}, SeverityError, "rule[0].action[0].http.body", IssueBody},
		{"slip", func(p *Profile) { cmd(p, "say {usr}") }, SeverityWarning, "rule[0].action[0].rcon.command", IssuePlaceholder},
		{"empty placeholder", func(p *Profile) { cmd(p, "say {args} {args}") }, SeverityWarning, "rule[0].action[0].rcon.command", IssuePlaceholder},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			p := Default()
			tt.edit(&p)
			issues := p.Check()
			if tt.code == "" {
				if len(issues) != 0 {
					t.Errorf("got %+v", issues)
				}
				return
			}
			if len(issues) != 1 {
				t.Fatalf("got %d issues: %+v", len(issues), issues)
			}
			i := issues[0]
			if i.Severity != tt.severity || i.Field != tt.field || i.Code != tt.code || i.Text == "" {
				t.Errorf("got %+v, want %s at %s: %s", i, tt.severity, tt.field, tt.code)
			}
			if isInRule := strings.HasPrefix(i.Field, "rule["); isInRule != (i.RuleID != "") {
				t.Errorf("%s is told of rule %q", i.Field, i.RuleID)
			}
			if HasErrors(issues) != (tt.severity == SeverityError) {
				t.Errorf("HasErrors is %v", HasErrors(issues))
			}
		})
	}
}

func TestCheckWithoutServers(t *testing.T) {
	p := Default()
	p.RCON = nil
	if issues := p.Check(); !HasErrors(issues) || issues[0].Code != IssueServer {
		t.Errorf("got %+v", issues)
	}
	if issues := (Profile{}).Check(); len(issues) != 0 {
		t.Errorf("an empty profile: %+v", issues)
	}
}

func TestCheckRule(t *testing.T) {
	p := Default()
	r := p.Rules[0].Clone()
	if issues := p.CheckRule(r); len(issues) != 0 {
		t.Errorf("got %+v", issues)
	}
	r.Actions[0].RCON.Server = "moon"
	if issues := p.CheckRule(r); len(issues) != 1 || issues[0].Field != "action[0].rcon.server" || issues[0].RuleName != r.Name {
		t.Errorf("got %+v", issues)
	}
}

func TestCheckFile(t *testing.T) {
	text := strings.Join([]string{
		/* 1 */ "version = 1", "[[rcon]]", "name = 'minecraft'", "address = 'nowhere'",
		/* 5 */ "[[rule]]", "id = 'a'", "name = 'A'", "trigger.kind = 'follow'",
		/* 9 */ "[[rule.action]]", "rcon.command = 'say {user}'",
		/* 11 */ "[[rule]]", "id = 'b'", "name = 'B'", "[rule.trigger]", "  kind = 'likes'",
		/* 16 */ "[[rule.action]]", "delay = '1s'", "[[rule.action]]", "[rule.action.rcon]", "command = 'say {usr}'", "server = 'moon'",
	}, "\n")
	path := writeFile(t, text)
	var out bytes.Buffer
	isUsable, err := CheckFile(path, &out)
	if err != nil || isUsable {
		t.Errorf("usable: %v, %v", isUsable, err)
	}
	want := []string{
		`4:1: error: "nowhere" is no address such as "127.0.0.1:25575"`,
		`14:2: error: rule "B": every must be 1 or more likes`,
		`16:3: error: rule "B": an action must be of exactly one kind`,
		`21:1: error: rule "B": there is no server called "moon"`,
		`20:1: warning: rule "B": {usr} is no placeholder and is sent as it is: did you mean {user}?`,
	}
	for i := range want {
		want[i] = path + ":" + want[i]
	}
	if got := strings.TrimSpace(out.String()); got != strings.Join(want, "\n") {
		t.Errorf("got\n%s\nwant\n%s", got, strings.Join(want, "\n"))
	}
}

func TestCheckFileOfEveryKind(t *testing.T) {
	fine := filepath.Join(t.TempDir(), "fine.toml")
	if err := Save(fine, Default()); err != nil {
		t.Fatal(err)
	}
	warns := writeFile(t, "version = 1\nname = 'x'\n[tiktok]\nproxy_url = 'http://example.com'\nproxy_insecure = true\n")
	two := writeFile(t, "version = 1\n[tiktok]\na = 1\nb = 2\n")
	missing := filepath.Join(t.TempDir(), "none.toml")
	for path, want := range map[string]struct {
		isUsable bool
		lines    []string
	}{
		fine:    {true, nil},
		warns:   {true, []string{":5:1: warning: "}},
		two:     {false, []string{`:3:1: unknown key "tiktok.a"`, `:4:1: unknown key "tiktok.b"`}},
		missing: {false, []string{": cannot be read: "}},
	} {
		var out bytes.Buffer
		isUsable, err := CheckFile(path, &out)
		lines := strings.Split(strings.TrimSuffix(out.String(), "\n"), "\n")
		if out.Len() == 0 {
			lines = nil
		}
		if err != nil || isUsable != want.isUsable || len(lines) != len(want.lines) {
			t.Errorf("usable: %v, %v, %q; want %+v", isUsable, err, lines, want)
			continue
		}
		for i := range lines {
			if !strings.HasPrefix(lines[i], path+want.lines[i]) {
				t.Errorf("got %q, want it to begin with %q", lines[i], path+want.lines[i])
			}
		}
	}
	if _, err := CheckFile(two, brokenPipe{}); err == nil {
		t.Error("findings that could not be written are kept quiet")
	}
}

type brokenPipe struct{}

func (brokenPipe) Write([]byte) (int, error) { return 0, fmt.Errorf("write: %w", os.ErrClosed) }
