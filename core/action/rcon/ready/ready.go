// Package ready builds Minecraft commands from a few choices: what, how many, and to whom. What a person typed into a choice cannot
// leave its place in the command.
package ready

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
)

// Edition is how a server reads commands.
type Edition string

// The editions.
const (
	// Modern is Java 1.20.5 and newer: items have components, such as diamond_sword[enchantments={sharpness:5}].
	Modern Edition = "modern"
	// Legacy is older: items have NBT, such as diamond_sword{Enchantments:[{id:"sharpness",lvl:5}]}.
	Legacy Edition = "legacy"
)

// Kind names a ready-made.
type Kind string

// The ready-mades.
const (
	Spawn     Kind = "spawn"
	Give      Kind = "give"
	Effect    Kind = "effect"
	TNT       Kind = "tnt"
	Lightning Kind = "lightning"
	Teleport  Kind = "teleport"
	Weather   Kind = "weather"
	Time      Kind = "time"
	Title     Kind = "title"
	Chat      Kind = "chat"
	Sound     Kind = "sound"
)

// Kinds returns all of them, in the order in which an editor lists them.
func Kinds() []Kind {
	return []Kind{Spawn, Give, Effect, TNT, Lightning, Teleport, Weather, Time, Title, Chat, Sound}
}

// Choice is what a user chooses. Only what its Kind needs counts.
type Choice struct {
	Kind Kind
	// What is the mob, item, effect, weather, time or sound, with or without "minecraft:".
	What string
	// Who is a player's name or a selector such as @a; empty is @p, or @a for what is seen or heard.
	Who string
	// Count is how many there are, 1 to 64, or for teleporting how many blocks up; 0 is 1.
	Count int
	// Seconds is how long an effect, a weather or the fuse of TNT lasts; 0 is what is usual.
	Seconds int
	// Level is an effect's or an enchantment's, from 1; 0 is 1.
	Level int
	// Enchantment is that of an item; empty is none.
	Enchantment string
	// Text is what a title or chat line says. It may have placeholders of LiveCue.
	Text string
}

const (
	maxCount   = 64
	maxSeconds = 1_000_000
	maxLevel   = 255
)

// Command returns the command, one on each line where it takes several.
func Command(c Choice, e Edition) string {
	c = c.bounded()
	switch c.Kind {
	case Spawn:
		return repeat(c.Count, fmt.Sprintf("execute at %s run summon %s ~2 ~ ~2", c.who("@p"), id(c.What, "zombie")))
	case Give:
		return fmt.Sprintf("give %s %s %d", c.who("@p"), item(c, e), c.Count)
	case Effect:
		return fmt.Sprintf("effect give %s %s %d %d", c.who("@p"), id(c.What, "speed"), usual(c.Seconds, 30), c.Level-1)
	case TNT:
		return repeat(c.Count, tnt(c, e))
	case Lightning:
		return repeat(c.Count, fmt.Sprintf("execute at %s run summon minecraft:lightning_bolt ~ ~ ~", c.who("@p")))
	case Teleport:
		who := c.who("@p")
		return fmt.Sprintf("execute as %s at @s run tp @s ~ ~%d ~", who, c.Count)
	case Weather:
		return strings.TrimSpace("weather " + oneOf(c.What, "clear", "rain", "thunder") + duration(c.Seconds))
	case Time:
		return "time set " + oneOf(c.What, "day", "noon", "night", "midnight")
	case Title:
		return fmt.Sprintf("title %s title %s", c.who("@a"), text(c.Text))
	case Chat:
		return fmt.Sprintf("tellraw %s %s", c.who("@a"), text(c.Text))
	case Sound:
		who := c.who("@a")
		return fmt.Sprintf("execute as %s at @s run playsound %s master @s", who, id(c.What, "entity.ender_dragon.growl"))
	default:
		return ""
	}
}

func (c Choice) bounded() Choice {
	c.Count = min(max(c.Count, 1), maxCount)
	c.Seconds = min(max(c.Seconds, 0), maxSeconds)
	c.Level = min(max(c.Level, 1), maxLevel)
	return c
}

