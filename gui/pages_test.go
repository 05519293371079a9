package gui

import (
	"testing"

	"fyne.io/fyne/v2/container"

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
