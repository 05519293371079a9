package look_test

import (
	"slices"
	"strconv"
	"testing"

	"fyne.io/fyne/v2/test"

	"github.com/livecue/livecue/gui/look"
)

func TestPickShowsWhatItDoesNotOffer(t *testing.T) {
	test.NewTempApp(t)
	var chosen []int
	p := look.NewPick([]int{1, 2, 3}, strconv.Itoa, func(n int) { chosen = append(chosen, n) })
	p.Set(2)
	p.Set(77)
	if p.Selected != "77" || !slices.Equal(p.Options, []string{"1", "2", "3", "77"}) || chosen != nil {
		t.Fatalf("%q of %q, chosen %v", p.Selected, p.Options, chosen)
	}
	p.SetSelected("3")
	p.SetSelected("77")
	p.Set(1)
	if p.Selected != "1" || len(p.Options) != 3 || !slices.Equal(chosen, []int{3, 77}) {
		t.Errorf("%q of %q, chosen %v", p.Selected, p.Options, chosen)
	}
}
