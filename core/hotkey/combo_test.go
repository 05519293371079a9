package hotkey

import (
	"errors"
	"strings"
	"testing"
)

func TestParse(t *testing.T) {
	for keys, want := range map[string]string{
		"Ctrl+Shift+F1":         "Ctrl+Shift+F1",
		" alt + k ":             "Alt+K",
		"shift+CONTROL+f1":      "Ctrl+Shift+F1",
		"Strg+Umschalt+Bildauf": "Ctrl+Shift+Prior",
		"win+ä":                 "Super+Ä",
		"Ctrl+ß":                "Ctrl+ß",
		"F24":                   "F24",
		"num7":                  "Num7",
		"KP_Add":                "NumAdd",
		"Ctrl+Enter":            "Ctrl+Return",
		"Ctrl+-":                "Ctrl+-",
	} {
		c, err := Parse(keys)
		if err != nil || c.String() != want {
			t.Errorf("Parse(%q) = %v, %v, want %s", keys, c, err, want)
		}
		if again, err := Parse(c.String()); again != c || err != nil {
			t.Errorf("%v is read as %v, %v", c, again, err)
		}
	}
	for _, keys := range []string{"", "Ctrl", "+", "Ctrl++", "A+B", "F0", "F25", "F256", "Ctrl+Foo", "Num10", "\x00", "\xff", strings.Repeat("F1+", 30)} {
		if c, err := Parse(keys); !errors.Is(err, ErrUnknown) {
			t.Errorf("Parse(%q) = %v, %v", keys, c, err)
		}
	}
}

func TestIsTyping(t *testing.T) {
	for keys, want := range map[string]bool{
		"K": true, "Shift+K": true, "Space": true, "Shift+Return": true, "Ctrl+K": false, "F5": false, "Shift+F5": false,
		"Num1": false, "Alt+Left": false, "Left": true, "ö": true,
	} {
		c, err := Parse(keys)
		if err != nil || c.IsTyping() != want {
			t.Errorf("%s: IsTyping = %v (%v)", keys, c.IsTyping(), err)
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add("Ctrl+Shift+F1")
	f.Add("Strg+ß")
	f.Fuzz(func(t *testing.T, keys string) {
		c, err := Parse(keys)
		if err != nil {
			return
		}
		if again, err := Parse(c.String()); again != c || err != nil {
			t.Errorf("%q is %v, which is read as %v, %v", keys, c, again, err)
		}
	})
}
