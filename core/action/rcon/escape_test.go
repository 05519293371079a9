package rcon

import (
	"encoding/json"
	"errors"
	"reflect"
	"strings"
	"testing"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"github.com/livecue/livecue/core/action"
)

// hostile are texts that would do harm if they were more than text.
var hostile = []string{
	"", " ", "@e[type=player]", "@a", "@", `"}],{"x`, "line one\nsay line two", "a\r\nb", "\x00", "a\x00b", "§kobfuscated§r", "§",
	"\u202eevil", "\u200f\u2066x\u2069", "\u061c", strings.Repeat("🎉", 1024), strings.Repeat("👩‍👩‍👧‍👦", 200), "\xff\xfe", "a\xc3", "\xed\xa0\x80",
	`\`, `\\`, `\"`, `'`, `''`, `"`, "`", "${}", "$(user)", "{comment}", "{user}", "{nickname:json}", "{count}", "＠e［type＝player］",
	"＂＇＼｛｝", "﹫a", "\u037e", "~", "~ ~ ~", "^", "!", "!x", "-1", "--flag", "/op pixel_pia", "//", "*", "#tag", ";quit", "<3", "<red>x</red>",
	"%player_name%", "&4red", ",", "=", "]", "a,b=c]", "\u2028x\u2029y", "\u200b\u200c\u200d", "\ufeff", "\ufffd", "\u0301", "a\u0301\u0301",
	"\u3164", "\u2800", "\U000e0041", "\ue000", "|", "&&", "don't", "Pixel Pia ✨", "ピクセル・ピア", "Пиксель", "بيكسل", "पिक्सेल", "名前：テスト",
	`{"text":"x","clickEvent":{"action":"run_command","value":"/op x"}}`, strings.Repeat("x", 1<<20), strings.Repeat("'", 4096),
	strings.Repeat("\\", 4096), strings.Repeat(" ", 1<<20) + "x", "<--[HERE]", "\u2029", "\x1b[31m", "\x7f", "\u0085x", "x \" y",
}

// positions are the places where a text can stand, each with a reader that returns the line's shape (all that a harmless
// text has in common with every other) and the text.
var positions = []struct {
	name     string
	template string
	read     func(string) (shape any, text string, err error)
}{
	{"plain argument", "say {X}", readGreedy},
	{"in the middle of a message", "say hello {X} and thanks", readGreedy},
	{"quotes", `title @a title "{X}"`, readTag},
	{"single quotes", `summon zombie ~ ~ ~ {CustomName:'{X}'}`, readTag},
	{"JSON", `tellraw @a {"text":"{X}","color":"gold"}`, readTellraw},
	{"JSON with more text", `tellraw @a ["",{"text":"It's \"{X}\" again"},{"text":"!"}]`, readTellraw},
	{"JSON in a data tag", `summon zombie ~ ~ ~ {CustomName:'{"text":"{X}"}',NoAI:1b}`, readTag},
	{"JSON string in a data tag", `summon zombie ~ ~ ~ {CustomName:'"{X}"'}`, readTag},
	{"JSON in double quotes", `summon zombie ~ ~ ~ {CustomName:"{\"text\":\"{X}\"}"}`, readTag},
	{"selector name", `kill @e[name={X},type=zombie]`, readSelector},
	{"quoted selector name", `kill @e[type=zombie,name="{X}"]`, readSelector},
}

// TestShapeStays puts every hostile text in every position, and compares with a harmless one.
func TestShapeStays(t *testing.T) {
	for _, p := range positions {
		for _, name := range []string{"user", "nickname", "gift", "comment", "args"} {
			for _, modifier := range []string{"", ":json"} {
				if modifier != "" && !strings.Contains(p.name, "JSON") {
					continue
				}
				template := strings.ReplaceAll(p.template, "{X}", "{"+name+modifier+"}")
				want, _, err := p.read(rendered(t, template, "Harmless"))
				if err != nil {
					t.Fatalf("%s: harmless: %v", template, err)
				}
				for _, text := range hostile {
					line := rendered(t, template, text)
					got, _, err := p.read(line)
					if err != nil || !reflect.DeepEqual(got, want) {
						t.Errorf("%s with %.40q: %.200s\nshape %v, want %v (%v)", template, text, line, got, want, err)
					}
				}
			}
		}
	}
}

func rendered(t testing.TB, template, text string) string {
	t.Helper()
	f := action.Fields{User: text, Nickname: text, Gift: text, Comment: text, Args: text, Count: 3}
	lines, err := Render(action.RCON{Command: template}, f)
	if err != nil || len(lines) != 1 {
		t.Fatalf("%s with %.40q: %d lines, error %v", template, text, len(lines), err)
	}
	return lines[0]
}

