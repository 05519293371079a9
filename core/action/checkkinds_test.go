package action

import (
	"strings"
	"testing"
	"time"
)

func TestProblemsOfEachKind(t *testing.T) {
	long := strings.Repeat("x", 100_000)
	say := Spec{Speech: &Speech{Text: "Thanks {nickname}"}}
	for _, tt := range []struct {
		spec Spec
		want string // the field with a problem; "" is none
	}{
		{Spec{HTTP: &HTTP{URL: "https://example.org/gift?who={user}"}}, ""},
		{Spec{HTTP: &HTTP{URL: "https://example.org", Method: "POST", Headers: map[string]string{"X-Key": "1"}, Body: `{"n":"{nickname:json}"}`}}, ""},
		{Spec{HTTP: &HTTP{}}, "http.url"},
		{Spec{HTTP: &HTTP{URL: "file:///etc/passwd"}}, "http.url"},
		{Spec{HTTP: &HTTP{URL: "https://{user}.example.org/"}}, "http.url"},
		{Spec{HTTP: &HTTP{URL: "https://example.org", Method: "SUMMON"}}, "http.method"},
		{Spec{HTTP: &HTTP{URL: "https://example.org", Headers: map[string]string{"A": "b\r\nC: d"}}}, "http.headers"},
		{Spec{HTTP: &HTTP{URL: "https://example.org", Body: long}}, "http.body"},
		{Spec{HTTP: &HTTP{URL: "https://example.org", Timeout: Duration(time.Hour)}}, "http.timeout"},
		{Spec{OBS: &OBS{Do: OBSScene, Scene: "Boss fight"}}, ""},
		{Spec{OBS: &OBS{Do: OBSScene}}, "obs.scene"},
		{Spec{OBS: &OBS{}}, "obs.do"},
		{Spec{OBS: &OBS{Do: "explode"}}, "obs.do"},
		{Spec{OBS: &OBS{Do: OBSFilter, Source: "Cam"}}, "obs.filter"},
		{Spec{OBS: &OBS{Do: OBSSource, Source: "Cam", Switch: "sideways"}}, "obs.switch"},
		{say, ""},
		{Spec{Speech: &Speech{Text: " "}}, "speech.text"},
		{Spec{Speech: &Speech{Text: "a", Rate: 20}}, "speech.rate"},
		{Spec{Program: &Program{Path: "/usr/bin/notify-send", Args: []string{"--", "{nickname}", "x{count}"}}}, ""},
		{Spec{Program: &Program{Path: "a", Args: []string{"--name={user}"}}}, "program.args[0]"},
		{Spec{Program: &Program{Path: "a", Args: []string{"{user}{comment}"}}}, "program.args[0]"},
		{Spec{Program: &Program{}}, "program.path"},
		{Spec{Overlay: &Overlay{Text: "Thank you"}}, ""},
		{Spec{Overlay: &Overlay{}}, "overlay.text"},
		{Spec{Overlay: &Overlay{Text: "a", Animation: "explode"}}, "overlay.animation"},
		{Spec{Counter: &Counter{Name: "deaths"}}, ""},
		{Spec{Counter: &Counter{}}, "counter.name"},
		{Spec{Counter: &Counter{Name: "a", Amount: 1 << 40}}, "counter.amount"},
		{Spec{Timer: &Timer{Name: "subathon", Do: TimerAdd, Time: Duration(time.Second)}}, ""},
		{Spec{Timer: &Timer{Name: "subathon", Do: TimerAdd}}, "timer.time"},
		{Spec{Timer: &Timer{Name: "subathon"}}, "timer.do"},
		{Spec{Run: &Run{Rule: "rose"}}, ""},
		{Spec{Run: &Run{}}, "run.rule"},
		{Spec{Pool: &Pool{Choices: []Choice{{Actions: []Spec{say}}, {Weight: 3}}}}, ""},
		{Spec{Pool: &Pool{}}, "pool.choice"},
		{Spec{Pool: &Pool{Order: "best", Choices: []Choice{{}}}}, "pool.order"},
		{Spec{Pool: &Pool{Choices: []Choice{{Weight: -1}}}}, "pool.choice[0].weight"},
		{Spec{Pool: &Pool{Choices: []Choice{{}, {Actions: []Spec{{Speech: &Speech{}}}}}}}, "pool.choice[1].action[0].speech.text"},
		{Spec{Run: &Run{Rule: "a"}, Counter: &Counter{Name: "b"}}, ""},
	} {
		problems := tt.spec.Problems()
		got := ""
		if len(problems) > 0 {
			got = problems[0].Field
		}
		if tt.spec.Kind() == "" {
			if len(problems) != 1 || problems[0].Code != ProblemKind {
				t.Errorf("%+v: %v", tt.spec, problems)
			}
			continue
		}
		if got != tt.want {
			t.Errorf("%+v: %v, want %q", tt.spec, problems, tt.want)
		}
	}
}

func TestPoolsInPoolsEnd(t *testing.T) {
	s := Spec{Sound: &Sound{File: "bundled:chime"}}
	for range 20 {
		s = Spec{Pool: &Pool{Choices: []Choice{{Actions: []Spec{s}}}}}
	}
	if problems := s.Problems(); len(problems) != 1 || problems[0].Code != ProblemRange {
		t.Errorf("%v", problems)
	}
}

func TestCloneOfEachKindSharesNothing(t *testing.T) {
	s := Spec{HTTP: &HTTP{Headers: map[string]string{"a": "b"}}}
	c := s.Clone()
	c.HTTP.Headers["a"] = "c"
	p := Spec{Pool: &Pool{Choices: []Choice{{Actions: []Spec{{Program: &Program{Args: []string{"a"}}}}}}}}
	d := p.Clone()
	d.Pool.Choices[0].Actions[0].Program.Args[0] = "b"
	d.Pool.Choices[0].Weight = 5
	if s.HTTP.Headers["a"] != "b" || p.Pool.Choices[0].Actions[0].Program.Args[0] != "a" || p.Pool.Choices[0].Weight != 0 {
		t.Error("a clone shares something")
	}
}
