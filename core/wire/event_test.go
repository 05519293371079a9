package wire

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/livecue/livecue/core/event"
)

func TestEventsAsJSON(t *testing.T) {
	at := time.Date(2026, 3, 14, 20, 15, 16, 0, time.FixedZone("CET", 3600))
	head := event.Head{ID: "m1", At: at, Source: "tiktok", Room: "7301"}
	pia := event.User{ID: "12", Handle: "pixel_pia", Nickname: "Pia 🦀", Roles: event.Roles{Moderator: true, TeamLevel: 3}}
	const begin = `"time":"2026-03-14T19:15:16Z",`
	const ids, user = `"id":"m1","source":"tiktok","room":"7301"`, `"user":{"id":"12","handle":"pixel_pia","nickname":"Pia 🦀","moderator":true,"team_level":3}`
	tests := []struct {
		e    event.Event
		want string
	}{
		{
			event.Gift{Head: head, User: pia, Gift: event.GiftInfo{ID: 5655, Name: "Rose", Coins: 1}, Streak: "s", Added: 2, Count: 3, Final: true},
			`"kind":"gift",` + ids + `,` + user + `,"event":{"gift_id":5655,"gift":"Rose","coins":1,"streak":"s","added":2,"count":3,"final":true}`,
		},
		{event.Follow{Head: head, User: pia}, `"kind":"follow",` + ids + `,` + user},
		{event.ViewerCount{Head: head, Viewers: 7}, `"kind":"viewers",` + ids + `,"event":{"viewers":7}`},
		{
			event.Signal{Head: head, Name: "boss", By: "plugin", User: pia, Text: "x", Count: 2},
			`"kind":"signal",` + ids + `,` + user + `,"event":{"name":"boss","by":"plugin","text":"x","count":2}`,
		},
		{event.Signal{Head: head, Name: "boss"}, `"kind":"signal",` + ids + `,"event":{"name":"boss"}`},
		{event.Reconnected{Head: head, Door: "direct", Down: 1500 * time.Microsecond}, `"kind":"reconnected",` + ids + `,"event":{"door":"direct","down_ms":1.5,"handle":""}`},
		{
			event.Data{Head: head, User: pia, Topic: "game", Text: "aGk=", IsBase64: true, Size: 2},
			`"kind":"data",` + ids + `,` + user + `,"event":{"topic":"game","text":"aGk=","base64":true,"size":2}`,
		},
		{event.SpeakersChanged{Head: head, Speakers: "a b\nc"}, `"kind":"speakers_changed",` + ids + `,"event":{"speakers":["a b","c"]}`},
		{event.SpeakersChanged{Head: head}, `"kind":"speakers_changed",` + ids + `,"event":{"speakers":[]}`},
		{event.LiveEnded{Head: head}, `"kind":"live_ended",` + ids},
	}
	for _, tt := range tests {
		got, err := json.Marshal(NewEvent(tt.e))
		if want := `{"type":"event",` + begin + tt.want + `}`; err != nil || string(got) != want {
			t.Errorf("%T: %s, %v\nwant %s", tt.e, got, err, want)
		}
	}
}

// Whatever a platform says can be told on, on one line.
func TestHostileEvents(t *testing.T) {
	far := time.Date(1<<40, 1, 1, 0, 0, 0, 0, time.UTC)
	for _, e := range []event.Event{
		event.Chat{Head: event.Head{At: far, ID: "\xff\n"}, Comment: "\xff\xfe\u2028\n\x00"},
		event.WaitingForLive{NextCheck: far},
		event.Reconnecting{RetryAt: far.AddDate(-1<<41, 0, 0)},
		event.RateLimited{Until: far},
	} {
		got, err := json.Marshal(NewEvent(e))
		if err != nil || strings.ContainsRune(string(got), '\n') || !json.Valid(got) {
			t.Errorf("%T: %q, %v", e, got, err)
		}
	}
}
