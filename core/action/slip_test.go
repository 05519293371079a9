package action

import (
	"slices"
	"testing"
)

func TestSlipsAreFoundAndMended(t *testing.T) {
	for text, want := range map[string]string{
		"{usr}": "{user}", "{Nickname}": "{nickname}", "{nick name}": "{nickname}", "{nickname:jsn}": "{nickname:json}",
		"{usr:json}": "{user:json}", "{total coins}": "{total_coins}", "{arg 1}": "{arg1}", "{ count }": "{count}", "{cuont}": "{count}",
		"{giftid}": "{gift_id}", "{weather_today}": "", "{x}": "",
	} {
		if got := UnknownPlaceholders("say " + text); !slices.Equal(got, []string{text}) {
			t.Errorf("%s: found %q", text, got)
		}
		if got := NearestPlaceholder(text); got != want {
			t.Errorf("%s: %q, want %q", text, got, want)
		}
	}
	for _, text := range []string{
		"{user}", "{nickname:json}", "{id:stone}", "{Damage:1}", `{"text":"x"}`, "{random:1-6}", "{CustomNameVisible:true}", "{}", "{Pos:[1d,2d]}",
	} {
		if got := UnknownPlaceholders(text); len(got) > 0 {
			t.Errorf("%s: found %q", text, got)
		}
	}
}
