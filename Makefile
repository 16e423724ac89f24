# GNU make. Each target does its own set-up; `make help` lists them.

SWIFT ?= swift
# Passed to every build and test, such as -Xswiftc -warnings-as-errors.
SWIFT_FLAGS ?=
# Minutes that `make soak` runs.
SOAK_MINUTES ?= 10
# Passed to the benchmark, such as `--runs 9 small`; BENCH_QUICK=1 makes it short.
BENCH_FLAGS ?=
# Debian packages that the libraries are built with.
PACKAGES =
VENV = .build/venv
EXAMPLES := $(wildcard Examples/Package.swift)

.DEFAULT_GOAL := help
.PHONY: help setup build test lint demo bench crash soak sanitize docs clean

help: ## List the targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-9s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: ## Check for Swift, install the Debian packages that are missing
	@Scripts/setup.sh $(PACKAGES)

build: setup ## Build the libraries, the snippets and the examples
	$(SWIFT) build $(SWIFT_FLAGS)
	$(if $(EXAMPLES),$(SWIFT) build --package-path Examples $(SWIFT_FLAGS))

test: setup ## Run every test, and every snippet of the documentation
	$(SWIFT) build --build-tests $(SWIFT_FLAGS)
	Scripts/run-snippets.sh $(SWIFT) $(SWIFT_FLAGS)
	$(if $(EXAMPLES),$(SWIFT) test --package-path Examples --disable-xctest $(SWIFT_FLAGS))
	$(SWIFT) test --disable-xctest $(SWIFT_FLAGS)

lint: ## Check the format, the length of files, the documentation's code and links
	@Scripts/setup.sh python3
	Scripts/lint.sh $(SWIFT)
	python3 Scripts/check-snippets.py
	python3 Scripts/check-links.py

demo: setup ## Show what the stores do, with the `blob` command
	Scripts/demo.sh $(SWIFT) $(SWIFT_FLAGS)

bench: setup ## Compare speed and memory with obstore and opendal, side by side
	@Scripts/setup.sh python3 python3-venv
	Scripts/make-venv.sh $(VENV) Benchmarks/requirements.txt
	$(SWIFT) build -c release --package-path Benchmarks --product disk-bench $(SWIFT_FLAGS)
	python3 Benchmarks/disk.py --python $(VENV)/bin/python $(BENCH_FLAGS)

crash: setup ## Kill a writer at every step and look at what is left
	@Scripts/setup.sh python3 strace
	$(SWIFT) build $(SWIFT_FLAGS)
	python3 Tests/Crash/run.py

soak: setup ## Run a mixed load for SOAK_MINUTES and watch memory and descriptors
	$(SWIFT) build -c release --package-path Benchmarks $(SWIFT_FLAGS)
	$(SWIFT) run -c release --package-path Benchmarks --skip-build soak --minutes $(SOAK_MINUTES)

sanitize: setup ## Run the tests under AddressSanitizer once, ThreadSanitizer ten times
	Scripts/sanitize.sh $(SWIFT) $(SWIFT_FLAGS)

docs: setup ## Build the reference documentation into .build/docs
	@Scripts/setup.sh python3
	python3 Scripts/build-docs.py $(SWIFT)

clean: ## Remove everything that was built
	rm -rf .build Examples/.build Benchmarks/.build
