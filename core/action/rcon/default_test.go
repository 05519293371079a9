package rcon

import (
	"testing"

	"github.com/livecue/livecue/core/action"
	"github.com/livecue/livecue/core/profile"
	"github.com/livecue/livecue/core/rehearsal/practice"
)

// TestDefaultRulesWork does every command of the profile of a first start, for a viewer with an awkward name.
func TestDefaultRulesWork(t *testing.T) {
	s, _ := game(t, practice.Options{})
	c := client(t, s.Addr(), Options{})
	fields := action.Fields{
		User: "pixel_pia", Nickname: `"}],{"Pia's \ §k@e[type=player]`, Gift: "Rose", GiftID: 5655, Count: 3, Coins: 1, TotalCoins: 3,
		Comment: "!zombie now", Args: "now",
	}
	jobs := 0
	for _, r := range profile.Default().Rules {
		for _, spec := range r.Actions {
			if spec.RCON == nil {
				continue
			}
			jobs++
			o, err := c.Do(t.Context(), action.Job{Spec: spec, Fields: fields, Runs: 1})
			if err != nil || o.State != action.Done {
				t.Errorf("%s: %q: %+v, error %v", r.Name, spec.RCON.Command, o, err)
			}
		}
	}
	if jobs == 0 || s.Count() < uint64(jobs) {
		t.Errorf("%d jobs, %d commands", jobs, s.Count())
	}
}
