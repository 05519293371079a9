# make run and make test are the two commands on a fresh machine; make help lists the rest.
SHELL := /bin/bash
.DEFAULT_GOAL := help

# What can be set: make test PKG=./core/queue/... TESTFLAGS='-count=3', make fuzz FUZZTIME=1m, make bench BENCH=Wire.
PKG ?= ./...
TESTFLAGS ?=
BENCH ?= .
BENCHTIME ?= 2s
FUZZTIME ?= 10s
SCRIPT ?= first-steps
KILLS ?= 100
ROUNDS ?= 10
SOAK ?= 10m
RATE ?= 10000
FLOOD ?= 60s

# Go's own installer does not put itself on the PATH of every shell.
export PATH := $(PATH):/usr/local/go/bin

# Without a readable git history there is no revision to build in, and Go would stop over it.
ifneq ($(shell git rev-parse --is-inside-work-tree 2>/dev/null),true)
export GOFLAGS := $(GOFLAGS) -buildvcs=false
endif

GOLANGCI := github.com/golangci/golangci-lint/v2/cmd/golangci-lint@v2.15.0

# The tests see one language, one set of formats and a renderer in software, whatever the machine has.
TESTENV := env -u LC_ALL -u LC_MESSAGES -u LANGUAGE -u WAYLAND_DISPLAY LANG=en_US.UTF-8 LIBGL_ALWAYS_SOFTWARE=1
ifeq ($(shell uname -s),Linux)
TESTENV += LC_CTYPE=C.UTF-8
endif

.PHONY: help
help: ## List the commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

.PHONY: run
run: setup ## Start the rehearsal: in a window, or in the terminal where there is no display (SCRIPT=gift-storm, bad-day)
	@echo 'Building LiveCue: a few minutes the first time, seconds later.'
	@go run . --rehearsal $(SCRIPT)

.PHONY: test
test: setup-test ## Run every test with the race detector, those of the window too
	@$(TESTENV) go test -race -timeout 15m $(TESTFLAGS) $(PKG)

.PHONY: build
build: setup ## Build dist/livecue
	go build -ldflags '-s -w' -o dist/livecue .

.PHONY: windows
windows: ## Build dist/livecue.exe, on Linux
	@scripts/setup.sh build windows
	@scripts/windows.sh

.PHONY: bench
bench: setup-test ## Run the benchmarks and print what they report
	@$(TESTENV) go test -run '^$$' -bench '$(BENCH)' -benchtime $(BENCHTIME) -benchmem -timeout 30m ./bench/...

.PHONY: fuzz
fuzz: setup-test ## Run each fuzz target for FUZZTIME
	@$(TESTENV) scripts/fuzz.sh $(FUZZTIME)

.PHONY: faults
faults: setup-test ## Kill the program KILLS times (100), make all around it fail ROUNDS times (10), print what came of the gifts
	@$(TESTENV) LIVECUE_KILLS=$(KILLS) LIVECUE_ROUNDS=$(ROUNDS) go test -tags faults -v -count=1 -timeout 60m ./faults

.PHONY: flood
flood: setup-test ## Send RATE messages a second (10000) for FLOOD (60s), and fail if one is lost or the socket waits
	@$(TESTENV) LIVECUE_FLOOD_RATE=$(RATE) LIVECUE_FLOOD=$(FLOOD) go test -v -count=1 -timeout 0 -run Flood ./faults

.PHONY: soak
soak: setup-test ## Run the program in a storm of gifts for SOAK (10m), and fail if it grows
	@$(TESTENV) LIVECUE_SOAK=$(SOAK) go test -tags faults -v -count=1 -timeout 0 -run Soak ./faults

.PHONY: lint
lint: setup ## Run go vet and golangci-lint
	go vet ./...
	go run $(GOLANGCI) run ./...

.PHONY: fmt
fmt: ## Format the code as lint wants it
	go run $(GOLANGCI) fmt ./...

.PHONY: screenshots
screenshots: setup-test build ## Take the pictures of docs/screens from the real window
	@scripts/screenshots.sh

.PHONY: icon
icon: ## Draw assets/icon.png from assets/icon.svg
	@scripts/setup.sh icon
	rsvg-convert --width 256 --height 256 --output assets/icon.png assets/icon.svg

.PHONY: clean
clean: ## Remove what was built
	rm -rf dist

.PHONY: setup setup-test
setup: ## Install what it takes to build and run
	@scripts/setup.sh build

setup-test: ## Install what it takes to test
	@scripts/setup.sh build test
