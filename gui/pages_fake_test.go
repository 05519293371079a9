package gui

import (
	"context"
	"time"

	"github.com/livecue/livecue/core/action"
	"github.com/livecue/livecue/core/app"
	"github.com/livecue/livecue/core/event"
	"github.com/livecue/livecue/core/overlay"
	"github.com/livecue/livecue/core/profile"
	"github.com/livecue/livecue/core/profile/library"
	"github.com/livecue/livecue/core/replay"
	"github.com/livecue/livecue/core/scoreboard"
	"github.com/livecue/livecue/core/source"
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

func (f *fakeCore) OverlayShown() overlay.Shown {
	return overlay.Shown{Goal: overlay.Goal{Of: "likes", Target: 1000}, Reached: 250, Open: map[string]int{overlay.PageGoal: 2}}
}

func (f *fakeCore) OverlayChanges() (<-chan struct{}, func()) { return nil, func() {} }

func (f *fakeCore) BoardChanges() (<-chan struct{}, func()) { return nil, func() {} }

func (f *fakeCore) RenewOverlayToken() error { return nil }

func (f *fakeCore) TryAlert(context.Context, action.Overlay) (action.Outcome, error) {
	return action.Outcome{State: action.Done}, nil
}

func (f *fakeCore) TryGift(event.Gift) {}

func (f *fakeCore) SetCounter(string, int64) error { return nil }

func (f *fakeCore) RemoveCounter(string) {}

func (f *fakeCore) ChangeTimer(string, action.TimerVerb, time.Duration) error { return nil }

func (f *fakeCore) RemoveTimer(string) {}

func (f *fakeCore) Counters() []scoreboard.Counter {
	return []scoreboard.Counter{{Name: "deaths", Value: 12}}
}

func (f *fakeCore) Timers() []scoreboard.Timer {
	return []scoreboard.Timer{{Name: "subathon", Left: 3723 * time.Second}}
}

func (f *fakeCore) Sessions(context.Context, int64, int) ([]store.Session, error) {
	return []store.Session{{ID: 1, Handle: "pixel_pia", Begun: time.Unix(1_700_000_000, 0), Last: time.Unix(1_700_006_000, 0), Recorded: 5}}, nil
}

func (f *fakeCore) NameSession(context.Context, int64, string) error { return nil }

func (f *fakeCore) Statistics(context.Context, stats.Query) (stats.Statistics, error) {
	st := stats.Statistics{ByCoins: []store.ViewerTotal{{Handle: "pixel_pia", Nickname: "Pixel Pia", Coins: 1234}}}
	st.Total.Coins = 1234
	st.Step = time.Minute
	st.Total.Start, st.Total.Last = time.Unix(1_700_000_000, 0), time.Unix(1_700_006_000, 0)
	for i := range 100 {
		s := store.Slot{Start: time.Unix(1_700_000_000, 0).Add(time.Duration(i) * time.Minute)}
		s.Coins, s.Gifts, s.Likes = int64(i%17), int64(i%5), int64(i)
		st.Points = append(st.Points, s)
	}
	return st, nil
}

func (f *fakeCore) StatisticsCSV(context.Context, stats.Query, stats.Table, stats.CSV) ([]byte, error) {
	return []byte("time,coins\n"), nil
}

func (f *fakeCore) StartReplay(_ context.Context, r app.Replay) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.status.State != source.Offline {
		return app.ErrLive
	}
	f.replay = app.ReplayStatus{Session: r.Session, File: r.File, WithEffects: r.WithEffects, IsOn: true}
	f.replay.About = replay.About{Name: "Subathon", Begun: time.Unix(1_700_000_000, 0), Length: 3 * time.Hour, Events: 5000}
	f.replay.State, f.replay.Speed, f.replay.Position = replay.Playing, r.Speed, r.From
	return nil
}

// onReplay changes the replay that is under way, if there is one.
func (f *fakeCore) onReplay(change func(*app.ReplayStatus)) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if !f.replay.IsOn {
		return app.ErrNoReplay
	}
	change(&f.replay)
	return nil
}

func (f *fakeCore) StopReplay() { _ = f.onReplay(func(s *app.ReplayStatus) { s.IsOn = false }) }

func (f *fakeCore) PauseReplay() error {
	return f.onReplay(func(s *app.ReplayStatus) { s.State = replay.Paused })
}

func (f *fakeCore) ResumeReplay() error {
	return f.onReplay(func(s *app.ReplayStatus) { s.State = replay.Playing })
}

func (f *fakeCore) SeekReplay(to time.Duration) error {
	return f.onReplay(func(s *app.ReplayStatus) { s.Position = to })
}

func (f *fakeCore) SetReplaySpeed(speed float64) error {
	return f.onReplay(func(s *app.ReplayStatus) { s.Speed = speed })
}

func (f *fakeCore) ReplayStatus() (app.ReplayStatus, bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.replay, f.replay.Length > 0
}

func (f *fakeCore) SaveRecording(context.Context, int64, string, bool) error { return nil }

func (f *fakeCore) Profiles() ([]library.Entry, error) {
	at := time.Date(2026, 3, 1, 20, 15, 0, 0, time.UTC)
	return []library.Entry{
		{ID: "profile", Name: "Survival", Path: f.ProfilePath(), Rules: 7, Changed: at, IsLast: true},
		{ID: "skyblock", Name: "Skyblock", Path: "/home/pia/.config/livecue/profiles/skyblock.toml", Rules: 1234, Changed: at},
		{ID: "broken", Name: "broken", Path: "/home/pia/.config/livecue/profiles/broken.toml", Problem: &profile.FileError{Path: "broken.toml", Line: 12, Reason: "the table is not closed"}},
	}, nil
}

func (f *fakeCore) DeletedProfiles() ([]string, error) { return []string{"old-show"}, nil }
