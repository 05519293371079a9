package logbook

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"
)

// login is a value that a careless line might log as it is.
type login struct {
	User, Password string
	Nested         *login            `json:"nested,omitempty"`
	Extra          map[string]any    `json:"extra,omitempty"`
	Raw            []byte            `json:"raw,omitempty"`
	private        map[string]string // must not come along
}

type valuer struct{ v slog.Value }

func (v valuer) LogValue() slog.Value { return v.v }

type panicker struct{ text string }

func (p panicker) Error() string                { panic(p.text) }
func (p panicker) MarshalJSON() ([]byte, error) { panic(p.text) }

type jsonPanicker struct{ text string }

func (p jsonPanicker) MarshalJSON() ([]byte, error) { panic(p.text) }

type endless struct{}

func (endless) LogValue() slog.Value { return slog.GroupValue(slog.Any("again", endless{})) }

func TestHandlerHidesSecretsWhereverTheyStand(t *testing.T) {
	address := &url.URL{Scheme: "http", User: url.UserPassword("u", planted), Host: "a.example", RawQuery: "token=" + planted}
	cycle := map[string]any{"password": planted}
	cycle["self"] = cycle
	for name, log := range map[string]func(*slog.Logger){
		"message":       func(l *slog.Logger) { l.Info("the word is " + planted) }, //nolint:sloglint // the careless line
		"string":        func(l *slog.Logger) { l.Info("x", "note", planted) },
		"pattern":       func(l *slog.Logger) { l.Info("x", "note", "token=secr3t-other") },
		"key":           func(l *slog.Logger) { l.Info("x", "rconPassword", "secr3t-other") },
		"number":        func(l *slog.Logger) { l.Info("x", "pwd", 555444333) },
		"plain number":  func(l *slog.Logger) { l.Info("x", "room", 777444333, "f", []any{777444333}) },
		"secret as key": func(l *slog.Logger) { l.Info("x", planted, 1) }, //nolint:sloglint // the careless line
		"error":         func(l *slog.Logger) { l.Info("x", "error", fmt.Errorf("a: %w", errors.New(planted))) },
		"joined errors": func(l *slog.Logger) { l.Info("x", "error", errors.Join(errors.New("a"), errors.New(planted))) },
		"group":         func(l *slog.Logger) { l.Info("x", slog.Group("a", slog.Group("b", "apiKey", "secr3t-other"))) },
		"secret group":  func(l *slog.Logger) { l.Info("x", slog.Group("secrets", "tiktok", "secr3t-other")) },
		"with":          func(l *slog.Logger) { l.With("note", planted, "cookie", "secr3t-other").Info("x") },
		"with group": func(l *slog.Logger) {
			l.WithGroup("credentials").With("a", "secr3t-other").Info("x", "b", "secr3t-other")
		},
		"group's name":  func(l *slog.Logger) { l.WithGroup(planted).Info("x", "a", 1) },
		"valuer":        func(l *slog.Logger) { l.Info("x", "v", valuer{slog.AnyValue(valuer{slog.StringValue(planted)})}) },
		"valuer group":  func(l *slog.Logger) { l.Info("x", "v", valuer{slog.GroupValue(slog.String("token", "secr3t-other"))}) },
		"endless":       func(l *slog.Logger) { l.Info("x", "v", endless{}) },
		"struct":        func(l *slog.Logger) { l.Info("x", "v", login{User: "u", Password: "secr3t-other with spaces"}) },
		"pointer":       func(l *slog.Logger) { l.Info("x", "v", &login{Nested: &login{Password: "secr3t-other"}}) },
		"private field": func(l *slog.Logger) { l.Info("x", "v", login{private: map[string]string{"a": planted}}) },
		"map in struct": func(l *slog.Logger) { l.Info("x", "v", login{Extra: map[string]any{"keys": []any{"secr3t-other"}}}) },
		"secret in map": func(l *slog.Logger) { l.Info("x", "v", map[string]string{planted: "a", "b": planted}) },
		"slice":         func(l *slog.Logger) { l.Info("x", "v", []string{"a", planted}) },
		"slice of url":  func(l *slog.Logger) { l.Info("x", "v", []string{address.String()}) },
		"bytes":         func(l *slog.Logger) { l.Info("x", "v", []byte(planted), "w", login{Raw: []byte(planted)}) },
		"header": func(l *slog.Logger) {
			l.Info("x", "v", http.Header{"Cookie": {"a=secr3t-other"}, "X-Api-Key": {"secr3t-other"}})
		},
		"url": func(l *slog.Logger) { l.Info("x", "v", address, "w", *address, "u", address.User, "p", *address.User) },
		"error of parse": func(l *slog.Logger) {
			_, err := url.Parse(strings.Join([]string{"http://u:", "@a.example:port"}, planted))
			l.Info("x", "error", err)
		},
		"stringer": func(l *slog.Logger) { l.Info("x", "v", bytes.NewBufferString("password: secr3t-other")) },
		"panics":   func(l *slog.Logger) { l.Info("x", "v", panicker{planted}, "w", jsonPanicker{planted}) },
		"nil":      func(l *slog.Logger) { l.Info("x", "v", nil, "e", (*url.Error)(nil), "u", (*url.URL)(nil)) },
		"cycle":    func(l *slog.Logger) { l.Info("x", "v", cycle) },
		"func":     func(l *slog.Logger) { l.Info("x", "v", func() {}, "c", make(chan int)) },
	} {
		t.Run(name, func(t *testing.T) {
			var text, asJSON bytes.Buffer
			m := &Mask{}
			m.Redact(planted)
			m.Redact("777444333")
			lines := recorder{level: slog.LevelDebug}
			log(slog.New(m.Handler(slog.NewMultiHandler(
				slog.NewTextHandler(&text, nil), slog.NewJSONHandler(&asJSON, nil), lines.handler()))))
			all := text.String() + asJSON.String() + fmt.Sprintf("%+v", lines.recent())
			if len(lines.recent()) != 1 {
				t.Errorf("%d lines were recorded", len(lines.recent()))
			}
			for _, secret := range []string{"hunter2", "Zebra", "secr3t", "with spaces", "555444333", "777444333", "aHVudGVyMi1aZWJyYQ"} {
				if strings.Contains(all, secret) {
					t.Errorf("%s stands in %s", secret, all)
				}
			}
		})
	}
}

func TestHandlerKeepsWhatIsHarmless(t *testing.T) {
	var text bytes.Buffer
	l := slog.New((&Mask{}).Handler(slog.NewTextHandler(&text, nil)))
	at := time.Date(2030, 1, 2, 3, 4, 5, 0, time.UTC)
	l.With("a", 1).WithGroup("g").Info("said", "text", "hi\x1b there", "hasPassword", true, "wait", 2*time.Second, "at", at,
		"list", []int{1, 2}, "size", 1.5, slog.Group("", "inlined", "yes"))
	want := `msg=said a=1 g.text="hi there" g.hasPassword=true g.wait=2s g.at=2030-01-02T03:04:05.000Z g.list=[1,2] g.size=1.5 g.inlined=yes`
	if _, got, _ := strings.Cut(strings.TrimSpace(text.String()), "level=INFO "); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	if slog.New(l.Handler()).Enabled(context.Background(), slog.LevelDebug) {
		t.Error("the level is not that of the handler behind")
	}
}
