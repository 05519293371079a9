package practice

import (
	"strings"
	"testing"
)

func TestCommands(t *testing.T) {
	const unknownText = "Unknown or incomplete command, see below for error\n"
	tests := []struct {
		text string
		want string
		ok   bool
	}{
		{"list", "There are 2 of a max of 20 players online: pixel_pia, testy_tom", true},
		{"/list", "There are 2 of a max of 20 players online: pixel_pia, testy_tom", true},
		{"say 17", "[Rcon] 17", true},
		{"say", unknownText + "say<--[HERE]", false},
		{"", unknownText + "<--[HERE]", false},
		{"dance", unknownText + "dance<--[HERE]", false},
		{"dance all night long", unknownText + "dance all night long<--[HERE]", false},
		{`tellraw @a {"text":"hi","color":"gold"}`, "", true},
		{`tellraw @a[distance=..5,name="x y"] ["a",{"text":"b"}]`, "", true},
		{`tellraw nobody_nat {"text":"hi"}`, "No player was found", false},
		{`give pixel_pia diamond 3`, "Gave 3 [Diamond] to pixel_pia", true},
		{`give @a minecraft:diamond_sword{Damage:1}`, "Gave 1 [Diamond Sword] to 2 players", true},
		{`give @p diamond many`, "Expected integer\n...p diamond many<--[HERE]", false},
		{`give @p diamond 0`, "Integer must not be less than 1, found 0\n...p diamond 0<--[HERE]", false},
		{`give @p`, unknownText + "give @p<--[HERE]", false},
		{`summon zombie`, "Summoned new Zombie", true},
		{`summon zombie ~ ~1 ~-2.5 {CustomName:'{"text":"x"}',Tags:["a","b"]}`, "Summoned new Zombie", true},
		{`summon minecraft:lightning_bolt ~ ~ ~`, "Summoned new Lightning Bolt", true},
		{`effect give @a speed 10 1`, "Applied effect Speed to 2 players", true},
		{`effect give testy_tom minecraft:slow_falling infinite`, "Applied effect Slow Falling to testy_tom", true},
		{`effect clear @s`, "Removed every effect from pixel_pia", true},
		{`time set night`, "Set the time to 13000", true},
		{`time add 500`, "Set the time to 13500", true},
		{`time query daytime`, "The time is 13500", true},
		{`weather thunder`, "Set the weather to rain & thunder", true},
		{`title @a title {"text":"Thanks"}`, "Showing new title for 2 players", true},
		{`title @a times 10 70 20`, "Changed title display times for 2 players", true},
		{`title @p actionbar "ok"`, "Showing new actionbar for pixel_pia", true},
		{`playsound minecraft:entity.cat.ambient master @a`, "Played sound minecraft:entity.cat.ambient to 2 players", true},
		{`kill @e[type=zombie]`, "Killed 2 players", true},
		{`kill`, "No entity was found", false},
		{`tp testy_tom ~ 80 ~`, "Teleported testy_tom to ~, 80, ~", true},
		{`tp testy_tom pixel_pia`, "Teleported testy_tom to pixel_pia", true},
		{`gamerule keepInventory true`, "Gamerule keepInventory is now set to: true", true},
		{`gamerule keepInventory`, "Gamerule keepInventory is currently set to: true", true},
		{`difficulty hard`, "The difficulty has been set to hard", true},
		{`difficulty hard`, "The difficulty did not change; it is already set to hard", false},
		{`lightning @p`, "Summoned new Lightning Bolt at pixel_pia", true},
		{`gamemode creative testy_tom`, "Set testy_tom's game mode to Creative Mode", true},
		{`xp add @p 5`, "Gave 5 experience points to pixel_pia", true},
		{`experience set @a 3 levels`, "Set 3 experience levels to 2 players", true},
		{`damage testy_tom 2.5`, "Applied 2.5 damage to testy_tom", true},
		{`enchant @p minecraft:sharpness 3`, "Applied enchantment Sharpness to pixel_pia's item", true},
		{`tag @p add vip`, "Added tag 'vip' to pixel_pia", true},
		{`tag @p remove vip`, "Removed tag 'vip' from pixel_pia", true},
		{`kick testy_tom bye then`, "Kicked testy_tom: bye then", true},
		{`setblock ~ ~-1 ~ minecraft:tnt destroy`, "Changed the block at ~, ~-1, ~", true},
		{`fill ~ ~ ~ ~5 ~5 ~5 minecraft:cobweb keep`, "Successfully filled the area with Cobweb", true},
		{`particle minecraft:heart ~ ~1 ~ 1 1 1 0 20`, "Displaying particle Heart", true},
		{`function stream:party`, "Executed 1 command(s) from function 'stream:party'", true},
		{`execute as @a at @s run say hi`, "[Rcon] hi", true},
		{`execute as @a run dance`, unknownText + "...as @a run dance<--[HERE]", false},
		{`execute if entity @a run say hi`, "[Rcon] hi", true},
		{`execute if entity @s run say hi`, "", true},
		{`execute unless entity nobody_nat run say hi`, "[Rcon] hi", true},
		{`execute if entity @a`, "Test passed", true},
		{`execute if entity @s`, "Test failed", true},
		{`execute if block ~ ~ ~ stone run say hi`, "Incorrect argument for command\n...xecute if block ~ ~ ~ stone run say hi<--[HERE]", false},
	}
	w := newWorld([]string{"pixel_pia", "testy_tom"})
	for _, tt := range tests {
		got, ok := w.run(tt.text)
		if got != tt.want || ok != tt.ok {
			t.Errorf("%q: got %q %v, want %q %v", tt.text, got, ok, tt.want, tt.ok)
		}
	}
}

