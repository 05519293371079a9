package action

import (
	"slices"
	"strings"
	"testing"
)

func raw(p Placeholder) string { return p.Value }

func TestExpand(t *testing.T) {
	f := Fields{
		User: "pixel_pia", Nickname: "Pia {count}", Gift: "Rose", GiftID: 5655, Count: 3, Coins: 1, TotalCoins: 3,
		Comment: "!zombie now", Args: "now",
	}
	f.Likes, f.Viewers, f.Total, f.Args = 1200, 34, 560, "now 3 times please"
	tests := []struct{ name, text, want string }{
		{"words of the arguments", "{arg1}|{arg2}|{arg3}|{arg3:json}|{arg4}|{arg0}|{arg}", "now|3|times|times|{arg4}|{arg0}|{arg}"},
		{"of the stream", "{likes}|{viewers}|{total}", "1200|34|560"},
		{"every name", "{user}|{gift}|{gift_id}|{count}|{coins}|{total_coins}|{comment}|{args}", "pixel_pia|Rose|5655|3|1|3|!zombie now|now 3 times please"},
		{"a value is not expanded again", "{nickname} {user}", "Pia {count} pixel_pia"},
		{"game data stays", `summon zombie ~ ~ ~ {CustomName:'{"text":"{user}"}',Tags:[a]}`, `summon zombie ~ ~ ~ {CustomName:'{"text":"pixel_pia"}',Tags:[a]}`},
		{"unknown stays", "{usr} {User} {user:html} {} {{count}}", "{usr} {User} {user:html} {} {3}"},
		{"unclosed stays", "{user {count", "{user {count"},
		{"empty", "", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := Expand(tt.text, f, raw); got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

func TestExpandTellsTheEscaperWhatItHas(t *testing.T) {
	var got []Placeholder
	Expand("{nickname:json} {count}", Fields{Nickname: `"`, Count: 2}, func(p Placeholder) string {
		got = append(got, p)
		return ""
	})
	want := []Placeholder{
		{Name: "nickname", Modifier: ModifierJSON, Value: `"`},
		{Name: "count", Value: "2", Numeric: true},
	}
	if !slices.Equal(got, want) {
		t.Errorf("got %+v, want %+v", got, want)
	}
}

// TestTemplateIsFilledManyTimes checks that nothing of one filling is left in the next.
func TestTemplateIsFilledManyTimes(t *testing.T) {
	template := Parse("{user} x {count} y")
	for range 2 {
		for _, f := range []Fields{{User: "pixel_pia", Count: 3}, {User: "{user}"}} {
			want := Expand("{user} x {count} y", f, raw)
			if got := template.Expand(f, raw); got != want {
				t.Errorf("got %q, want %q", got, want)
			}
		}
	}
	if got := (Template{}).Expand(Fields{}, raw); got != "" {
		t.Errorf("the zero template is %q", got)
	}
}

func TestPlaceholdersAreAllFilled(t *testing.T) {
	for _, name := range Placeholders() {
		if text := "{" + name + "}"; Expand(text, Fields{}, func(Placeholder) string { return "filled" }) != "filled" {
			t.Errorf("%s is offered and not filled in", text)
		}
	}
}

func TestUnknownPlaceholders(t *testing.T) {
	got := UnknownPlaceholders("{user} {usr} {usr} {nickname:jsn} {id:stone} {Count:3b} {} {count:json}")
	if want := []string{"{usr}", "{nickname:jsn}"}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestLines(t *testing.T) {
	tests := []struct {
		name, text string
		want       []string
	}{
		{"one", "say hi", []string{"say hi"}},
		{"slashes and blanks", " /say a\r\n\n\t/ say b \n/\n", []string{"say a", "say b"}},
		{"a second slash is the command's own", "//set stone", []string{"/set stone"}},
		{"none", "\n \r\n", nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := Lines(tt.text); !slices.Equal(got, tt.want) {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

func FuzzExpand(f *testing.F) {
	for _, text := range []string{"say {user}", "{nickname:json}", "{{user}}", `{a:"{count}"}`, "{usr}", "", "{user:", "\xff{args}"} {
		f.Add(text, "pixel_pia", "hello {user}")
	}
	f.Fuzz(func(t *testing.T, text, user, comment string) {
		fields := Fields{User: user, Nickname: comment, Comment: comment, Args: comment, Count: 7}

		const mark = "\x00"
		calls := 0
		marked := Expand(text, fields, func(Placeholder) string { calls++; return mark })
		if calls == 0 && marked != text {
			t.Fatalf("%q has no placeholder and became %q", text, marked)
		}
		if got, had := strings.Count(marked, mark), strings.Count(text, mark); got != had+calls {
			t.Fatalf("%q: %d of %d values arrived", text, got-had, calls)
		}

		// Whatever the values are, they are put in once and never looked at again.
		size := len(marked) - calls
		var values []string
		got := Expand(text, fields, func(p Placeholder) string {
			size += len(p.Value)
			values = append(values, p.Value)
			return p.Value
		})
		if len(values) != calls || len(got) != size {
			t.Fatalf("%q with %q: %d values and %d bytes, want %d and %d", text, values, len(values), len(got), calls, size)
		}
		for _, line := range Lines(text) {
			if line == "" || strings.Contains(line, "\n") {
				t.Fatalf("%q has the line %q", text, line)
			}
		}
	})
}
