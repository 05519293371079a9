#!/usr/bin/env bash
# Prints the path of the LiveKit server that the tests speak to: scripts/livekit-server.sh
#
# The first time it is built from the Go module proxy into the user's cache, which takes two to three minutes on two cores. Later
# versions cannot be installed: they have replace directives.
set -euo pipefail
version=v1.13.5
cache=${XDG_CACHE_HOME:-$HOME/.cache}/livecue-test
program=$cache/livekit-server-$version

if [ ! -x "$program" ]; then
  mkdir -p "$cache"
  # Of two that come at once one builds and the other waits; a lock that was left by a killed one is taken over.
  lock=$cache/livekit-server.lock
  until mkdir "$lock" 2>/dev/null; do
    [ ! -x "$program" ] || break
    owner=$(cat "$lock/pid" 2>/dev/null || echo 0)
    [ "$owner" = 0 ] || kill -0 "$owner" 2>/dev/null || rm -rf "$lock"
    sleep 1
  done
  if [ ! -x "$program" ]; then
    echo $$ >"$lock/pid"
    trap 'rm -rf "$lock"' EXIT
    echo "setup: building the LiveKit server for the tests, once" >&2
    # Outside this module, so that none of it comes into go.mod.
    (cd / && GOFLAGS='' GOBIN=$lock go install -ldflags '-s -w' "github.com/livekit/livekit-server/cmd/server@$version" >&2)
    mv "$lock/server" "$program"
  fi
fi
printf '%s\n' "$program"
