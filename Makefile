# Two targets do their own set-up and are all that a new machine needs:
#   make demo   builds the program and runs its main job on the demo capture
#   make test   passes all tests
GO      ?= go
SHELL   := /bin/bash
BIN     := bin/bulkhead
STATICCHECK := honnef.co/go/tools/cmd/staticcheck@v0.8.2
export CGO_ENABLED ?= 0

.PHONY: all build demo test fast lint race fuzz oracle bench bench-peers generate clean help

all: build

help: ## list the targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 16

build: $(BIN) ## build bin/bulkhead

$(BIN): $(shell find . -name '*.go' -not -path './node_modules/*' 2>/dev/null) go.mod go.sum
	$(GO) build -trimpath -o $(BIN) ./cmd/bulkhead

demo: build ## build, and analyze the demo capture
	$(BIN) analyze demo/plant.pcap.gz

fast: ## formatting, vet and all tests without the race detector
	@test -z "$$(gofmt -l $$(git ls-files '*.go'))" || { gofmt -l $$(git ls-files '*.go'); echo "gofmt would change these files"; exit 1; }
	$(GO) vet ./...
	$(GO) test ./...

test: fast lint race fuzz ## everything

lint: ## staticcheck, generated lists up to date, module tidy
	$(GO) run $(STATICCHECK) ./...
	$(GO) run ./internal/scaffold lists
	git diff --exit-code -- '*/all/*'

race: ## all tests under the race detector
	CGO_ENABLED=1 $(GO) test -race -short ./...

FUZZTIME ?= 3s
fuzz: ## a short fuzz run of every parser
	@set -e; for f in $$($(GO) list -f '{{$$d := .Dir}}{{range .TestGoFiles}}{{$$d}}/{{.}} {{end}}' ./...); do \
	  for n in $$(sed -nE 's/^func (Fuzz[A-Za-z0-9_]+)\(.*/\1/p' $$f); do \
	    echo "$$(dirname $$f | sed "s|$$PWD/||") $$n"; \
	    $(GO) test -run '^$$' -fuzz "^$$n\$$" -fuzztime $(FUZZTIME) -parallel 2 $$(dirname $$f) >/tmp/bulkhead-fuzz.$$$$ 2>&1 || { cat /tmp/bulkhead-fuzz.$$$$; exit 1; }; \
	  done; done; rm -f /tmp/bulkhead-fuzz.*

oracle: ## compare with an independent dissector on the shared captures
	$(GO) run ./internal/oracle

bench: ## micro-benchmarks
	$(GO) test -run '^$$' -bench . -benchmem ./...

bench-peers: build ## CPU, time and memory beside other programs on the same capture
	internal/bench/peers.sh

generate: ## write generated lists and pages anew
	$(GO) run ./internal/scaffold lists
	$(GO) run ./internal/docs

clean:
	rm -rf bin dist
