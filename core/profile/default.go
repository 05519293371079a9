package profile

import (
	"time"

	"github.com/livecue/livecue/core/action"
	"github.com/livecue/livecue/core/rule"
)

// Default returns the profile of a first start: one game server on this computer and a few rules to look at and change. What
// they do harms no world.
func Default() Profile {
	return Profile{
		Version: Version,
		RCON:    []Server{{Name: "minecraft", Address: "127.0.0.1:25575"}},
		Rules: []rule.Rule{
			{
				ID: "rose", Name: "Rose: a chicken", Trigger: rule.Trigger{Kind: rule.OnGift, GiftID: 5655, Gift: "Rose"},
				Actions: []action.Spec{
					{PerGift: true, RCON: command("execute at @p run summon minecraft:chicken ~ ~1 ~")},
					{RCON: command(actionbar("{nickname:json} sent {count} x {gift}"))},
					sound("pop"),
				},
			},
			{
				ID: "big-gift", Name: "Gift of 100 coins or more: diamonds", Trigger: rule.Trigger{Kind: rule.OnAnyGift, MinCoins: 100},
				Actions: []action.Spec{
					{PerGift: true, RCON: command("give @a minecraft:diamond 1")},
					{RCON: command(`title @a title {"text":"{gift} x {count}","color":"aqua"}` + "\n" + actionbar("Thank you, {nickname:json}!"))},
					sound("fanfare"),
				},
			},
			{
				ID: "follow", Name: "Follow: a cookie", Trigger: rule.Trigger{Kind: rule.OnFollow},
				Actions: []action.Spec{
					{RCON: command("give @p minecraft:cookie 1\n" + actionbar("{nickname:json} follows now"))},
					sound("level-up"),
				},
			},
			{
				ID: "likes", Name: "Every 1000 likes: fireworks", Trigger: rule.Trigger{Kind: rule.OnLikes, Every: 1000},
				Actions: []action.Spec{
					{Repeat: 3, RCON: command("execute at @p run summon minecraft:firework_rocket ~ ~2 ~")},
					{RCON: command(actionbar("{count} likes!"))},
				},
			},
			{
				ID: "zombie", Name: "!zombie: a zombie", Trigger: rule.Trigger{Kind: rule.OnCommand, Command: "!zombie"},
				Cooldown: action.Duration(30 * time.Second), CooldownPer: rule.CooldownViewer,
				Actions: []action.Spec{{RCON: command("execute at @p run summon minecraft:zombie ~5 ~ ~")}},
			},
			{
				ID: "subscribe", Name: "Subscription: a minute of speed", Trigger: rule.Trigger{Kind: rule.OnSubscribe},
				Actions: []action.Spec{
					{RCON: command("effect give @a minecraft:speed 60 1\n" + actionbar("{nickname:json} subscribed"))},
					sound("bell"),
				},
			},
			{
				ID: "share", Name: "Share: experience", Off: true, Trigger: rule.Trigger{Kind: rule.OnShare},
				Cooldown: action.Duration(10 * time.Second),
				Actions:  []action.Spec{{RCON: command("experience add @a 5 points")}},
			},
		},
	}
}

func command(text string) *action.RCON { return &action.RCON{Command: text} }

func actionbar(text string) string { return `title @a actionbar {"text":"` + text + `"}` }

// sound is an action that plays a bundled sound.
func sound(name string) action.Spec {
	return action.Spec{Sound: &action.Sound{File: "bundled:" + name}}
}
