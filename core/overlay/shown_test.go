package overlay

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/livecue/livecue/core/action"
	"github.com/livecue/livecue/core/event"
)

func TestShownIsWhatPagesShow(t *testing.T) {
	s := quiet(t)
	s.Configure(Settings{Goal: Goal{Of: "coins", Target: 2000}})
	wake, end := s.Watch()
	defer end()
	for i, from := range []string{"a", "b", "c", "d"} {
		s.Take(gift(from, "Rose", i+1, 10))
		s.Take(chat(from, "hello "+from))
	}
	select {
	case <-wake:
	default:
		t.Error("nobody was told")
	}
	leave := seat(t, s, "", true)
	if o, _ := doing(t, s, action.Overlay{Text: "{nickname} sent {gift}"}); o.State != action.Done {
		t.Errorf("the alert: %+v", o)
	}
	v := s.Shown()
	if len(v.Gifts) != 3 || v.Gifts[0] != (ShownGift{"d", "Rose", 4}) || len(v.Givers) != 3 || v.Givers[0] != (ShownGiver{"d", 40}) ||
		len(v.Comments) != 3 || v.Comments[0] != (ShownComment{"d", "hello d"}) {
		t.Errorf("lists: %+v", v)
	}
	if v.Reached != 100 || v.Alert != "Pixel Pia sent Rose" || v.Open[PageAlert] != 1 {
		t.Errorf("numbers: %+v", v)
	}
	leave()
	if open := s.Shown().Open; len(open) != 0 {
		t.Errorf("open: %v", open)
	}
}

func TestASampleGiftIsSeenAndNotCounted(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := quiet(t)
		sample := event.Gift{User: user("Pixel Pia"), Gift: event.GiftInfo{Name: "Rose", Coins: 1}, Count: 5}
		s.SampleGift(sample)
		time.Sleep(sampleFor / 2)
		s.SampleGift(sample)
		s.Take(gift("testy_tom", "Galaxy", 1, 1000))
		time.Sleep(sampleFor - time.Second)
		if v := s.Shown(); len(v.Gifts) != 2 || v.Gifts[1].Name != "Pixel Pia" || len(v.Givers) != 1 || s.real.totals.Gifts != 1 {
			t.Errorf("while it is seen: %+v", v)
		}
		time.Sleep(2 * time.Second)
		if v := s.Shown(); len(v.Gifts) != 1 || v.Gifts[0].Name != "testy_tom" {
			t.Errorf("afterwards: %+v", v)
		}
	})
}
