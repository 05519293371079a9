package rehearsal

import (
	"fmt"
	"strings"
)

// firstViewerID is in the range of TikTok's account numbers, and no real account's: those are random in their low digits.
const firstViewerID = 7_000_000_000_000_000_000

var (
	crowdMoods   = [...]string{"Amber", "Brisk", "Copper", "Dapper", "Early", "Fuzzy", "Gentle", "Humble", "Ivory", "Jolly", "Kindly"}
	crowdAnimals = [...]string{"Otter", "Badger", "Curlew", "Dormouse", "Egret", "Ferret", "Gecko"}
	crowdSigns   = [...]string{"", " 🌸", "", " ⭐", "", " 🦊", " ™"}
)

// madeUp returns the n-th plain viewer: plainly made up, and the same in every run.
func madeUp(n int) *viewer {
	mood, animal := crowdMoods[n%len(crowdMoods)], crowdAnimals[n%len(crowdAnimals)]
	return &viewer{
		handle:   fmt.Sprintf("made_up_%s_%03d", strings.ToLower(animal), n+1),
		nickname: fmt.Sprintf("%s %s %d%s", mood, animal, n+1, crowdSigns[n%len(crowdSigns)]),
		roles: roles{
			follower:   n%2 == 0,
			subscriber: n%9 == 4,
			gifter:     n%3 == 0,
			moderator:  n%25 == 10,
			team:       n % 5 * 4,
		},
	}
}
