# make demo   a real chest X-ray through the whole node, on a bare machine
# make test   everything that must hold, with the real neighbours
# make check  style, types, directions; seconds
PYTHON ?= python3
BIN := .venv/bin
ARGS ?=

.PHONY: help setup demo check test test-unit conformance viewer-test bench-path bench-ingest bench-inference bench-encode bench-siege bench-train fuzz chaos neighbours lock clean

help: ## what can be made
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 16

setup: .venv/with-node ## .venv with .venv/bin/dicom-node, locked dependencies

demo: .venv/with-node ## the rehearsal; ARGS=--once ends by itself
	@$(BIN)/dicom-node demo $(ARGS)

check: .venv/with-dev ## style (ruff), types (mypy --strict), directions (import-linter)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo 2>/dev/null || $(BIN)/lint-imports

test: .venv/with-dev neighbours ## all tests; installs the neighbours where it may
	$(BIN)/python -m pytest $(ARGS)

test-unit: .venv/with-dev ## the tests that need no process
	$(BIN)/python -m pytest tests/unit tests/architecture $(ARGS)

conformance: .venv/with-dev neighbours ## every kind of result before dciodvfy, dcmqi, dsrdump and highdicom
	$(BIN)/python -m pytest tests/conformance $(ARGS)

viewer-test: .venv/with-dev neighbours ## every kind of result in stock OHIF, in a browser; ARGS=--picture makes docs/ohif.png
	$(BIN)/python -m pytest tests/browser --every-scene $(ARGS)

bench-path: .venv/with-dev ## last instance -> results in the PACS, beyond quiet period and model
	$(BIN)/python -m tests.benchmarks.path $(ARGS)

bench-ingest: .venv/with-dev neighbours ## the door beside DCMTK, Orthanc and plain pynetdicom
	$(BIN)/python -m tests.benchmarks.ingest $(ARGS)

bench-inference: .venv/with-dev ## volumes and sliding windows beside the least that can be done
	$(BIN)/python -m tests.benchmarks.inference $(ARGS)

bench-encode: .venv/with-dev ## SEG, SR and pictures of a CT beside the least that can be done
	$(BIN)/python -m tests.benchmarks.encode $(ARGS)

bench-siege: .venv/with-dev ## the door with 500 at once, and beside 1,000 idle or slow peers
	$(BIN)/python -m tests.benchmarks.siege $(ARGS)

bench-train: .venv/with-dev ## training steps fed by the input pipeline and from memory; ARGS=methods: each method beside its plain form
	$(BIN)/python -m tests.benchmarks.train $(ARGS)

fuzz: .venv/with-dev ## 50,000 damaged and hostile messages against the door
	$(BIN)/python -m tests.fuzz --cases 50000 $(ARGS)

chaos: .venv/with-dev ## kill -9 of the receiver, twenty times at every step of an instance
	$(BIN)/python -m tests.chaos --times 20 $(ARGS)

neighbours: ## DCMTK, Orthanc, Redis, dicom3tools, Chromium from Debian, where this user may install them
	@sh tests/install_neighbours.sh

lock: ## resolve the dependencies again (needs uv)
	sh deploy/locks/lock.sh

clean: ## take away what was made here
	rm -rf .venv var demo-out

.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' || \
	  { echo "Python 3.11, 3.12 or 3.13 is needed (TensorFlow has no other); name it: make PYTHON=python3.12 …"; exit 1; }
	$(PYTHON) -m venv .venv

.venv/with-node: deploy/locks/cpu.txt pyproject.toml | .venv/bin/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r deploy/locks/cpu.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

.venv/with-dev: deploy/locks/dev.txt .venv/with-node
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r deploy/locks/dev.txt
	@touch $@
