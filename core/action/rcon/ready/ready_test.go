package ready

import (
	"strings"
	"testing"
)

func TestCommands(t *testing.T) {
	tests := []struct {
		name    string
		choice  Choice
		edition Edition
		want    string
	}{
		{"spawn", Choice{Kind: Spawn, What: "Creeper"}, Modern, "execute at @p run summon minecraft:creeper ~2 ~ ~2"},
		{"spawn two for one player", Choice{Kind: Spawn, What: "zombie", Who: "Steve", Count: 2}, Modern, "execute at Steve run summon minecraft:zombie ~2 ~ ~2\nexecute at Steve run summon minecraft:zombie ~2 ~ ~2"},
		{"give", Choice{Kind: Give, What: "diamond", Count: 3, Who: "@a"}, Modern, "give @a minecraft:diamond 3"},
		{"give enchanted", Choice{Kind: Give, What: "diamond sword", Enchantment: "sharpness", Level: 5}, Modern, `give @p minecraft:diamond_sword[enchantments={"minecraft:sharpness":5}] 1`},
		{"give enchanted, older", Choice{Kind: Give, What: "diamond_sword", Enchantment: "sharpness", Level: 5}, Legacy, `give @p minecraft:diamond_sword{Enchantments:[{id:"minecraft:sharpness",lvl:5s}]} 1`},
		{"effect", Choice{Kind: Effect, What: "speed", Seconds: 60, Level: 2}, Modern, "effect give @p minecraft:speed 60 1"},
		{"tnt", Choice{Kind: TNT}, Modern, "execute at @p run summon minecraft:tnt ~ ~1 ~ {fuse:80}"},
		{"tnt, older", Choice{Kind: TNT, Seconds: 2}, Legacy, "execute at @p run summon minecraft:tnt ~ ~1 ~ {Fuse:40,fuse:40}"},
		{"lightning", Choice{Kind: Lightning, Who: "@r"}, Modern, "execute at @r run summon minecraft:lightning_bolt ~ ~ ~"},
		{"teleport", Choice{Kind: Teleport, Count: 20}, Modern, "execute as @p at @s run tp @s ~ ~20 ~"},
		{"weather", Choice{Kind: Weather, What: "thunder", Seconds: 60}, Modern, "weather thunder 60s"},
		{"weather clear", Choice{Kind: Weather}, Modern, "weather clear"},
		{"time", Choice{Kind: Time, What: "night"}, Modern, "time set night"},
		{"title", Choice{Kind: Title, Text: "Thanks {nickname}"}, Modern, `title @a title {"text":"Thanks {nickname:json}"}`},
		{"chat", Choice{Kind: Chat, Text: `{nickname} says "{comment}" {count} <3`}, Modern, `tellraw @a {"text":"{nickname:json} says \"{comment:json}\" {count} <3"}`},
		{"sound", Choice{Kind: Sound, What: "entity.creeper.primed"}, Modern, "execute as @a at @s run playsound minecraft:entity.creeper.primed master @s"},
		{"nonsense cannot leave its place", Choice{Kind: Give, What: "dirt 1\nop x", Who: "@a run op", Count: 9999}, Modern, "give @p minecraft:diamond 64"},
		{"unknown", Choice{Kind: "other"}, Modern, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := Command(tt.choice, tt.edition); got != tt.want {
				t.Errorf("got  %s\nwant %s", got, tt.want)
			}
		})
	}
}

func TestEveryKindMakesACommand(t *testing.T) {
	for _, k := range Kinds() {
		for _, e := range []Edition{Modern, Legacy} {
			if got := Command(Choice{Kind: k}, e); got == "" || strings.Contains(got, "\n") {
				t.Errorf("%s, %s: %q", k, e, got)
			}
		}
	}
}
