#!/usr/bin/env bash
# Takes the pictures of docs/screens: the built program in a rehearsal on a display of its own, light and dark, in each
# language. What can be set in the environment: BINARY, SCRIPT, SIZE, SETTLE (seconds to let the rehearsal play before the
# picture), THEMES, LANGUAGES and OUT.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

binary=${BINARY:-dist/livecue}
script=${SCRIPT:-first-steps}
size=${SIZE:-1280x720}
settle=${SETTLE:-20}
themes=${THEMES:-light dark}
languages=${LANGUAGES:-en de}
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

window() { xdotool search --onlyvisible --name "$title" 2>/dev/null | tail -n 1; }
has_window() { [ -n "$(window)" ]; }
has_size() { [ "$(xwininfo -id "$1" | awk '/Width:|Height:/ { printf "%s%s", sep, $2; sep = "x" }')" = "$size" ]; }

# region gives a language its country, as locales are named: de_DE.
region() { if [ "$1" = en ]; then echo en_US; else echo "$1_${1^^}"; fi; }

# picture THEME LANGUAGE runs the program with a home of its own, and keeps what its window shows.
picture() {
  local home=$work/home-$1-$2 pid id
  mkdir -p "$home"
  env -u LC_ALL -u LC_MESSAGES -u LANGUAGE -u WAYLAND_DISPLAY -u XDG_RUNTIME_DIR \
    HOME="$home" XDG_CONFIG_HOME="$home/config" XDG_CACHE_HOME="$home/cache" XDG_DATA_HOME="$home/data" \
    LANG="$(region "$2").UTF-8" LC_CTYPE=C.UTF-8 FYNE_THEME="$1" LIBGL_ALWAYS_SOFTWARE=1 \
    "$binary" --rehearsal "$script" >"$work/$1-$2.log" 2>&1 &
  pid=$!
  owned+=("$pid")
  within 30 has_window || { echo "no window:" >&2; cat "$work/$1-$2.log" >&2; exit 1; }
  id=$(window)
  xdotool windowsize "$id" "${size%x*}" "${size#*x}" windowmove "$id" 0 0
  within 10 has_size "$id" || { echo "the window does not take $size" >&2; exit 1; }
  sleep "$settle"
  import -window "$id" -strip "$out/$2-$1.png"
  kill "$pid"
  wait "$pid" || true
  echo "$out/$2-$1.png"
}

mkdir -p "$out"
start_display
for theme in $themes; do
  for language in $languages; do picture "$theme" "$language"; done
done
