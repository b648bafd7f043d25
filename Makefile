# make demo   the program with nine fictitious Comuni and the nine real ones
# make test   every test, on both engines and in a browser; prints a count
# make check  formatting, vet, staticcheck, architecture, modules, hygiene
# make build  bin/traguardo, static
# make bench  benchmarks, figures in build/bench.json (BENCH=regexp)
# make fmt    gofmt on every file
# make assets front-end files     make race   tests of the domain with -race
# make clean  removes bin/ build/ and the copied assets

SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help

GO ?= go
VERSION ?= $(shell git describe --tags --always --dirty 2>/dev/null || echo unknown)
export GOFLAGS := $(GOFLAGS) -trimpath -buildvcs=false

BENCH ?= .

vendor := templates/static/vendor/css/bootstrap-italia.css
axe := build/axe.min.js
gofiles = $(shell git ls-files --cached --others --exclude-standard -- '*.go' | while read -r f; do [ -e "$$f" ] && echo "$$f"; done)

.PHONY: help setup demo test check build bench fmt assets race clean

help:
	@sed -n 's/^# \(make .*\)/\1/p' Makefile

assets: $(vendor)

# npm is asked only when the packages or the script changed.
$(vendor) $(axe) &: package.json package-lock.json templates/assets.mjs
	npm ci --ignore-scripts --no-audit --no-fund --loglevel=error
	node templates/assets.mjs
	touch $(vendor) $(axe)

build: assets
	CGO_ENABLED=0 $(GO) build -ldflags '-s -w -X main.version=$(VERSION)' -o bin/traguardo ./cmd/traguardo

demo: build
	bin/traguardo demo $(ARGS)

setup:
	.ci/setup

test: setup assets
	$(GO) test -json -vet=off -timeout 30m ./... | node .ci/count.mjs

race:
	CGO_ENABLED=1 $(GO) test -race -timeout 20m ./surveys/... ./plans/... ./app/service/... ./app/web/...

check:
	@unformatted=$$(gofmt -l $(gofiles)); if [ -n "$$unformatted" ]; then echo "gofmt: $$unformatted"; exit 1; fi
	$(GO) vet ./...
	$(GO) tool staticcheck ./...
	$(GO) test -run '^TestArch' ./app
	$(GO) mod verify
	.ci/hygiene

# One package at a time: they would take each other's time. Commits reach the disk.
bench: assets
	TRAGUARDO_TEST_DURABLE=1 $(GO) test -p 1 -timeout 60m -run '^$$' -bench '$(BENCH)' -benchmem ./... | node .ci/bench.mjs

fmt:
	gofmt -w $(gofiles)

clean:
	rm -rf bin build templates/static/vendor/css templates/static/vendor/fonts templates/static/vendor/svg templates/static/vendor/licences
