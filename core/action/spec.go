package action

import (
	"maps"
	"slices"
)

// Kind names a kind of action.
type Kind string

// The kinds of action.
const (
	KindRCON    Kind = "rcon"
	KindSound   Kind = "sound"
	KindHTTP    Kind = "http"
	KindOBS     Kind = "obs"
	KindSpeech  Kind = "speech"
	KindProgram Kind = "program"
	KindOverlay Kind = "overlay"
	KindCounter Kind = "counter"
	KindTimer   Kind = "timer"
	// KindPool and KindRun are not done themselves: they stand for other actions.
	KindPool Kind = "pool"
	KindRun  Kind = "run"
)

// Kinds returns all of them, in the order in which an editor lists them.
func Kinds() []Kind {
	return []Kind{
		KindRCON, KindSound, KindOverlay, KindSpeech, KindOBS, KindCounter, KindTimer, KindPool, KindRun, KindHTTP, KindProgram,
	}
}

// Spec is one action of a rule, as a profile holds it. Exactly one of the kinds' sections is set.
type Spec struct {
	// Delay is how long to wait after the action before it in the list was due, or after the trigger for the first.
	Delay Duration `toml:"delay,omitempty" json:"delay,omitempty"`
	// Repeat is how many times to do it; 0 is once.
	Repeat int `toml:"repeat,omitempty" json:"repeat,omitempty"`
	// PerGift does it again for each gift of the streak: Repeat times the count. It means nothing for other triggers.
	PerGift bool `toml:"per_gift,omitempty" json:"per_gift,omitempty"`

	RCON  *RCON  `toml:"rcon,omitempty" json:"rcon,omitempty"`
	Sound *Sound `toml:"sound,omitempty" json:"sound,omitempty"`

	HTTP    *HTTP    `toml:"http,omitempty" json:"http,omitempty"`
	OBS     *OBS     `toml:"obs,omitempty" json:"obs,omitempty"`
	Speech  *Speech  `toml:"speech,omitempty" json:"speech,omitempty"`
	Program *Program `toml:"program,omitempty" json:"program,omitempty"`
	Overlay *Overlay `toml:"overlay,omitempty" json:"overlay,omitempty"`
	Counter *Counter `toml:"counter,omitempty" json:"counter,omitempty"`
	Timer   *Timer   `toml:"timer,omitempty" json:"timer,omitempty"`
	Pool    *Pool    `toml:"pool,omitempty" json:"pool,omitempty"`
	Run     *Run     `toml:"run,omitempty" json:"run,omitempty"`
}

// RCON sends commands to a game server.
type RCON struct {
	// Server is the name of a server of the profile; empty is the first.
	Server string `toml:"server,omitempty" json:"server,omitempty"`
	// Command is one command a line, with placeholders; a leading slash is dropped.
	Command string `toml:"command,multiline" json:"command"`
}

// Sound plays a sound.
type Sound struct {
	// File is a path, or the name of a bundled sound after "bundled:", such as "bundled:chime".
	File string `toml:"file" json:"file"`
	// Volume is in percent, 1 to 100; 0 is 100.
	Volume int `toml:"volume,omitempty" json:"volume,omitempty"`
}

// Kind returns which section is set, or "" when none or several are.
func (s Spec) Kind() Kind {
	var kind Kind
	for _, one := range []struct {
		kind  Kind
		isSet bool
	}{
		{KindRCON, s.RCON != nil},
		{KindSound, s.Sound != nil},
		{KindHTTP, s.HTTP != nil},
		{KindOBS, s.OBS != nil},
		{KindSpeech, s.Speech != nil},
		{KindProgram, s.Program != nil},
		{KindOverlay, s.Overlay != nil},
		{KindCounter, s.Counter != nil},
		{KindTimer, s.Timer != nil},
		{KindPool, s.Pool != nil},
		{KindRun, s.Run != nil},
	} {
		switch {
		case !one.isSet:
		case kind != "":
			return ""
		default:
			kind = one.kind
		}
	}
	return kind
}

// WebLane begins the name of each lane of requests; the server's name and port follow.
const WebLane = "http:"

// Lane names the target that s is done against: jobs of one lane keep their order, lanes do not hold each other up. It is empty for
// kinds that stand for other actions.
func (s Spec) Lane() string {
	switch kind := s.Kind(); kind {
	case KindRCON:
		return "rcon:" + s.RCON.Server
	case KindHTTP:
		return WebLane + s.HTTP.Host()
	case KindCounter, KindTimer:
		return "state"
	case KindPool, KindRun:
		return ""
	default:
		return string(kind)
	}
}

// MaxRepeat bounds how many runs one job may have, whatever count a platform reports.
const MaxRepeat = 10_000

// Times returns how many runs a trigger with count gifts asks for, from 1 to MaxRepeat.
func (s Spec) Times(count int) int {
	times := max(s.Repeat, 1)
	if s.PerGift && count > 1 {
		if times > MaxRepeat/count {
			return MaxRepeat
		}
		times *= count
	}
	return min(times, MaxRepeat)
}

// Clone returns a copy that shares nothing with s.
func (s Spec) Clone() Spec {
	s.RCON, s.Sound, s.OBS, s.Speech = clone(s.RCON), clone(s.Sound), clone(s.OBS), clone(s.Speech)
	s.Overlay, s.Counter, s.Timer, s.Run = clone(s.Overlay), clone(s.Counter), clone(s.Timer), clone(s.Run)
	if s.HTTP = clone(s.HTTP); s.HTTP != nil {
		s.HTTP.Headers = maps.Clone(s.HTTP.Headers)
	}
	if s.Program = clone(s.Program); s.Program != nil {
		s.Program.Args = slices.Clone(s.Program.Args)
	}
	if s.Pool = clone(s.Pool); s.Pool != nil {
		s.Pool.Choices = slices.Clone(s.Pool.Choices)
		for i, c := range s.Pool.Choices {
			s.Pool.Choices[i].Actions = CloneAll(c.Actions)
		}
	}
	return s
}

// CloneAll returns copies that share nothing with all; nil for none.
func CloneAll(all []Spec) []Spec {
	if all == nil {
		return nil
	}
	copies := make([]Spec, len(all))
	for i, s := range all {
		copies[i] = s.Clone()
	}
	return copies
}

// clone returns a pointer to a copy, or nil.
func clone[T any](p *T) *T {
	if p == nil {
		return nil
	}
	c := *p
	return &c
}
