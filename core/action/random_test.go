package action

import "testing"

func TestRoll(t *testing.T) {
	var asked [][2]int
	pick := func(low, high int) int {
		asked = append(asked, [2]int{low, high})
		return high
	}
	tests := []struct{ text, want string }{
		{"give @a apple {random:1-10}", "give @a apple 10"},
		{"{random:3-3} {user} {random:0-999999999}", "3 {user} 999999999"},
		{"{random:10-1} {random:1-} {random:1-2 {random:-1-2} {random:1-9999999999}", "{random:10-1} {random:1-} {random:1-2 {random:-1-2} {random:1-9999999999}"},
		{"nothing to throw", "nothing to throw"},
	}
	for _, tt := range tests {
		s := Spec{RCON: &RCON{Command: tt.text}}
		if got := s.Roll(pick).RCON.Command; got != tt.want {
			t.Errorf("%q became %q, want %q", tt.text, got, tt.want)
		}
		if s.RCON.Command != tt.text {
			t.Errorf("the action itself became %q", s.RCON.Command)
		}
	}
	if len(asked) != 3 || asked[0] != [2]int{1, 10} {
		t.Errorf("asked for %v", asked)
	}
	far := Spec{RCON: &RCON{Command: "{random:1-2}"}}.Roll(func(int, int) int { return 77 })
	if far.RCON.Command != "2" {
		t.Errorf("a pick out of range became %q", far.RCON.Command)
	}
}

func TestRollReachesEveryText(t *testing.T) {
	const die = "x{random:5-5}"
	for _, s := range []Spec{
		{RCON: &RCON{Command: die}},
		{HTTP: &HTTP{URL: die}},
		{HTTP: &HTTP{Body: die}},
		{OBS: &OBS{Text: die}},
		{Speech: &Speech{Text: die}},
		{Overlay: &Overlay{Text: die}},
		{Program: &Program{Args: []string{"a", die}}},
	} {
		rolled := 0
		for key, text := range s.Roll(func(low, _ int) int { return low }).Texts() {
			switch text {
			case "x5":
				rolled++
			case die:
				t.Errorf("%s was not thrown", key)
			}
		}
		if rolled != 1 {
			t.Errorf("%s: %d texts were thrown, want 1", s.Kind(), rolled)
		}
	}
	if texts := (Spec{Sound: &Sound{File: die}}).Texts(); len(texts) != 0 {
		t.Errorf("a file has placeholders: %v", texts)
	}
}
