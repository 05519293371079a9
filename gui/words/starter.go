package words

import (
	"fyne.io/fyne/v2/lang"

	"github.com/livecue/livecue/core/profile"
)

// Starter returns p with the names of the rules of a first start in the user's language. Other names stay.
func Starter(p profile.Profile) profile.Profile {
	p = p.Clone()
	for i, r := range p.Rules {
		p.Rules[i].Name = starterName(r.Name)
	}
	return p
}

func starterName(name string) string {
	switch name {
	case "Rose: a chicken":
		return lang.L("Rose: a chicken")
	case "Gift of 100 coins or more: diamonds":
		return lang.L("Gift of 100 coins or more: diamonds")
	case "Follow: a cookie":
		return lang.L("Follow: a cookie")
	case "Every 1000 likes: fireworks":
		return lang.L("Every 1000 likes: fireworks")
	case "!zombie: a zombie":
		return lang.L("!zombie: a zombie")
	case "Subscription: a minute of speed":
		return lang.L("Subscription: a minute of speed")
	case "Share: experience":
		return lang.L("Share: experience")
	default:
		return name
	}
}
