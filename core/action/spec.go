package action

// Kind names a kind of action.
type Kind string

// The kinds of action.
const (
	KindRCON  Kind = "rcon"
	KindSound Kind = "sound"
)

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
	switch {
	case s.RCON != nil && s.Sound == nil:
		return KindRCON
	case s.Sound != nil && s.RCON == nil:
		return KindSound
	default:
		return ""
	}
}

// Lane names the target that s is done against: jobs of one lane keep their order, lanes do not hold each other up.
func (s Spec) Lane() string {
	switch s.Kind() {
	case KindRCON:
		return "rcon:" + s.RCON.Server
	case KindSound:
		return "sound"
	default:
		return ""
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
	if s.RCON != nil {
		c := *s.RCON
		s.RCON = &c
	}
	if s.Sound != nil {
		c := *s.Sound
		s.Sound = &c
	}
	return s
}