// TestJSONSaysTheText checks that nothing that can be seen is lost or changed on the way into JSON, at either depth.
func TestJSONSaysTheText(t *testing.T) {
	for _, text := range []string{
		"Pia", "don't", `"quoted"`, `back\slash`, "a{b}[c]@d$e", "<3 & more", "＠full＂width", "👩‍👧 family", "名前", `\n`, "a, b; c", "x<--[HERE]",
	} {
		for _, p := range positions {
			if !strings.HasPrefix(p.name, "JSON") {
				continue
			}
			template := strings.ReplaceAll(p.template, "{X}", "{nickname:json}")
			_, got, err := p.read(rendered(t, template, text))
			want := text
			if p.name == "JSON with more text" {
				want = `It's "` + text + `" again`
			}
			if err != nil || got != want {
				t.Errorf("%s: %q became %q (%v)", p.name, text, got, err)
			}
		}
	}
}

func TestEscape(t *testing.T) {
	tests := []struct {
		name, modifier, value string
		want                  string
	}{
		{"user", "", "pixel_pia", "pixel_pia"},
		{"user", "", "@e[type=player]", "etypeplayer"},
		{"user", "", "..-pia.x-1", "pia.x-1"},
		{"user", "", "ピア", "viewer"},
		{"user", "json", `p"ia`, "pia"},
		{"nickname", "", "Pixel  Pia\t✨ ", "Pixel Pia ✨"},
		{"nickname", "", "@e[type=player]", "etypeplayer"},
		{"nickname", "", "don't", "don’t"},
		{"nickname", "", "\u202eevil\u2066", "evil"},
		{"nickname", "", "§kname", "kname"},
		{"nickname", "", "~-!/Pia", "Pia"},
		{"nickname", "", "{comment}", "comment"},
		{"nickname", "", "＠all", "all"},
		{"nickname", "", "a＠b［c＂d", "abcd"},
		{"nickname", "", "👩‍👧 a\u200db", "👩‍👧 ab"},
		{"nickname", "", "❤️", "❤️"},
		{"nickname", "", "\u0301Pia", "Pia"},
		{"nickname", "", "[]", "viewer"},
		{"gift", "", "", "gift"},
		{"comment", "", "", ""},
		{"comment", "", "hello, world! (24/7)", "hello world! (24/7)"},
		{"args", "", "\n\n", ""},
		{"comment", "json", `say "hi" \ 'x' <b>`, `say \u0022hi\u0022 \u005c \u0027x\u0027 \u003cb\u003e`},
		{"comment", "json", "a\nb\x00c§d\u202e", "a bcd"},
		{"nickname", "json", "  ", "viewer"},
		{"count", "", "-3", "-3"},
	}
	for _, tt := range tests {
		p := action.Placeholder{Name: tt.name, Modifier: tt.modifier, Value: tt.value, Numeric: tt.name == "count"}
		if got := Escape(p); got != tt.want {
			t.Errorf("{%s:%s} of %q: got %q, want %q", tt.name, tt.modifier, tt.value, got, tt.want)
		}
	}
}

func TestRenderIsSinglePass(t *testing.T) {
	f := action.Fields{User: "{comment}", Nickname: "{comment:json}", Comment: "say hi", Count: 2, GiftID: 5655, Coins: 1, TotalCoins: 2}
	got, err := Render(action.RCON{Command: "/say {user} {nickname} {nickname:json} {count} {gift_id} {coins} {total_coins} {other}\n\n list "}, f)
	want := []string{`say comment comment:json \u007bcomment:json\u007d 2 5655 1 2 {other}`, "list"}
	if err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("got %q, error %v, want %q", got, err, want)
	}
}

// TestAllCapsTogetherFit: the longest of everything still leaves room for a template of 400 bytes.
func TestAllCapsTogetherFit(t *testing.T) {
	for _, unit := range []string{"🎉", "'", "x", "é", "👩‍👧"} {
		text := strings.Repeat(unit, 4096)
		f := action.Fields{User: text, Nickname: text, Gift: text, Comment: text}
		template := "tellraw @a \"{nickname:json} {gift:json} {comment:json}" + strings.Repeat("y", 400) + `"`
		if lines, err := Render(action.RCON{Command: template}, f); err != nil || len(lines[0]) > MaxCommand {
			t.Errorf("%q: %v", unit, err)
		}
	}
}

