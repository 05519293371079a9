package action

import (
	"errors"
	"math"
	"strings"
	"testing"
	"time"
)

func TestTimes(t *testing.T) {
	tests := []struct {
		name    string
		repeat  int
		perGift bool
		count   int
		want    int
	}{
		{"nothing set", 0, false, 0, 1},
		{"repeat alone", 3, false, 50, 3},
		{"per gift", 0, true, 50, 50},
		{"both", 3, true, 50, 150},
		{"per gift of none", 3, true, 0, 3},
		{"negative count", 2, true, -5, 2},
		{"negative repeat", -2, true, 5, 5},
		{"at the bound", 100, true, 100, MaxRepeat},
		{"over the bound", 101, true, 100, MaxRepeat},
		{"repeat over the bound", MaxRepeat + 1, false, 1, MaxRepeat},
		{"overflow", 1 << 40, true, 1 << 40, MaxRepeat},
		{"largest", math.MaxInt, true, math.MaxInt, MaxRepeat},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := (Spec{Repeat: tt.repeat, PerGift: tt.perGift}).Times(tt.count); got != tt.want {
				t.Errorf("got %d, want %d", got, tt.want)
			}
		})
	}
}

func TestSpecProblems(t *testing.T) {
	rcon, sound := &RCON{Command: "say hi"}, &Sound{File: "bundled:chime"}
	tests := []struct {
		name  string
		spec  Spec
		field string
		code  ProblemCode
	}{
		{"rcon", Spec{RCON: rcon, Repeat: MaxRepeat, Delay: MaxDelay}, "", ""},
		{"sound", Spec{Sound: sound}, "", ""},
		{"nothing", Spec{}, "", ProblemKind},
		{"both", Spec{RCON: rcon, Sound: sound}, "", ProblemKind},
		{"negative repeat", Spec{RCON: rcon, Repeat: -1}, "repeat", ProblemRange},
		{"large repeat", Spec{RCON: rcon, Repeat: MaxRepeat + 1}, "repeat", ProblemRange},
		{"negative delay", Spec{RCON: rcon, Delay: -1}, "delay", ProblemRange},
		{"long delay", Spec{RCON: rcon, Delay: Duration(25 * time.Hour)}, "delay", ProblemRange},
		{"empty command", Spec{RCON: &RCON{Command: " \n / \n"}}, "rcon.command", ProblemMissing},
		{"huge command", Spec{RCON: &RCON{Command: strings.Repeat("x", MaxCommandText+1)}}, "rcon.command", ProblemTooLong},
		{"no file", Spec{Sound: &Sound{}}, "sound.file", ProblemMissing},
		{"huge path", Spec{Sound: &Sound{File: strings.Repeat("x", 5000)}}, "sound.file", ProblemTooLong},
		{"loud", Spec{Sound: &Sound{File: "a.wav", Volume: 101}}, "sound.volume", ProblemRange},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			err := tt.spec.Check()
			if tt.code == "" {
				if err != nil {
					t.Errorf("refused: %v", err)
				}
				return
			}
			var p Problem
			if !errors.As(err, &p) || p.Field != tt.field || p.Code != tt.code || p.Text == "" {
				t.Errorf("got %+v, want field %q, code %q", err, tt.field, tt.code)
			}
		})
	}
	if got := (Spec{Repeat: -1, Delay: -1}).Problems(); len(got) != 3 {
		t.Errorf("of three problems, %d are told: %v", len(got), got)
	}
}

func TestSpecKindAndLane(t *testing.T) {
	tests := []struct {
		spec Spec
		kind Kind
		lane string
	}{
		{Spec{RCON: &RCON{Server: "skyblock"}}, KindRCON, "rcon:skyblock"},
		{Spec{Sound: &Sound{}}, KindSound, "sound"},
		{Spec{HTTP: &HTTP{URL: "https://Lamp.Example:8443/on?by={user}"}}, KindHTTP, "http:lamp.example:8443"},
		{Spec{HTTP: &HTTP{URL: " https://lamp.example:443#x"}}, KindHTTP, "http:lamp.example"},
		{Spec{HTTP: &HTTP{URL: "http://pia:secret@lamp.example?{user}"}}, KindHTTP, "http:lamp.example"},
		{Spec{HTTP: &HTTP{URL: "http://[::1]:80/%zz/{nickname}"}}, KindHTTP, "http:[::1]"},
		{Spec{HTTP: &HTTP{URL: "lamp.example/on"}}, KindHTTP, "http:"},
		{Spec{HTTP: &HTTP{URL: "http://a b/"}}, KindHTTP, "http:"},
		{Spec{}, "", ""},
		{Spec{RCON: &RCON{}, Sound: &Sound{}}, "", ""},
	}
	for _, tt := range tests {
		if tt.spec.Kind() != tt.kind || tt.spec.Lane() != tt.lane || (Job{Spec: tt.spec}).Lane() != tt.lane {
			t.Errorf("%+v: kind %q, lane %q; want %q, %q", tt.spec, tt.spec.Kind(), tt.spec.Lane(), tt.kind, tt.lane)
		}
	}
}

func TestSpecCloneSharesNothing(t *testing.T) {
	a := Spec{RCON: &RCON{Command: "say a"}, Sound: &Sound{File: "a.wav"}}
	b := a.Clone()
	b.RCON.Command, b.Sound.File = "say b", "b.wav"
	if a.RCON.Command != "say a" || a.Sound.File != "a.wav" {
		t.Errorf("changing the copy changed the original: %+v %+v", a.RCON, a.Sound)
	}
}
