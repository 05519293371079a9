package store

import (
	"math"
	"reflect"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/livecue/livecue/core/action"
	"github.com/livecue/livecue/core/event"
)

// every returns one event of each kind, with something in each field.
func every() []event.Event {
	at := time.Date(2026, 3, 14, 20, 15, 16, 123456789, time.UTC)
	later := at.Add(90*time.Second + time.Nanosecond)
	head := func(id string) event.Head {
		return event.Head{ID: id, At: at, Source: "tiktok", Room: "7301", Test: true}
	}
	user := event.User{
		ID: "9007199254740993", Handle: "pixel_pia", Nickname: "Pia 🦀 \"<b>\"\x00\n", AvatarURL: "https://example.com/a?b=c&d=e",
		Roles: event.Roles{Moderator: true, Subscriber: true, Follower: true, Gifter: true, TeamLevel: 12},
	}
	info := event.GiftInfo{ID: math.MaxInt64, Name: "Rose", Coins: 1, IconURL: "https://example.com/r", Streakable: true}
	cause := event.Cause{Code: event.CauseNotLive, Text: "@testy_tom is not live"}
	return []event.Event{
		event.Gift{
			Head: head("1"), User: user, Gift: info, Streak: "s", Added: 2, Count: 3, First: true, Final: true,
			Inferred: true,
		},
		event.Follow{Head: head("2"), User: user},
		event.Like{Head: head("3"), User: user, Added: 15, Total: 3000},
		event.Share{Head: head("4"), User: user},
		event.Join{Head: head("5"), User: user},
		event.Chat{Head: head("6"), User: user, Comment: "!spawn {user}\u2028"},
		event.Subscribe{Head: head("7"), User: user, Months: 4},
		event.ViewerCount{Head: head("8"), Viewers: 250},
		event.Question{Head: head("9"), User: user, Text: "why?"},
		event.Connecting{Head: head("10"), Door: "direct"},
		event.Connected{Head: head("11"), Door: "direct", Handle: "testy_tom"},
		event.Reconnecting{Head: head("12"), Attempt: 3, RetryAt: later, Cause: cause},
		event.Reconnected{Head: head("13"), Door: "euler", Handle: "testy_tom", Down: 1500 * time.Millisecond},
		event.Disconnected{Head: head("14"), Cause: cause},
		event.WaitingForLive{Head: head("15"), Handle: "testy_tom", NextCheck: later},
		event.LiveEnded{Head: head("16")},
		event.RateLimited{Head: head("17"), Until: later, Cause: cause},
		event.AuthFailed{Head: head("18"), Cause: cause},
		event.CredentialsRefreshed{Head: head("19")},
		event.Cue{Head: head("20"), By: event.CueHotkey, RuleID: "r1"},
		event.Signal{Head: head("21"), Name: "boss is down", By: "My plugin", User: user, Text: "why \"not\"?", Count: 3},
		event.ParticipantJoined{Head: head("22"), User: user, Present: true},
		event.ParticipantLeft{Head: head("23"), User: user, Reason: "client_initiated"},
		event.ParticipantChanged{Head: head("24"), User: user, Field: event.ParticipantMetadata, Value: `{"a":"<b>"}`},
		event.TrackChanged{Head: head("25"), User: user, Change: event.TrackMuted, Track: event.Track{ID: "TR_1", Name: "mic", Type: "audio", From: "microphone", Muted: true}},
		event.SpeakersChanged{Head: head("26"), Speakers: "pixel_pia\ntesty_tom"},
		event.Speaking{Head: head("27"), User: user},
		event.QualityChanged{Head: head("28"), User: user, Quality: "poor"},
		event.Data{Head: head("29"), User: user, Topic: "game", Text: "aGk=", IsBase64: true, Size: 2, IsCut: true},
		event.Transcription{Head: head("30"), User: user, Segment: "SG_1", Text: "hello", Language: "en", Final: true},
		event.RoomChanged{Head: head("31"), Field: event.RoomMoved, Value: "lobby"},
	}
}

func TestEveryKindComesBackAsItWas(t *testing.T) {
	s := open(t, Options{})
	var records []Record
	for _, e := range every() {
		records = append(records, Record{Event: filledIn(e)})
	}
	appendAll(t, s, records...)
	got, err := s.Past(t.Context(), "tiktok", time.Time{}, 100)
	if err != nil || len(got) != len(records) {
		t.Fatalf("%d events, want %d (%v)", len(got), len(records), err)
	}
	for i, want := range every() {
		if want = filledIn(want); !reflect.DeepEqual(got[i], want) {
			t.Errorf("got  %#v\nwant %#v", got[i], want)
		}
	}
}

