package words

import (
	"testing"

	"github.com/livecue/livecue/core/action/speech"
)

func TestVoicesAreToldApart(t *testing.T) {
	useLanguage(t, "de_DE.UTF-8")
	v := Voices{{ID: "a", Name: "Anna", Language: "en"}, {ID: "b", Name: "Anna", Language: "en"}, {ID: "c", Name: "Tom"}, {ID: "d", Name: "de", Language: "de_DE"}}
	for id, want := range map[string]string{
		"": "usual", "a": "Anna · en – a", "b": "Anna · en – b", "c": "Tom", "d": "de · de_DE", "gone": "gone (nicht auf diesem Computer)",
	} {
		if got := v.Name(id, "usual"); got != want {
			t.Errorf("%q is called %q, want %q", id, got, want)
		}
	}
	if got := v.OwnFirst(); got[0].ID != "d" || got[1].ID != "a" || v[0].ID != "a" {
		t.Errorf("in order %v", got)
	}
	if got := Voices(nil).IDs(); len(got) != 1 || got[0] != "" {
		t.Errorf("without voices: %q", got)
	}
	if got := Voices([]speech.Voice{{ID: "x"}}).IDs(); len(got) != 2 {
		t.Errorf("with one: %q", got)
	}
}
