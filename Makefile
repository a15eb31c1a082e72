# facturen: see README.md.

GO ?= go
export GOFLAGS ?= -buildvcs=false

# What the integration tests need beside Go.
PACKAGES = dovecot-imapd libxml2-utils tesseract-ocr tesseract-ocr-nld libreoffice-calc-nogui chromium

.PHONY: build test integration packages demo corpus bench fuzz rules fmt

build: ## the program, as ./facturen
	$(GO) build -o facturen ./cmd/facturen

test: ## all tests that need nothing but Go; the others say that they were skipped
	$(GO) vet ./...
	$(GO) test ./...

integration: packages ## all tests; what is missing is installed, nothing is skipped
	FACTUREN_INTEGRATION=1 $(GO) test -count=1 -timeout 20m ./...

packages:
	@for p in $(PACKAGES); do dpkg -s $$p >/dev/null 2>&1 || missing="$$missing $$p"; done; \
	if [ -n "$$missing" ]; then \
	  sudo=; [ "$$(id -u)" = 0 ] || sudo=sudo; \
	  $$sudo apt-get update -qq && DEBIAN_FRONTEND=noninteractive $$sudo apt-get install -y -qq --no-install-recommends $$missing; \
	fi

demo: ## the whole line on this machine, from the mailbox to the bank; KEEP=1 leaves the daemon running
	$(GO) run ./cmd/demo $(if $(KEEP),-keep)

corpus: ## agreement with the official validators and the known facts, as tables
	$(GO) test -count=1 -v -run 'Corpus' ./invoice/pdf ./invoice/read ./invoice/mailbox ./validate ./invoice/workflow

bench: ## speed and memory
	$(GO) test -run '^$$' -bench . -benchmem ./...

TIME ?= 1m
fuzz: ## every fuzz target, TIME (1m) each; what it finds stands in testdata/fuzz of its package
	@for package in $$($(GO) list ./...); do \
	  for target in $$($(GO) test -list '^Fuzz' $$package | grep '^Fuzz'); do \
	    echo "$$package $$target"; \
	    $(GO) test -run '^$$' -fuzz "^$$target\$$" -fuzztime $(TIME) -fuzzminimizetime 5x $$package || exit 1; \
	  done; \
	done

rules: ## RULES.md, from the rules themselves
	$(GO) run ./cmd/facturen rules --format markdown > RULES.md

fmt:
	$(GO) fmt ./...