// filledIn returns e with something in each field that has nothing: a round trip tells nothing of a zero.
func filledIn(e event.Event) event.Event {
	v := reflect.New(reflect.TypeOf(e)).Elem()
	v.Set(reflect.ValueOf(e))
	fill(v)
	return v.Interface().(event.Event)
}

func fill(v reflect.Value) {
	switch _, isTime := v.Interface().(time.Time); {
	case isTime && v.IsZero():
		v.Set(reflect.ValueOf(time.Date(2026, 3, 14, 20, 0, 0, 987654321, time.UTC)))
	case isTime:
	case v.Kind() == reflect.Struct:
		for i := range v.NumField() {
			fill(v.Field(i))
		}
	case !v.IsZero():
	case v.CanInt():
		v.SetInt(7)
	case v.Kind() == reflect.Bool:
		v.SetBool(true)
	case v.Kind() == reflect.String:
		v.SetString("text")
	}
}

func TestHostileTextsAndTimesAreKept(t *testing.T) {
	far := time.Date(292_277_026, 1, 1, 0, 0, 0, 0, time.UTC)
	odd := time.Date(2026, 3, 14, 20, 0, 0, 1, time.FixedZone("", 30*60*60))
	for _, c := range []struct {
		name string
		at   time.Time
		text string
		want time.Time
	}{
		{"not UTF-8", odd.UTC(), "a\xff\xfeb", odd},
		{"a surrogate", odd.UTC(), "a\xed\xa0\x80b", odd},
		{"huge", odd.UTC(), strings.Repeat("🦀", 1<<18), odd},
		{"zero time", time.Time{}, "", time.Time{}},
		{"far future", far, "", clamp(far)},
		{"far past", time.Date(-5000, 1, 1, 0, 0, 0, 0, time.UTC), "", time.Time{}},
		{"a zone of more than a day", odd, "", odd},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := open(t, Options{})
			e := event.Chat{Head: event.Head{ID: "id\xff", At: c.at, Source: "tiktok"}, User: event.User{Nickname: c.text}, Comment: c.text}
			j := action.Job{ID: "j", Created: c.at, Due: c.at, Expires: c.at, Fields: action.Fields{Comment: c.text}}
			for range 2 {
				appendAll(t, s, Record{Event: e, Jobs: []action.Job{j}})
			}
			past, err := s.Past(t.Context(), "tiktok", time.Unix(0, math.MinInt64), 2)
			if err != nil || len(past) != 1 {
				t.Fatalf("got %d events, %v", len(past), err)
			}
			got := past[0].(event.Chat)
			if !got.At.Equal(c.want) || !utf8.ValidString(got.Comment) || utf8.ValidString(c.text) && got.Comment != c.text {
				t.Errorf("got %v with %d bytes, want %v with %d", got.At, len(got.Comment), c.want, len(c.text))
			}
			if p := unfinished(t, s); len(p) != 1 || !p[0].Job.Created.Equal(c.want) || !utf8.ValidString(p[0].Job.Fields.Comment) {
				t.Errorf("jobs: %d", len(p))
			}
		})
	}
}

func TestWhatCannotBeDecodedIsLeftOut(t *testing.T) {
	s := open(t, Options{})
	appendAll(t, s, record(1, 2), record(2, 1), record(3, 1))
	unfinished(t, s)
	for _, text := range []string{
		`UPDATE events SET kind = 'teleport' WHERE id = 'gift-1'`, `UPDATE events SET body = '{"At":5}' WHERE id = 'gift-2'`,
		`UPDATE jobs SET body = '{' WHERE id = 'job-2-0'`,
	} {
		if _, err := s.conn.ExecContext(t.Context(), text); err != nil {
			t.Fatal(err)
		}
	}
	if past, err := s.Past(t.Context(), "tiktok", time.Time{}, 10); err != nil || len(past) != 1 {
		t.Errorf("%d events, want 1 (%v)", len(past), err)
	}
	if got := unfinished(t, s); len(got) != 3 {
		t.Errorf("jobs %q, want 3", ids(got))
	}
	for i := range 4 {
		finish(t, s, []string{jobID(1, 0), jobID(1, 1), jobID(2, 0), jobID(3, 0)}[i])
	}
	page, next, err := s.History(t.Context(), HistoryQuery{Limit: 3})
	if err != nil || len(page) != 2 || next == 0 {
		t.Fatalf("%d jobs, next %d (%v)", len(page), next, err)
	}
	if page[0].Event == nil || page[1].Event != nil {
		t.Errorf("events: %v, %v", page[0].Event, page[1].Event)
	}
}
