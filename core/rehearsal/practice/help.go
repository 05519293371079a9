package practice

import "strings"

// help lists what can be typed. Like Minecraft's it is long: three packets in the dialects that split every 4096 characters.
func help(_ *world, in *input) (string, error) {
	if err := in.end(); err != nil {
		return "", err
	}
	var b strings.Builder
	line := func(parts ...string) {
		if b.Len() > 0 {
			b.WriteByte('\n')
		}
		b.WriteString(strings.Join(parts, ""))
	}
	for usage := range strings.SplitSeq(usages, "\n") {
		line(usage)
	}
	for _, entity := range strings.Fields(entities) {
		line("/summon minecraft:", entity, " [<pos>] [<nbt>]")
	}
	for _, name := range strings.Fields(effects) {
		line("/effect give <targets> minecraft:", name, " [<seconds>|infinite] [<amplifier>]")
	}
	for _, item := range strings.Fields(items) {
		line("/give <targets> minecraft:", item, " [<count>]")
	}
	return b.String(), nil
}

const usages = `/clear <targets>
/damage <targets> <amount>
/difficulty [peaceful|easy|normal|hard]
/effect clear <targets>
/enchant <targets> <enchantment> [<level>]
/execute (as|at|positioned|if entity|unless entity) <targets> ... run <command>
/experience (add|set) <targets> <amount> [points|levels]
/fill <from> <to> <block> [<mode>]
/function <name>
/gamemode (survival|creative|adventure|spectator) <targets>
/gamerule <rule> [<value>]
/kick <targets> [<reason>]
/kill <targets>
/lightning <targets>
/list
/particle <name>
/playsound <sound> <source> <targets>
/say <message>
/setblock <pos> <block> [<mode>]
/tag <targets> (add|remove) <name>
/tellraw <targets> <message>
/time (set|add|query)
/title <targets> (title|subtitle|actionbar|times|clear|reset)
/tp <targets> (<destination>|<location>)
/weather (clear|rain|thunder) [<duration>]
/xp (add|set) <targets> <amount>`

const entities = `allay armadillo axolotl bat bee blaze bogged breeze camel cat cave_spider chicken cod cow creeper dolphin donkey
drowned elder_guardian ender_dragon enderman endermite evoker fox frog ghast giant glow_squid goat guardian hoglin horse husk
illusioner iron_golem lightning_bolt llama magma_cube mooshroom mule ocelot panda parrot phantom pig piglin piglin_brute
pillager polar_bear pufferfish rabbit ravager salmon sheep shulker silverfish skeleton skeleton_horse slime sniffer snow_golem
spider squid stray strider tadpole tnt trader_llama tropical_fish turtle vex villager vindicator wandering_trader warden witch
wither wither_skeleton wolf zoglin zombie zombie_horse zombie_villager zombified_piglin`

const effects = `absorption bad_omen blindness conduit_power darkness dolphins_grace fire_resistance glowing haste health_boost
hero_of_the_village hunger infested instant_damage instant_health invisibility jump_boost levitation luck mining_fatigue nausea
night_vision oozing poison raid_omen regeneration resistance saturation slow_falling slowness speed strength trial_omen unluck
water_breathing weakness weaving wind_charged wither`

const items = `anvil apple arrow beacon bread cake carrot chest coal cobweb compass cookie diamond diamond_axe diamond_boots
diamond_chestplate diamond_helmet diamond_leggings diamond_pickaxe diamond_sword dirt elytra emerald ender_pearl
experience_bottle firework_rocket fishing_rod flint_and_steel glass golden_apple golden_carrot gunpowder hay_block iron_ingot
lava_bucket milk_bucket netherite_ingot netherite_sword obsidian potato poppy pumpkin rotten_flesh saddle shield snowball
splash_potion stick string tnt torch totem_of_undying trident water_bucket wheat wither_rose`
