package gui

import (
	"testing"

	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"github.com/livecue/livecue/core/source"
	"github.com/livecue/livecue/gui/look/looktest"
)

func TestOverlaysPageHasAnAddressForEach(t *testing.T) {
	r := newRig(t, func(_ *fakeCore, o *Options) { o.Page = PageOverlays })
	for _, want := range []string{"Alerts", "Gift ticker", "Goal bar", "127.0.0.1:8747/••••••/alert", "2 pages are open", "250 / 1\u202f000   25 %", "deaths | 12", "subathon | 1:02:03"} {
		r.mustShow(want)
	}
}

func TestStatisticsPageShowsSumsAndViewers(t *testing.T) {
	r := newRig(t, func(_ *fakeCore, o *Options) { o.Page = PageStatistics })
	r.untilShows("1\u202f234")
	looktest.All[*container.AppTabs](r.win.Content())[0].SelectIndex(1)
	r.untilShows("Pixel Pia")
}

func TestAReplayIsShownOnEveryPageAndGivesWay(t *testing.T) {
	r := newRig(t, func(_ *fakeCore, o *Options) { o.Page = PageStatistics })
	r.untilShows("1\u202f234")
	r.w.statistics.ShowStreams()
	r.untilShows("2023-11-14")
	looktest.All[*widget.List](r.win.Content())[0].Select(0)
	r.press("Replay …")
	r.press("Replay")
	r.untilShows("Replay, nothing is done")
	for _, page := range Pages() {
		r.w.show(page)
		r.mustShow("of 3:00:00")
	}

	r.w.show(PageLive)
	r.w.connectAs("pixel_pia")
	r.untilShows("The replay has ended, since you connect to your stream.")
	r.until("the bar goes", func() bool { r.w.tick(); return !looktest.Shows(r.win.Content(), "of 3:00:00") })
	r.core.setStatus(source.Status{State: source.Connected, Handle: "pixel_pia"})
	r.w.show(PageStatistics)
	r.press("Replay …")
	r.press("Replay")
	r.mustShow("A replay must not get between you and your viewers.")
}
