package overlay

import (
	"cmp"
	"math"
	"slices"

	"github.com/livecue/livecue/core/event"
)

const (
	// maxGivers bounds how many viewers' coins are known. When there are more, the half that has given less is forgotten.
	maxGivers = 5000
	topShown  = 20
)

// totals is what a stream has come to.
type totals struct {
	// Likes is the room's own number where the platform tells it, those from before we came included.
	Likes   int64 `json:"likes"`
	Coins   int64 `json:"coins"`
	Gifts   int64 `json:"gifts"`
	Follows int64 `json:"follows"`
}

// giver is a viewer and what they have given.
type giver struct {
	Key    string `json:"key"`
	Name   string `json:"name"`
	Avatar string `json:"avatar,omitempty"`
	Coins  int64  `json:"coins"`
}

// givers are the viewers who have given something, by key.
type givers map[string]giver

// add counts coins of a viewer, who is shown as they call themselves now.
func (g givers) add(u event.User, coins int64) {
	key := u.Key()
	if _, ok := g[key]; !ok && len(g) >= maxGivers {
		g.forgetHalf()
	}
	g[key] = giver{
		Key: clean(key, maxNameShown), Name: clean(u.Name(), maxNameShown), Avatar: picture(u.AvatarURL), Coins: plus(g[key].Coins, coins),
	}
}

func (g givers) forgetHalf() {
	sums := make([]int64, 0, len(g))
	for _, one := range g {
		sums = append(sums, one.Coins)
	}
	slices.Sort(sums)
	median, left := sums[len(sums)/2], len(g)/2
	for key, one := range g {
		if one.Coins <= median && left > 0 {
			delete(g, key)
			left--
		}
	}
}

// top returns those who have given most, first.
func (g givers) top(most int) []giver {
	all := make([]giver, 0, len(g))
	for _, one := range g {
		all = append(all, one)
	}
	slices.SortFunc(all, func(a, b giver) int {
		return cmp.Or(cmp.Compare(b.Coins, a.Coins), cmp.Compare(a.Name, b.Name), cmp.Compare(a.Key, b.Key))
	})
	return slices.Clone(all[:min(most, len(all))])
}

// plus adds what is not negative, and stops at the largest number that JavaScript counts exactly.
func plus(a, b int64) int64 {
	const most = 1<<53 - 1
	return min(a+min(max(b, 0), most), most)
}

// worth is what a gift message adds, in coins.
func worth(g event.Gift) int64 {
	added, coins := int64(max(g.Added, 0)), int64(max(g.Gift.Coins, 0))
	if coins > 0 && added > math.MaxInt64/coins {
		return math.MaxInt64
	}
	return added * coins
}