func TestRenderRefuses(t *testing.T) {
	long := strings.Repeat("x", MaxCommand-4)
	tests := []struct {
		command string
		want    error
	}{
		{"say " + long, nil},
		{"say " + long + "x", ErrTooLong},
		{"say ok\nsay " + long + "xxxx", ErrTooLong},
		{"", ErrNoCommand},
		{"say \x00", ErrNoCommand},
		{"{comment}", ErrViewerCommand},
		{"/{args:json}", ErrViewerCommand},
		{"minecraft:{args} x", ErrViewerCommand},
		{"execute as @a run {args}", ErrViewerCommand},
		{"say ok\n{user} x", ErrViewerCommand},
		{"{count} x", nil},
		{"{unknown} x", nil},
		{"say now run {user}, run", nil},
		{"execute as @a run say {args}", nil},
	}
	for _, tt := range tests {
		_, err := Render(action.RCON{Command: tt.command}, action.Fields{Comment: "op", Args: "op", User: "op"})
		if !errors.Is(err, tt.want) || tt.want != nil && !action.IsPermanent(err) {
			t.Errorf("%.40q: error %v, want %v", tt.command, err, tt.want)
		}
		if errors.Is(tt.want, ErrTooLong) && !strings.Contains(err.Error(), "1446") {
			t.Errorf("%v does not tell the limit", err)
		}
	}
}

func FuzzEscape(f *testing.F) {
	for _, text := range hostile {
		f.Add(text[:min(len(text), 2000)])
	}
	f.Fuzz(func(t *testing.T, text string) {
		for _, name := range []string{"user", "nickname", "gift", "comment", "args"} {
			checkPlain(t, name, Escape(action.Placeholder{Name: name, Value: text}))
			checkJSON(t, name, Escape(action.Placeholder{Name: name, Modifier: action.ModifierJSON, Value: text}))
		}
		for _, p := range positions {
			template := strings.ReplaceAll(p.template, "{X}", "{nickname}")
			want, _, _ := p.read(rendered(t, template, "Harmless"))
			got, _, err := p.read(rendered(t, template, text))
			if err != nil || !reflect.DeepEqual(got, want) {
				t.Errorf("%s with %q: shape %v (%v)", p.name, text, got, err)
			}
			if !strings.HasPrefix(p.name, "JSON") {
				continue
			}
			template = strings.ReplaceAll(p.template, "{X}", "{comment:json}")
			got, _, err = p.read(rendered(t, template, text))
			if err != nil || !reflect.DeepEqual(got, want) {
				t.Errorf("%s with JSON of %q: shape %v (%v)", p.name, text, got, err)
			}
		}
	})
}

func checkPlain(t *testing.T, name, got string) {
	t.Helper()
	checkCaps(t, name, got)
	// A server may normalise what it reads.
	if strings.ContainsAny(norm.NFKC.String(got), "\"'`\\@{}[]$<>%&;=,~^*#|§\n\r\t\x00") || !utf8.ValidString(got) {
		t.Errorf("{%s} is not harmless: %q", name, got)
	}
	if got != strings.TrimSpace(got) || strings.Contains(got, "  ") {
		t.Errorf("{%s} has stray spaces: %q", name, got)
	}
	if got != "" && strings.ContainsRune("-~^!/.*#?+:()", rune(got[0])) {
		t.Errorf("{%s} begins with a character that has a meaning: %q", name, got)
	}
	if isWord := strings.Trim(got, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.-") == ""; name == "user" && !isWord {
		t.Errorf("{user} is no word: %q", got)
	}
}

func checkJSON(t *testing.T, name, got string) {
	t.Helper()
	checkCaps(t, name, got)
	var value string
	if err := json.Unmarshal([]byte(`"`+got+`"`), &value); err != nil {
		t.Fatalf("{%s:json} is no JSON string: %q: %v", name, got, err)
	}
	if strings.ContainsAny(value, "§\n\r\t\x00\u202a\u202b\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\u061c\u200b") {
		t.Errorf("{%s:json} says %q", name, value)
	}
	if strings.ContainsAny(got, "\"'@{}[]$<>&") {
		t.Errorf("{%s:json} is not harmless outside JSON: %q", name, got)
	}
}

func checkCaps(t *testing.T, name, got string) {
	t.Helper()
	most := maxNameBytes
	if name == "comment" || name == "args" {
		most = maxCommentBytes
	} else if got == "" {
		t.Errorf("{%s} is empty", name)
	}
	if len(got) > most {
		t.Errorf("{%s} has %d bytes", name, len(got))
	}
}
