package gui

import (
	"context"
	"time"

	"github.com/livecue/livecue/core/overlay"
	"github.com/livecue/livecue/core/scoreboard"
	"github.com/livecue/livecue/core/stats"
	"github.com/livecue/livecue/core/store"
)

func (f *fakeCore) OverlayPages() []overlay.Page {
	var all []overlay.Page
	for _, name := range []string{
		overlay.PageAlert, overlay.PageGifts, overlay.PageGoal, overlay.PageTop, overlay.PageCounter, overlay.PageTimer, overlay.PageChat, overlay.PageQueue,
	} {
		all = append(all, overlay.Page{Name: name, Address: "http://127.0.0.1:8747/made-up-token/" + name})
	}
	return all
}

func (f *fakeCore) OverlayStatus() overlay.Status { return overlay.Status{Pages: 2} }

func (f *fakeCore) RenewOverlayToken() error { return nil }

func (f *fakeCore) Counters() []scoreboard.Counter {
	return []scoreboard.Counter{{Name: "deaths", Value: 12}}
}

func (f *fakeCore) Timers() []scoreboard.Timer {
	return []scoreboard.Timer{{Name: "subathon", Left: 3723 * time.Second}}
}

func (f *fakeCore) Sessions(context.Context, int64, int) ([]store.Session, error) {
	return []store.Session{{ID: 1, Begun: time.Unix(1_700_000_000, 0)}}, nil
}

func (f *fakeCore) Statistics(context.Context, stats.Query) (stats.Statistics, error) {
	st := stats.Statistics{ByCoins: []store.ViewerTotal{{Handle: "pixel_pia", Nickname: "Pixel Pia", Coins: 1234}}}
	st.Total.Coins = 1234
	for i := range 300 {
		var s store.Slot
		s.Coins, s.Gifts, s.Likes = int64(i%17), int64(i%5), int64(i)
		st.Points = append(st.Points, s)
	}
	return st, nil
}

func (f *fakeCore) StatisticsCSV(context.Context, stats.Query, stats.Table, bool) ([]byte, error) {
	return []byte("time,coins\n"), nil
}
