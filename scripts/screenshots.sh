#!/usr/bin/env bash
# Takes the pictures of docs/screens: the built program in a rehearsal on a display of its own, light and dark, in each
# language. One start of the program walks all pages that its help names. The usual size has a picture for each page; the others
# share a sheet for each theme and language. What can be set in the environment: BINARY, SCRIPT, SETTLE (seconds to let the
# rehearsal play before the first picture), THEMES, LANGUAGES, LOOKS (size@scale), SHEETS (theme-language for which a look other
# than the first gets a sheet) and OUT.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

binary=${BINARY:-dist/livecue}
script=${SCRIPT:-first-steps}
settle=${SETTLE:-40}
themes=${THEMES:-light dark}
languages=${LANGUAGES:-en de}
looks=${LOOKS:-1280x720@1 1920x1080@1 1280x720@2 1920x1080@2}
sheets=${SHEETS:-dark-de light-en}
out=${OUT:-docs/screens}
title=LiveCue

work=$(mktemp -d)
owned=()

finish() {
  local pid
  for pid in "${owned[@]}"; do kill "$pid" 2>/dev/null || true; done
  for pid in "${owned[@]}"; do wait "$pid" 2>/dev/null || true; done
  rm -rf "$work"
}
trap finish EXIT

# within SECONDS COMMAND... repeats the command until it succeeds.
within() {
  local end=$((SECONDS + $1))
  shift
  until "$@"; do
    [ $SECONDS -lt $end ] || return 1
    sleep 0.1
  done
}

start_display() {
  Xvfb -displayfd 3 -screen 0 1920x1080x24 -nolisten tcp 3>"$work/display" 2>"$work/xvfb.log" &
  owned+=($!)
  within 20 test -s "$work/display" || { echo "no display: $(cat "$work/xvfb.log")" >&2; exit 1; }
  DISPLAY=:$(cat "$work/display")
  export DISPLAY
}

# start_sound gives the program something to play to, so that the picture is of a machine that has a sound card.
start_sound() {
  printf 'pcm.!default { type pulse }\nctl.!default { type pulse }\n' >"$work/alsa.conf"
  export PULSE_RUNTIME_PATH=$work PULSE_STATE_PATH=$work PULSE_SERVER=unix:$work/pulse ALSA_CONFIG_PATH=$work/alsa.conf
  HOME=$work pulseaudio -n --daemonize=no --exit-idle-time=-1 --use-pid-file=no --disable-shm=yes --realtime=no \
    --high-priority=no --load="module-native-protocol-unix auth-anonymous=1 socket=$work/pulse" \
    --load='module-null-sink sink_name=nobody rate=44100 norewinds=1' >"$work/pulse.log" 2>&1 &
  owned+=($!)
  within 20 has_sound || { echo "no sound: $(cat "$work/pulse.log")" >&2; exit 1; }
}

has_sound() { pactl info >/dev/null 2>&1; }
window() { xdotool search --onlyvisible --name "$title" 2>/dev/null | tail -n 1; }
has_window() { [ -n "$(window)" ]; }
has_size() { [ "$(xwininfo -id "$1" | awk '/Width:|Height:/ { printf "%s%s", sep, $2; sep = "x" }')" = "$size" ]; }

# region gives a language its country, as locales are named: de_DE.
region() { if [ "$1" = en ]; then echo en_US; else echo "$1_${1^^}"; fi; }

# slow_profile writes a profile of a few rules, whose server is held to a few commands a minute, so that something waits.
slow_profile() {
  mkdir -p "$(dirname "$1")"
  cat >"$1" <<'PROFILE'
version = 1

[[rcon]]
name = "minecraft"
address = "127.0.0.1:25575"
per_minute = 12

[queue]
take_turns = true

[[rule]]
id = "gift"
name = "Thank you"

[rule.trigger]
kind = "any_gift"

[[rule.action]]
per_gift = true
[rule.action.rcon]
command = "execute at @p run summon minecraft:chicken ~ ~1 ~"

[[rule.action]]
delay = "30s"
[rule.action.rcon]
command = 'title @a actionbar {"text":"Thank you, {nickname:json}!"}'

[[rule]]
id = "big"
name = "100 coins or more"
priority = "high"

[rule.trigger]
kind = "any_gift"
min_coins = 100

[[rule.action]]
per_gift = true
[rule.action.rcon]
command = "give @a minecraft:diamond 1"

[[rule.action]]
[rule.action.sound]
file = "bundled:fanfare"

[[rule]]
id = "follow"
name = "Welcome"
group = "friendly"

[rule.trigger]
kind = "follow"

[[rule.action]]
[rule.action.sound]
file = "bundled:chime"
volume = 60

[[rule]]
id = "likes"
name = "Fireworks"

[rule.trigger]
kind = "likes"
every = 1000

[[rule.action]]
[rule.action.sound]
file = "bundled:level-up"

[[rule]]
id = "zombie"
name = "!zombie"
cooldown = "30s"

[rule.trigger]
kind = "command"
command = "!zombie"

[[rule.action]]
[rule.action.rcon]
command = "execute at @p run summon minecraft:zombie ~ ~ ~4"

[[rule]]
id = "keys"
name = "Drum roll"

[rule.trigger]
kind = "hotkey"
keys = "Ctrl+Shift+F1"

[[rule.action]]
[rule.action.sound]
file = "bundled:drum-roll"

[[rule]]
id = "timer"
name = "Water break"
off = true

[rule.trigger]
kind = "timer"
interval = "20m"

[[rule.action]]
[rule.action.sound]
file = "bundled:bell"
PROFILE
}

