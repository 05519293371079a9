package profile

import (
	"io/fs"
	"os"
	"reflect"
	"strings"
	"testing"

	"github.com/livecue/livecue/assets"
	"github.com/livecue/livecue/core/action"
	"github.com/livecue/livecue/core/rule"
)

func readDoc(t *testing.T) string {
	t.Helper()
	text, err := os.ReadFile("../../docs/profile.md")
	if err != nil {
		t.Fatal(err)
	}
	return strings.ReplaceAll(string(text), "\r\n", "\n")
}

func TestDocExampleIsSound(t *testing.T) {
	_, rest, found := strings.Cut(readDoc(t), "```toml\n")
	example, _, isClosed := strings.Cut(rest, "\n```")
	if !found || !isClosed {
		t.Fatal("docs/profile.md has no example")
	}
	p, errs := decode("docs/profile.md", []byte(example))
	if len(errs) > 0 {
		t.Fatal(errs[0])
	}
	if issues := p.Check(); len(issues) != 0 {
		t.Errorf("the example has issues: %+v", issues)
	}
	if len(p.Rules) < 5 || len(p.RCON) != 2 || p.TikTok.Handle == "" {
		t.Errorf("the example is not complete: %+v", p)
	}
}

// Every key, trigger and placeholder is in the manual.
func TestDocNamesEveryKey(t *testing.T) {
	doc := readDoc(t)
	var words []string
	for _, v := range []any{
		Profile{},
		Overlay{},
		Goal{},
		Socket{},
		TikFinity{},
		Plugin{},
		API{},
		TikTok{},
		Server{},
		Sound{},
		OBS{},
		LiveKit{},
		Speech{},
		Queue{},
		Viewers{},
		Group{},
		rule.Rule{},
		rule.Trigger{},
		rule.Condition{},
		action.Spec{},
		action.RCON{},
		action.Sound{},
		action.HTTP{},
		action.OBS{},
		action.Speech{},
		action.Program{},
		action.Overlay{},
		action.Counter{},
		action.Timer{},
		action.Pool{},
		action.Choice{},
		action.Run{},
	} {
		for i := range reflect.TypeOf(v).NumField() {
			f := reflect.TypeOf(v).Field(i)
			key, _, _ := strings.Cut(f.Tag.Get("toml"), ",")
			isSection := f.Type.Kind() == reflect.Struct || f.Type.Kind() == reflect.Pointer || f.Type.Kind() == reflect.Slice && f.Type.Elem().Kind() == reflect.Struct
			if !isSection {
				words = append(words, "`"+key+"`")
			} else if !strings.Contains(doc, key+"]") {
				t.Errorf("docs/profile.md has no section %q", key)
			}
		}
	}
	for _, k := range rule.TriggerKinds() {
		words = append(words, "`\""+string(k)+"\"`")
	}
	for _, k := range rule.ConditionKinds() {
		words = append(words, "`\""+string(k)+"\"`")
	}
	for _, r := range rule.Roles() {
		words = append(words, "`\""+string(r)+"\"`")
	}
	for _, name := range action.Placeholders() {
		words = append(words, "`{"+name+"}`")
	}
	words = append(words, "`"+EnvName(KeyTikTok())+"`", "`"+EnvSecretsFile+"`", EnvName(KeyRCON("my server")), "`"+EnvName(KeyOBS())+"`", "`"+EnvName(KeyLiveKit())+"`")
	for _, w := range words {
		if !strings.Contains(doc, w) {
			t.Errorf("docs/profile.md does not name %s", w)
		}
	}
}

func TestDefaultIsSound(t *testing.T) {
	p := Default()
	if issues := p.Check(); len(issues) != 0 {
		t.Errorf("got %+v", issues)
	}
	if p.TikTok.Handle != "" || len(p.RCON) != 1 || p.RCON[0].Name != "minecraft" {
		t.Errorf("got %+v", p)
	}
	for _, r := range p.Rules {
		for _, a := range r.Actions {
			if a.Sound == nil {
				continue
			}
			name := strings.TrimPrefix(a.Sound.File, "bundled:") + ".wav"
			if _, err := fs.Stat(assets.Sounds(), name); err != nil {
				t.Errorf("rule %q: %v", r.Name, err)
			}
		}
	}
}
