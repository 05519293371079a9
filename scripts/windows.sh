#!/usr/bin/env bash
# Builds dist/livecue.exe on Linux. clang compiles and mingw links: mingw's gcc takes four times as long over the OpenGL
# bindings. The same flags each time let Go reuse what it has compiled.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

export GOOS=windows GOARCH=amd64 CGO_ENABLED=1
export CC='clang -target x86_64-w64-windows-gnu' CXX='clang++ -target x86_64-w64-windows-gnu'
go build -trimpath -ldflags '-H=windowsgui -s -w -extld=x86_64-w64-mingw32-gcc' -o dist/livecue.exe .
