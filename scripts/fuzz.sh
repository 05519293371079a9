#!/usr/bin/env bash
# Runs every fuzz target of the module for a while: scripts/fuzz.sh [TIME], 10s unless told. Stops at the first that fails.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

time=${1:-10s}
targets=$(grep -rEo --include='*_test.go' '^func Fuzz[A-Za-z0-9_]*\(f \*testing\.F' . | sed -E 's|/[^/]*:func |\t|; s|\(.*||' | sort)
[ -n "$targets" ] || { echo "no fuzz targets"; exit 0; }

while IFS=$'\t' read -r package target; do
  printf -- '--- %s %s for %s\n' "$package" "$target" "$time"
  go test -run '^$' -fuzz "^$target\$" -fuzztime "$time" "$package"
done <<<"$targets"
