# Two targets do their own set-up and are all that a new machine needs:
#   make demo   builds the program and runs its main job on the demo capture
#   make test   passes all tests
GO      ?= go
SHELL   := /bin/bash
BIN     := bin/bulkhead
STATICCHECK := honnef.co/go/tools/cmd/staticcheck@v0.8.2
export CGO_ENABLED ?= 0

.PHONY: all build demo test fast setup vet lint full race fuzz oracle bench bench-peers generate demo-capture lab lab-captures clean help

all: build

help: ## list the targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 16

build: $(BIN) ## build bin/bulkhead

$(BIN): $(shell find . -name '*.go' -not -path './node_modules/*' 2>/dev/null) go.mod go.sum
	$(GO) build -trimpath -o $(BIN) ./cmd/bulkhead

demo: build ## build, and analyze the demo capture
	$(BIN) analyze demo/plant.pcap.gz

fast: vet ## formatting, vet and the quick tests
	$(GO) test -short ./...

vet:
	@test -z "$$(gofmt -l $$(git ls-files '*.go'))" || { gofmt -l $$(git ls-files '*.go'); echo "gofmt would change these files"; exit 1; }
	$(GO) vet ./...

test: setup vet lint full race fuzz ## everything

# The race detector needs a C compiler; the browser tests are skipped without Chromium.
setup:
	@command -v gcc >/dev/null || { test "$$(id -u)" = 0 && apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq gcc libc6-dev >/dev/null; } \
	  || { echo "make test needs gcc for the race detector: apt-get install gcc libc6-dev"; exit 1; }

lint: ## staticcheck, generated lists up to date
	$(GO) run $(STATICCHECK) ./...
	$(GO) run ./internal/scaffold lists
	git diff --exit-code -- '*/all/*'

full: ## all tests
	$(GO) test ./...

race: ## the quick tests under the race detector
	CGO_ENABLED=1 $(GO) test -race -short ./...

# Executions, not seconds: the same work on a slow machine as on a fast one.
FUZZTIME ?= 3000x
fuzz: ## a short fuzz run of every parser
	@set -e; out=$$(mktemp); for f in $$($(GO) list -f '{{$$d := .Dir}}{{range .TestGoFiles}}{{$$d}}/{{.}} {{end}}{{range .XTestGoFiles}}{{$$d}}/{{.}} {{end}}' ./...); do \
	  for n in $$(sed -nE 's/^func (Fuzz[A-Za-z0-9_]+)\(.*/\1/p' $$f); do \
	    echo "fuzz $$(dirname $$f | sed "s|$$PWD/||") $$n"; \
	    $(GO) test -run '^$$' -fuzz "^$$n\$$" -fuzztime $(FUZZTIME) -parallel 2 $$(dirname $$f) >$$out 2>&1 || { cat $$out; exit 1; }; \
	  done; done; rm -f $$out

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

demo-capture: build ## write the demo capture anew
	$(BIN) simulate --demo -o demo/plant.pcap.gz

LAB_SECONDS ?= 120
lab: ## run the demo plant of real protocol stacks for LAB_SECONDS (root); capture, truth and time line in dist/lab
	lab/setup.sh
	.venv-lab/bin/python lab/lab.py run --seconds $(LAB_SECONDS)

lab-captures: ## play the scenarios anew into lab/captures (root, half an hour); SCENARIOS="a b" for some
	lab/setup.sh
	.venv-lab/bin/python lab/lab.py captures $(SCENARIOS)
