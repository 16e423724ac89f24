# GNU make. Each target does its own set-up; `make help` lists them.

SWIFT ?= swift
# Passed to every build and test, such as -Xswiftc -warnings-as-errors.
SWIFT_FLAGS ?=
# Random operations that `make soak` compares with the model.
SOAK_OPERATIONS ?= 200000
# How long `make soak` loads a gateway with faults everywhere.
SOAK_SECONDS ?= 600
# How often `make sanitize` runs the tests under ThreadSanitizer, and which; `.` stands for all.
SANITIZE_ROUNDS ?= 10
SANITIZE_FILTER ?= .
# How long `make fuzz` feeds each parser.
FUZZ_SECONDS ?= 30
# Passed to the crash test, such as --quick.
CRASH_FLAGS ?=
# The benchmarks to run, and what is passed to each, such as `make bench BENCH=disk
# BENCH_FLAGS="--runs 9 small"`; BENCH_QUICK=1 makes them short. `gateway` compares `blob serve`
# with radosgw, moto and nginx, and is last since it ends with 1 if one of them fails.
BENCH ?= disk s3 presign gateway
BENCH_FLAGS ?=
# Debian packages that the libraries are built with.
PACKAGES = libcurl4-openssl-dev libmicrohttpd-dev libpq-dev libsqlite3-dev libssl-dev libxml2-dev pkg-config
VENV = .build/venv
# What the tests compare requests with, and where they are.
TEST_VENV = .build/test-venv
REQUESTS = .build/botocore-requests.jsonl
PRESIGNED = .build/botocore-presigned.jsonl
# The clients of others that `make test` has use the server, and what is passed to clients.py and to
# features.py, such as `--require`.
CLIENT_VENV = .build/client-venv
CLIENT_FLAGS ?=
# What drives the browser, how long it may take, and options such as `--kinds folder`.
BROWSER_VENV = .build/browser-venv
BROWSER_SECONDS ?= 1500
BROWSER_FLAGS ?=
# The servers that the tests start, of those in Tests/Servers; `installed` adds what is there.
SERVERS ?= ceph moto postgres installed
# Swift Testing would begin every case at once; some thousands of open stores need more files than a
# shell usually allows.
export SWT_EXPERIMENTAL_MAXIMUM_PARALLELIZATION_WIDTH ?= 16

.DEFAULT_GOAL := help
.PHONY: help setup build test test-page lint demo demo-check demo-blob bench crash soak sanitize fuzz docs clean

help: ## List the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: ## Check for Swift, install the Debian packages that are missing
	@Scripts/setup.sh $(PACKAGES)

build: setup ## Build the libraries, the snippets and the examples
	$(SWIFT) build $(SWIFT_FLAGS)
	$(SWIFT) build --package-path Examples $(SWIFT_FLAGS)

test: setup ## Run every test, and every snippet of the documentation
	$(SWIFT) build --build-tests $(SWIFT_FLAGS)
	Scripts/run-snippets.sh $(SWIFT) $(SWIFT_FLAGS)
	@Scripts/setup.sh python3 python3-venv curl openssl imagemagick
	Scripts/run-tests.sh Tests/Servers/with-servers.sh ceph moto postgres -- \
		$(SWIFT) test --package-path Examples --disable-xctest $(SWIFT_FLAGS)
	Scripts/make-venv.sh $(TEST_VENV) Tests/Scripts/requirements.txt
	$(TEST_VENV)/bin/python Tests/Scripts/botocore_requests.py $(REQUESTS)
	$(TEST_VENV)/bin/python Tests/Scripts/botocore_presigned.py $(PRESIGNED)
	BLOB_STORAGE_BOTOCORE_REQUESTS=$(REQUESTS) BLOB_STORAGE_BOTOCORE_PRESIGNED=$(PRESIGNED) \
		Scripts/run-tests.sh Tests/Servers/with-servers.sh $(SERVERS) -- \
		$(SWIFT) test --disable-xctest $(SWIFT_FLAGS)
	python3 Tests/Crash/crash.py --quick --binaries .build/debug
	$(SWIFT) build --package-path Examples --product document-service $(SWIFT_FLAGS)
	Tests/Servers/with-servers.sh ceph -- python3 Tests/Uploads/Load/load.py \
		--service Examples/.build/debug/document-service
	@Scripts/setup.sh nginx rclone
	Scripts/make-venv.sh $(CLIENT_VENV) Tests/Clients/requirements.txt
	$(SWIFT) build --package-path Examples --product blob $(SWIFT_FLAGS)
	$(CLIENT_VENV)/bin/python Tests/Clients/clients.py --blob Examples/.build/debug/blob \
		$(CLIENT_FLAGS)
	$(CLIENT_VENV)/bin/python Tests/Clients/features.py --blob Examples/.build/debug/blob \
		$(CLIENT_FLAGS)
	$(MAKE) test-page