func TestWrongSyntaxIsRefused(t *testing.T) {
	w := newWorld([]string{"pixel_pia"})
	for _, text := range []string{
		`tellraw @a {"text":"hi"`, `tellraw @a {"text":"}],{"x"}`, `tellraw @a hi`, `tellraw @a {}`, `tellraw @x "hi"`, `tellraw @a`,
		`tellraw @a[name="x {"text":"hi"}`, `title @a banner "x"`, `title @a times 1 2`, `summon zombie ~ ~`, `summon zombie here we go`,
		`summon zombie ~ ~ ~ {CustomName:'"x'"}`, `summon zombie ~ ~ ~ {a:[}]`, `summon Zombie!`, `effect grant @a speed`,
		`weather snow`, `time set tea`, `gamerule fun true`, `gamerule keepInventory maybe`, `playsound bell loud @a`, `list all`,
		`tp pixel_pia nobody_nat`, `kill nobody_nat`, `execute`, `execute as @a`, `execute run`, `damage @p much`, `tag @p`, `tag @p grow x`,
		`setblock ~ ~`, `fill 1 2 3 4 5 6`, `fill 1 2 3 4 5 6 tnt softly`, `function`, `experience add @a 5 miles`, `xp take @a 5`,
	} {
		if got, ok := w.run(text); ok || got == "" {
			t.Errorf("%q: got %q, want a refusal", text, got)
		}
	}
}

func TestNobodyOnline(t *testing.T) {
	w := newWorld(nil)
	for _, text := range []string{`tellraw @a "x"`, `give @p diamond`, `kill pixel_pia`} {
		if got, ok := w.run(text); ok || got != "No player was found" {
			t.Errorf("%q: got %q", text, got)
		}
	}
}

func FuzzCommands(f *testing.F) {
	for name := range vocabulary() {
		f.Add(name + ` @a[name="x"] minecraft:zombie ~ ~ ~ {"text":"x"}`)
	}
	f.Add(`execute as @a run execute run say`)
	f.Add("give @a[[[ '\\")
	f.Fuzz(func(t *testing.T, text string) {
		w := newWorld([]string{"pixel_pia"})
		reply, ok := w.run(text)
		if !ok && strings.TrimSpace(reply) == "" {
			t.Errorf("%q was refused without a word", text)
		}
	})
}

// never is a condition that does not hold.
const never = "execute if entity @s[tag=a,tag=!a] run "

func TestWhatStandsBehindAConditionIsReadAndNotDone(t *testing.T) {
	w := newWorld([]string{"pixel_pia"})
	for _, text := range []string{
		"difficulty hard", "difficulty normal", "time set night", "gamerule keepInventory true", "say hi", "kill nobody_nat",
		`tellraw nobody_nat {"text":"x"}`, "execute as @a run say hi",
	} {
		if got, ok := w.run(never + text); got != "" || !ok {
			t.Errorf("%q: got %q %v", text, got, ok)
		}
	}
	if w.difficulty != "normal" || w.time != 1000 || w.rules["keepInventory"] != "false" {
		t.Errorf("something was done: %q, %d, %v", w.difficulty, w.time, w.rules)
	}
	for _, text := range []string{"dance", "say", "give @p diamond many", "difficulty horrible", `tellraw nobody_nat {"text":"x"`, "execute as @a run dance"} {
		if got, ok := w.run(never + text); ok || !strings.HasSuffix(got, here) {
			t.Errorf("%q: got %q %v", text, got, ok)
		}
	}
}

func TestBukkitNames(t *testing.T) {
	w := newWorld([]string{"pixel_pia"})
	if got, ok := w.run("minecraft:say hi"); ok || !strings.HasSuffix(got, here) {
		t.Errorf("got %q %v", got, ok)
	}
	w.namespaced = true
	if got, ok := w.run("minecraft:say hi"); got != "[Rcon] hi" || !ok {
		t.Errorf("got %q %v", got, ok)
	}
}