# begin PAGE THEME LANGUAGE SIZE SCALE starts the program with a home of its own.
begin() {
  local home=$work/home-$2-$3-$4-$5
  mkdir -p "$home"
  slow_profile "$home/config/livecue/profile.toml"
  env -u LC_ALL -u LC_MESSAGES -u LANGUAGE -u WAYLAND_DISPLAY -u XDG_RUNTIME_DIR \
    HOME="$home" XDG_CONFIG_HOME="$home/config" XDG_CACHE_HOME="$home/cache" XDG_DATA_HOME="$home/data" FYNE_SCALE="$5" \
    LANG="$(region "$3").UTF-8" LC_CTYPE=C.UTF-8 LIBGL_ALWAYS_SOFTWARE=1 LIVECUE_SECRETS_FILE="$home/secrets" \
    "$binary" --rehearsal "$script" --page "$1" --theme "$2" >"$work/log" 2>&1 &
  program=$!
  owned+=("$program")
  within 60 has_window || { echo "no window:" >&2; cat "$work/log" >&2; exit 1; }
  id=$(window)
  size=$4
  xdotool windowsize "$id" "${size%x*}" "${size#*x}" windowmove "$id" 0 0 windowfocus "$id" mousemove 1919 1079
  within 10 has_size "$id" || { echo "the window does not take $size" >&2; exit 1; }
}

end() {
  kill "$program"
  wait "$program" || true
}

# take FILE keeps what the window shows, once two looks at it are the same, or the rehearsal has been given its time.
take() {
  local before='' now
  for _ in 1 2 3 4 5 6 7 8; do
    import -window "$id" "$work/now.png"
    now=$(identify -format '%#' "$work/now.png")
    [ "$now" = "$before" ] && break
    before=$now
    sleep 0.25
  done
  # 256 colours are enough for a window, and a third of the size.
  convert "$work/now.png" -strip +dither -colors 256 -define png:compression-filter=0 -define png:compression-level=9 "$1"
  echo "$1"
}

# pages are those of the navigation in its order, as the program's help names them; the others cannot be walked to.
pages() { "$binary" --help 2>&1 | sed -n 's/.*page to begin with: //p' | tr -d ' ' | tr , '\n' | grep -vx -e welcome -e rule; }

# walk THEME LANGUAGE SIZE SCALE PREFIX takes a picture of each page: PREFIX-page.png.
walk() {
  local n=0 page
  begin rule "$1" "$2" "$3" "$4"
  sleep "$settle"
  take "$5-rule.png"
  for page in $(pages); do
    n=$(((n + 1) % 10))
    xdotool key --window "$id" "ctrl+$n"
    sleep 0.5
    take "$5-$page.png"
  done
  end
  begin welcome "$1" "$2" "$3" "$4"
  sleep 1
  take "$5-welcome.png"
  end
}

# sheet FILE PICTURE... puts the pictures onto one, each smaller.
sheet() {
  local file=$1
  shift
  montage "$@" -tile 3x -geometry '800x450>+6+6' -background '#808080' png:- | convert png:- -strip +dither -colors 256 "$file"
  echo "$file"
}

mkdir -p "$out"
start_display
start_sound
first=${looks%% *}
for look in $looks; do
  size=${look%@*} scale=${look#*@}
  for theme in $themes; do
    for language in $languages; do
      if [ "$look" = "$first" ]; then
        walk "$theme" "$language" "$size" "$scale" "$out/$language-$theme"
      elif [[ " $sheets " == *" $theme-$language "* ]]; then
        mkdir -p "$work/$look"
        walk "$theme" "$language" "$size" "$scale" "$work/$look/$language-$theme"
        sheet "$out/sheet-$language-$theme-$size-$((scale * 100)).png" "$work/$look/$language-$theme"-*.png
        if [ -n "${KEEP:-}" ]; then cp -r "$work/$look" "$KEEP/"; fi
      fi
    done
  done
done
