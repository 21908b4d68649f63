# What a person or CI types here; `make` alone lists it. `make up` and `make test` do all the set-up they need themselves,
# on a machine that has Python 3.11 or newer, make and git.

.DEFAULT_GOAL := help
BIN := .venv/bin
STEP := .ci/step
# Where root runs this, as CI does, the tests run as an ordinary user: Chromium has a sandbox only then.
AS_USER := .ci/as-user

# A version manager leaves shims on PATH for Pythons that do not run: the first that runs and is new enough is taken.
PYTHON ?= $(shell for python in python3 python3.13 python3.12 python3.11 python3.14; do \
	$$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$python && break; done)

# Where a shell forbids to keep bytecode, each of the dozens of processes that a house and its tests start would compile
# everything anew.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help
help:  ## list what there is
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | while IFS="$$(printf '\t')" read -r name about; do \
		printf '  make %-10s %s\n' "$$name" "$$about"; done

.PHONY: up
up: run-tools browser  ## start everything: database, practice X, practice model, Dagster; Ctrl-C ends it
	@exec $(BIN)/xbot up

.PHONY: test
test: dev-tools browser  ## everything that must pass: format, lint, types, floors, tests
	@$(STEP) format $(BIN)/ruff format --check --quiet .
	@$(STEP) lint $(BIN)/ruff check --quiet .
	@$(STEP) floors $(BIN)/lint-imports --no-cache
	@# Tests wait for pages and processes now and then: the type checker, which never waits, has the cores meanwhile.
	@$(STEP) types $(BIN)/mypy & types=$$!; \
		as_root=0; test "$$(id -u)" -ne 0 || { $(BIN)/pytest -q -m root; as_root=$$?; }; \
		$(AS_USER) $(BIN)/pytest -q -n 3 --dist loadfile --no-loadscope-reorder; tests=$$?; \
		wait $$types && test $$as_root -eq 0 && exit $$tests

.PHONY: unit
unit: dev-tools  ## the fast tests: no browser, no whole house
	@$(AS_USER) $(BIN)/pytest -q -n 2 -m 'not browser and not house and not slow'

.PHONY: fmt
fmt: dev-tools  ## format, and repair what the linter can repair
	@$(BIN)/ruff check --quiet --fix-only .
	@$(BIN)/ruff format --quiet .

.PHONY: lint
lint: dev-tools  ## format, lint and the floors
	@$(STEP) format $(BIN)/ruff format --check --quiet .
	@$(STEP) lint $(BIN)/ruff check --quiet .
	@$(STEP) floors $(BIN)/lint-imports --no-cache

.PHONY: types
types: dev-tools  ## the type checker
	@$(STEP) types $(BIN)/mypy

.PHONY: clean
clean:  ## remove caches; the data in .xbot stays
	rm -rf .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache dist
	find . -name __pycache__ -not -path './.venv/*' -not -path './.tools/*' -prune -exec rm -rf {} +

.PHONY: distclean
distclean: clean  ## remove the environment too; the data in .xbot stays
	rm -rf .venv .tools

# --inexact: `make up` installs nothing that only a developer needs, and removes nothing that `make test` installed.
.PHONY: run-tools
run-tools: python
	@$(PYTHON) bootstrap.py --no-dev --inexact

.PHONY: dev-tools
dev-tools: python
	@$(PYTHON) bootstrap.py

.PHONY: python
python:
	@test -n "$(PYTHON)" || { echo 'Python 3.11 or newer is needed: install it, or name it with PYTHON=…' >&2; exit 1; }

.PHONY: browser
browser:
	@$(BIN)/python -m xbot_pipelines.operate.install_browser
