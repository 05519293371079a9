#!/usr/bin/env bash
# Runs every fuzz target of the module for a while: scripts/fuzz.sh [TIME], 10s unless told. Stops at the first that fails.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

time=${1:-10s}
targets=$(grep -rEo --include='*_test.go' '^func Fuzz[A-Za-z0-9_]*\(f \*testing\.F' . | sed -E 's|/[^/]*:func |\t|; s|\(.*||' | sort)
[ -n "$targets" ] || { echo "no fuzz targets"; exit 0; }

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# only_out_of_time says whether a run that failed has found nothing, and only met its end. Go's fuzzer reports the end of its own time as a
# failure where a worker is a moment late to stop (https://go.dev/issue/75804). What is found comes with an input that is
# written down, or with words of its own: then this is false.
only_out_of_time() {
  [ "$(grep -A 1 -E '^--- FAIL: Fuzz' "$work/out" | sed -E 's/ \([0-9.]+s\)$//' | tr -s ' \n' ' ')" = "--- FAIL: $1 context deadline exceeded " ] &&
    ! grep -qE 'Failing input written|panic:|fatal error:|DATA RACE|hung or terminated' "$work/out"
}

while IFS=$'\t' read -r package target; do
  printf -- '--- %s %s for %s\n' "$package" "$target" "$time"
  go test -run '^$' -fuzz "^$target\$" -fuzztime "$time" "$package" 2>&1 | tee "$work/out" && continue
  only_out_of_time "$target" || exit 1
  echo "$target found nothing: its time ended while an input was being tried. Now all inputs that are kept, once more:"
  go test -count=1 -run "^$target\$" "$package"
done <<<"$targets"
