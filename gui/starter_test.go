package gui

import (
	"reflect"
	"testing"

	"github.com/livecue/livecue/core/profile"
)

func TestStarterRulesSpeakTheLanguage(t *testing.T) {
	useLanguage(t, "en_US.UTF-8")
	english, err := Starter("en")
	if err != nil || !reflect.DeepEqual(english, profile.Default()) {
		t.Fatalf("the English starter is not the default: %v", err)
	}
	useLanguage(t, "de_DE.UTF-8")
	german, err := Starter("")
	if err != nil {
		t.Fatal(err)
	}
	for i, r := range german.Rules {
		if r.Name == english.Rules[i].Name {
			t.Errorf("the rule %q is not said in German", r.Name)
		}
		german.Rules[i].Name = english.Rules[i].Name
	}
	if !reflect.DeepEqual(german, english) {
		t.Error("more than the names has changed")
	}
}