test-page: ## Have a browser use the page of document-service; pictures go to .build/browser
	@Scripts/setup.sh python3 python3-venv curl openssl imagemagick
	@Scripts/setup.sh chromium chromium-driver || echo "setup: there is no chromium to be had" >&2
	Scripts/make-venv.sh $(BROWSER_VENV) Tests/Browser/requirements.txt
	$(SWIFT) build --package-path Examples --product document-service $(SWIFT_FLAGS)
	Tests/Servers/with-servers.sh ceph moto -- timeout --kill-after 30 $(BROWSER_SECONDS) \
		$(BROWSER_VENV)/bin/python Tests/Browser/browser_test.py \
		--program Examples/.build/debug/document-service $(BROWSER_FLAGS)

lint: ## Check the format, the length of files, the documentation's code and links
	@Scripts/setup.sh python3
	Scripts/lint.sh $(SWIFT)
	python3 Scripts/check-snippets.py
	python3 Scripts/check-links.py

demo: setup ## Start document-service on a folder, upload files to it, and keep serving
	@Scripts/setup.sh python3 curl imagemagick
	$(SWIFT) build --package-path Examples --product document-service $(SWIFT_FLAGS)
	@python3 Scripts/demo.py Examples/.build/debug/document-service $(DEMO_FLAGS)

demo-check: ## The same, but stop after it and tell by the status whether all went well
	@$(MAKE) demo DEMO_FLAGS=--check

demo-blob: setup ## Show what the stores do, with the `blob` command on real files
	@Scripts/setup.sh xxd
	Scripts/demo-blob.sh $(SWIFT) $(SWIFT_FLAGS)

bench: setup ## Compare speed and memory with obstore and others, side by side
	@Scripts/setup.sh python3 python3-venv curl openssl
	Scripts/make-venv.sh $(VENV) Benchmarks/requirements.txt
	set -e; for part in $(BENCH); do \
		client=$$part; \
		if [ $$part = gateway ]; then \
			client=s3; \
			$(SWIFT) build -c release --package-path Examples --product blob $(SWIFT_FLAGS); \
		fi; \
		$(SWIFT) build -c release --package-path Benchmarks --product $$client-bench \
			$(SWIFT_FLAGS); \
		python3 Benchmarks/$$part.py --python $(VENV)/bin/python $(BENCH_FLAGS); \
	done

crash: setup ## Kill a writer at every step, make every step fail, and look at what is left
	@Scripts/setup.sh python3
	$(SWIFT) build -c release --product crash-worker $(SWIFT_FLAGS)
	$(SWIFT) build -c release --product crash-tracer $(SWIFT_FLAGS)
	python3 Tests/Crash/crash.py $(CRASH_FLAGS)

soak: setup ## Load a gateway for SOAK_SECONDS, compare SOAK_OPERATIONS with the model, from new seeds
	@Scripts/setup.sh curl openssl
	$(SWIFT) build -c release -Xswiftc -enable-testing --scratch-path .build/soak \
		--product soak-worker $(SWIFT_FLAGS)
	.build/soak/release/soak-worker $(SOAK_SECONDS)
	BLOB_STORAGE_SOAK_OPERATIONS=$(SOAK_OPERATIONS) Tests/Servers/with-servers.sh ceph -- \
		$(SWIFT) test -c release -Xswiftc -enable-testing --disable-xctest \
		--scratch-path .build/soak $(SWIFT_FLAGS) \
		--filter \
		'DiskModelTests|ProcessRaceTests|S3ModelTests|SQLiteCrashTests|UploadFireTests'

sanitize: setup ## Run the tests under AddressSanitizer once, ThreadSanitizer ten times
	@Scripts/setup.sh curl openssl
	SANITIZE_ROUNDS=$(SANITIZE_ROUNDS) SANITIZE_FILTER='$(SANITIZE_FILTER)' \
		Tests/Servers/with-servers.sh ceph postgres -- Scripts/sanitize.sh $(SWIFT) $(SWIFT_FLAGS)

fuzz: setup ## Feed each parser made-up inputs for FUZZ_SECONDS, with AddressSanitizer watching
	FUZZ_SECONDS=$(FUZZ_SECONDS) Tests/Fuzz/fuzz.sh $(SWIFT) $(SWIFT_FLAGS)

docs: setup ## Build the reference documentation into .build/docs
	@Scripts/setup.sh python3
	python3 Scripts/build-docs.py $(SWIFT)

clean: ## Remove everything that was built
	rm -rf .build Examples/.build Benchmarks/.build
