package looktest

import (
	"time"

	"github.com/livecue/livecue/core/action"
	"github.com/livecue/livecue/core/profile"
	"github.com/livecue/livecue/core/rule"
)

// ExampleProfile has a rule of most kinds.
func ExampleProfile() profile.Profile {
	say := func(text string) *action.RCON { return &action.RCON{Command: text} }
	chime := action.Spec{Sound: &action.Sound{File: "bundled:chime"}}
	return profile.Profile{
		Version: profile.Version,
		RCON:    []profile.Server{{Name: "minecraft", Address: "127.0.0.1:25575"}},
		Rules: []rule.Rule{
			{ID: "rose", Name: "Rose: a chicken", Trigger: rule.Trigger{Kind: rule.OnGift, GiftID: 5655, Gift: "Rose"}, Actions: []action.Spec{
				{PerGift: true, RCON: say("execute at @p run summon minecraft:chicken ~ ~1 ~")}, {RCON: say(`tell @a {nickname} sent {count} x {gift}`)}, chime,
			}},
			{ID: "big-gift", Name: "Big gift: diamonds", Trigger: rule.Trigger{Kind: rule.OnAnyGift, MinCoins: 100}, Actions: []action.Spec{
				{PerGift: true, RCON: say("give @a minecraft:diamond 1")}, chime,
			}},
			{ID: "follow", Name: "Follow: a cookie", Trigger: rule.Trigger{Kind: rule.OnFollow}, Actions: []action.Spec{{RCON: say("give @p minecraft:cookie 1")}, chime}},
			{ID: "likes", Name: "Fireworks", Trigger: rule.Trigger{Kind: rule.OnLikes, Every: 1000}, Actions: []action.Spec{
				{Repeat: 3, RCON: say("execute at @p run summon minecraft:firework_rocket ~ ~2 ~")},
			}},
			{
				ID: "zombie", Name: "Zombie by chat", Trigger: rule.Trigger{Kind: rule.OnCommand, Command: "!zombie"}, Cooldown: action.Duration(30 * time.Second),
				CooldownPer: rule.CooldownViewer, Actions: []action.Spec{{RCON: say("execute at @p run summon minecraft:zombie ~5 ~ ~")}},
			},
			{ID: "subscribe", Name: "Subscription: speed", Trigger: rule.Trigger{Kind: rule.OnSubscribe}, Actions: []action.Spec{
				{RCON: say("effect give @a minecraft:speed 60 1")}, chime,
			}},
			{ID: "share", Name: "Share: experience", Off: true, Trigger: rule.Trigger{Kind: rule.OnShare}, Actions: []action.Spec{{RCON: say("experience add @a 5 points")}}},
		},
	}
}