// who returns whom it is for. A name that could not be one is replaced by what is usual.
func (c Choice) who(usual string) string {
	who := strings.TrimSpace(c.Who)
	isSelector := strings.HasPrefix(who, "@") && len(who) >= 2 && strings.ContainsRune("aeprs", rune(who[1])) && !strings.ContainsAny(who, " \n\r\t")
	if isSelector || isName(who) {
		return who
	}
	return usual
}

// isName reports whether a player can have the name.
func isName(s string) bool {
	for _, r := range s {
		if r != '_' && (r < '0' || r > '9') && (r < 'A' || r > 'Z') && (r < 'a' || r > 'z') {
			return false
		}
	}
	return s != "" && len(s) <= 16
}

func tnt(c Choice, e Edition) string {
	fuse := usual(c.Seconds, 4) * 20 // in ticks
	fuse = min(fuse, 32767)
	data := fmt.Sprintf("{fuse:%d}", fuse)
	if e == Legacy { // the key was renamed in the middle of those versions; one that is unknown is ignored
		data = fmt.Sprintf("{Fuse:%d,fuse:%d}", fuse, fuse)
	}
	return fmt.Sprintf("execute at %s run summon minecraft:tnt ~ ~1 ~ %s", c.who("@p"), data)
}

// item returns an item with its enchantment, as the edition writes it.
func item(c Choice, e Edition) string {
	name := id(c.What, "diamond")
	switch enchantment := id(c.Enchantment, "sharpness"); {
	case c.Enchantment == "":
		return name
	case e == Legacy:
		return fmt.Sprintf(`%s{Enchantments:[{id:"%s",lvl:%ds}]}`, name, enchantment, c.Level)
	default:
		return fmt.Sprintf(`%s[enchantments={"%s":%d}]`, name, enchantment, c.Level)
	}
}

// id returns a name of the game with its namespace. What cannot be one is replaced by what is usual.
func id(name, usual string) string {
	name = strings.ReplaceAll(strings.ToLower(strings.TrimSpace(name)), " ", "_")
	bad := func(r rune) bool { return !strings.ContainsRune("abcdefghijklmnopqrstuvwxyz0123456789_-./:", r) }
	if name == "" || strings.ContainsFunc(name, bad) || strings.Count(name, ":") > 1 {
		name = usual
	}
	if !strings.Contains(name, ":") {
		name = "minecraft:" + name
	}
	return name
}

// oneOf returns value, or the first of those allowed.
func oneOf(value string, allowed ...string) string {
	for _, a := range allowed {
		if value == a {
			return a
		}
	}
	return allowed[0]
}

// text is a text component in JSON. Placeholders in it are filled in for JSON.
func text(s string) string { return `{"text":"` + jsonText(s) + `"}` }

// jsonText is the content of a JSON string. A viewer's text must not end the string, so its placeholders ask for JSON too.
func jsonText(s string) string {
	data, err := json.Marshal(oneLine(s))
	if err != nil {
		return "" // a string always has a form
	}
	plain := strings.NewReplacer(`\u003c`, "<", `\u003e`, ">", `\u0026`, "&").Replace(string(data[1 : len(data)-1]))
	for _, name := range []string{"user", "nickname", "gift", "comment", "args", "arg1", "arg2", "arg3"} {
		plain = strings.ReplaceAll(plain, "{"+name+"}", "{"+name+":json}")
	}
	return plain
}

func oneLine(s string) string {
	return strings.Join(strings.Fields(s), " ")
}

func usual(n, usual int) int {
	if n == 0 {
		return usual
	}
	return n
}

func duration(seconds int) string {
	if seconds == 0 {
		return ""
	}
	return " " + strconv.Itoa(seconds) + "s"
}

// repeat writes a command so often, each on a line of its own.
func repeat(n int, command string) string {
	return strings.TrimSuffix(strings.Repeat(command+"\n", n), "\n")
}
