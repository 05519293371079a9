#!/usr/bin/env bash
# Brings what LiveCue needs onto this machine: scripts/setup.sh [build|test|icon|windows]...
#
# On Debian and Ubuntu missing packages are installed; sudo is asked for by anyone but root. Elsewhere one line says what to
# install. A machine that has everything is left alone, in a moment and without a word.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

say() { printf 'setup: %s\n' "$*" >&2; }
fail() { say "$@"; exit 1; }

# packages prints what a group needs of Debian.
packages() {
  case $1 in
    build) # libgl1-mesa-dri draws on machines without a graphics card
      echo gcc pkg-config ca-certificates libc6-dev libgl-dev libx11-dev libxcursor-dev libxrandr-dev libxinerama-dev \
        libxi-dev libxxf86vm-dev libasound2-dev libgl1 libgl1-mesa-dri
      ;;
    test) # drives the window and OBS on displays of their own, the overlay pages in Chromium, runs the clients of the event socket, and hears what is played without a sound card
      echo xvfb xdotool x11-utils openbox imagemagick pulseaudio pulseaudio-utils libasound2-plugins sox espeak-ng speech-dispatcher \
        speech-dispatcher-espeak-ng obs-studio obs-plugins \
        chromium python3 nodejs
      ;;
    icon) echo librsvg2-bin ;;
    windows) echo clang lld gcc-mingw-w64-x86-64 ;;
    *) fail "no such group: $1 (build, test, icon, windows)" ;;
  esac
}

go_download=https://go.dev/dl/

# check_go ends the script unless Go is as new as go.mod asks, or can fetch a toolchain that is.
check_go() {
  local want have
  want=$(sed -n 's/^go \([0-9][0-9.]*\)$/\1/p' go.mod)
  command -v go >/dev/null || fail "Go is missing: install Go $want or newer from $go_download"
  have=$(go env GOVERSION 2>/dev/null) || have=$(cd / && go version | cut -d' ' -f3)
  have=${have#go}
  have=${have%% *}
  [ "$(printf '%s\n' "$want" "$have" | sort -V | head -n 1)" = "$want" ] ||
    fail "Go $have is too old: install Go $want or newer from $go_download"
}

# missing_debian prints those of the given packages that are not installed, one a line.
missing_debian() {
  local have
  have=$(dpkg-query -W -f '${db:Status-Status} ${Package}\n' "$@" 2>/dev/null | sed -n 's/^installed //p' || true)
  comm -23 <(printf '%s\n' "$@" | sort -u) <(printf '%s\n' "$have" | sort -u)
}

# root_by prints what makes a command run as root: nothing for root, sudo for anyone else. sudo may ask for a password, where
# someone is there to type it.
root_by() {
  if [ "$(id -u)" -eq 0 ]; then
    echo
  elif command -v sudo >/dev/null && { [ -t 0 ] || sudo -n true 2>/dev/null; }; then
    echo sudo
  else
    return 1
  fi
}

install_debian() {
  local missing sudo apt='env DEBIAN_FRONTEND=noninteractive apt-get -q -y -o DPkg::Lock::Timeout=300 -o Dpkg::Use-Pty=0'
  missing=$(missing_debian "$@" | tr '\n' ' ')
  [ -n "$missing" ] || return 0
  sudo=$(root_by) || fail "as root, install what is missing: apt-get install --no-install-recommends $missing"
  say "installing $missing"
  # A package source that fails need not be one that has these: the install is the judge.
  # shellcheck disable=SC2086 # lists of words
  $sudo $apt update || say "not every package list could be fetched"
  # shellcheck disable=SC2086
  $sudo $apt install --no-install-recommends $missing || fail "could not install $missing"
}

# lacks_tools prints those of the given programs, and pkg-config modules after --, that are not to be found.
lacks_tools() {
  local modules=no name
  for name in "$@"; do
    case $name in
      --) modules=yes ;;
      *) if [ $modules = yes ]; then pkg-config --exists "$name" 2>/dev/null; else command -v "$name" >/dev/null; fi ||
        printf '%s ' "$name" ;;
    esac
  done
}

# probe lists, for systems whose packages this script does not install, what to look for instead.
probe() {
  case $1 in
    build) lacks_tools cc pkg-config -- gl x11 xcursor xrandr xinerama xi xxf86vm alsa ;;
    test) lacks_tools Xvfb xdotool openbox import pulseaudio pactl sox espeak-ng spd-say obs chromium ;;
    icon) lacks_tools rsvg-convert ;;
    windows) lacks_tools clang lld x86_64-w64-mingw32-gcc ;;
  esac
}

# advise_linux says what to install where the package manager is not apt-get.
advise_linux() {
  local lacks='' group
  for group in "$@"; do lacks+=$(probe "$group"); done
  [ -n "$lacks" ] || return 0
  if command -v dnf >/dev/null; then
    fail "missing: $lacks- sudo dnf install gcc pkgconf mesa-libGL-devel libX11-devel libXcursor-devel libXrandr-devel" \
      "libXinerama-devel libXi-devel libXxf86vm-devel alsa-lib-devel mesa-dri-drivers; for the tests also" \
      "xorg-x11-server-Xvfb xdotool openbox ImageMagick pulseaudio pulseaudio-utils alsa-plugins-pulseaudio espeak-ng speech-dispatcher-utils sox obs-studio chromium"
  elif command -v pacman >/dev/null; then
    fail "missing: $lacks- sudo pacman -S base-devel mesa libx11 libxcursor libxrandr libxinerama libxi libxxf86vm alsa-lib;" \
      "for the tests also xorg-server-xvfb xdotool openbox imagemagick pulseaudio alsa-plugins espeak-ng speech-dispatcher sox obs-studio chromium"
  fi
  fail "missing: $lacks- install a C compiler, pkg-config and the headers of OpenGL, X11 (Xcursor, Xrandr, Xinerama, Xi," \
    "Xxf86vm) and ALSA; for the tests also Xvfb, xdotool, openbox, ImageMagick, PulseAudio, espeak-ng, speech-dispatcher, sox, OBS Studio and Chromium"
}

main() {
  local wanted='' group
  check_go
  for group in "$@"; do wanted+=" $(packages "$group")"; done
  case $(uname -s) in
    Linux)
      if command -v apt-get >/dev/null && command -v dpkg-query >/dev/null; then
        # shellcheck disable=SC2086 # a list of words
        install_debian $wanted
      else
        advise_linux "$@"
      fi
      ;;
    Darwin)
      command -v cc >/dev/null || fail "a C compiler is missing: xcode-select --install"
      ;;
    MINGW* | MSYS* | CYGWIN*)
      command -v gcc >/dev/null || fail "gcc is missing: pacman -S mingw-w64-ucrt-x86_64-gcc in the MSYS2 UCRT64 shell"
      ;;
    *)
      advise_linux "$@"
      ;;
  esac
  case " $* " in *' test '*) scripts/livekit-server.sh >/dev/null ;; esac
}

main "${@:-build}"
