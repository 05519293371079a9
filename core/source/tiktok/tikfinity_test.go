package tiktok

import (
	"log/slog"
	"testing"

	"github.com/livecue/livecue/core/event"
)

// Whatever calls itself TikFinity can neither crash the source nor make it count what cannot be.
func FuzzTikFinity(f *testing.F) {
	for _, seed := range []string{
		`{"event":"gift","data":{"msgId":"7","giftId":5655,"giftType":1,"repeatCount":3,"repeatEnd":true,"groupId":"9","userId":"12","uniqueId":"pixel_pia"}}`,
		`{"event":"gift","data":{"giftId":1,"repeatCount":-99999999999999,"diamondCount":99999999999999}}`, `{"event":"chat","data":{"comment":"\ud800"}}`,
		`{"event":"streamEnd"}`, `{"event":"roomUser","data":{"viewerCount":-1}}`, `[]`, "\xff",
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, frame []byte) {
		s, err := New(Options{Handle: testHandle, Door: DoorTikFinity, Log: slog.New(slog.DiscardHandler)})
		if err != nil {
			t.Fatal(err)
		}
		_, resp, err := s.readTikFinity(frame)
		if err != nil || resp == nil {
			return
		}
		s.intake.take(resp, false, func(e event.Event) {
			if g, ok := e.(event.Gift); ok && (g.Added < 0 || g.Added > maxCount || g.Gift.Coins < 0) {
				t.Errorf("%q became %+v", frame, g)
			}
		})
	})
}
