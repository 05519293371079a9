#!/usr/bin/env bash
# Takes the pictures of docs/screens: the built program in a rehearsal on a display of its own, light and dark, in each
# language. What can be set in the environment: BINARY, SCRIPT, SIZE, SETTLE (seconds to let the rehearsal play before the
# picture), THEMES, LANGUAGES, PAGES and OUT.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

binary=${BINARY:-dist/livecue}
script=${SCRIPT:-first-steps}
size=${SIZE:-1280x720}
settle=${SETTLE:-45}
themes=${THEMES:-light dark}
languages=${LANGUAGES:-en de}
pages=${PAGES:-live rules rule queue connections settings}
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
  Xvfb -displayfd 3 -screen 0 "${size}x24" -nolisten tcp 3>"$work/display" 2>"$work/xvfb.log" &
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

# slow_profile writes a profile whose server is held to a few commands a minute, so that something waits.
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
PROFILE
}

# picture PAGE THEME LANGUAGE runs the program with a home of its own, and keeps what its window shows.
picture() {
  local home=$work/home-$1-$2-$3 pid id file=$out/$3-$2-$1.png
  mkdir -p "$home"
  if [ "$1" = queue ]; then slow_profile "$home/config/livecue/profile.toml"; fi
  env -u LC_ALL -u LC_MESSAGES -u LANGUAGE -u WAYLAND_DISPLAY -u XDG_RUNTIME_DIR \
    HOME="$home" XDG_CONFIG_HOME="$home/config" XDG_CACHE_HOME="$home/cache" XDG_DATA_HOME="$home/data" \
    LANG="$(region "$3").UTF-8" LC_CTYPE=C.UTF-8 LIBGL_ALWAYS_SOFTWARE=1 LIVECUE_SECRETS_FILE="$home/secrets" \
    "$binary" --rehearsal "$script" --page "$1" --theme "$2" >"$work/log" 2>&1 &
  pid=$!
  owned+=("$pid")
  within 30 has_window || { echo "no window:" >&2; cat "$work/log" >&2; exit 1; }
  id=$(window)
  xdotool windowsize "$id" "${size%x*}" "${size#*x}" windowmove "$id" 0 0 mousemove 2 2
  within 10 has_size "$id" || { echo "the window does not take $size" >&2; exit 1; }
  case $1 in live | queue) sleep "$settle" ;; *) sleep 3 ;; esac
  # 256 colours are enough for a window, and a third of the size.
  import -window "$id" png:- | convert png:- -strip +dither -colors 256 -define png:compression-filter=0 -define png:compression-level=9 "$file"
  kill "$pid"
  wait "$pid" || true
  echo "$file"
}

mkdir -p "$out"
start_display
start_sound
for theme in $themes; do
  for language in $languages; do
    for page in $pages; do picture "$page" "$theme" "$language"; done
  done
done
