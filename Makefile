# Jianjian 件件. Prerequisites on Debian 12 and 13: make gcc python3-dev python3-venv
# `make run` starts everything and prints the address; `make test` proves it. `make help` lists the rest.

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
SHELL := /bin/sh

PY := .venv/bin/python
FLASK := $(PY) -m flask --app wsgi
PYTEST := $(PY) -m pytest
# As many processes as processors. A file stays in one process; the order is that of tests/conftest.py.
SIDE_BY_SIDE := -n auto --maxprocesses=4 --dist loadfile --no-loadscope-reorder
COVERAGE := --cov --cov-report=term:skip-covered
DATA := ../shared/data
UV_COMPILE = uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header $(UPGRADE)

.PHONY: help
help: ## this list
	@sed -n 's/^\([a-z-]*\):[^#]*## /\1|/p' Makefile | awk -F'|' '{ printf "make %-11s %s\n", $$1, $$2 }'

# A stamp for each set of packages: a second call is instant, a changed pin installs again.
.venv/.installed: requirements/build.txt requirements/base.txt tools/install.sh
	@sh tools/install.sh requirements/base.txt
	@touch $@

.venv/.installed-dev: requirements/dev.txt .venv/.installed
	@sh tools/install.sh requirements/base.txt requirements/dev.txt
	@touch $@

.PHONY: install
install: .venv/.installed ## .venv with what the system needs (PYTHON=… chooses the interpreter)

.PHONY: install-dev
install-dev: .venv/.installed-dev ## … and what tests and linters need

.PHONY: run
run: .venv/.installed ## start the demo county: web, worker, scheduler, queue (PORT=… chooses the port)
	@exec $(PY) -m app.launcher --stop-with-parent

.PHONY: test
test: .venv/.installed-dev ## every test but the long ones, with branch coverage of rules and casework
	@$(PYTEST) -m "not long" $(SIDE_BY_SIDE) $(COVERAGE) $(ARGS)

.PHONY: test-long
test-long: .venv/.installed-dev ## the same proofs with a large N
	@$(PYTEST) -m long -rP -o faulthandler_timeout=7200 $(ARGS)

.PHONY: lint
lint: .venv/.installed-dev ## ruff, format, types, import contracts
	@$(PY) -m ruff check .
	@$(PY) -m ruff format --check .
	@$(PY) -m mypy
	@.venv/bin/lint-imports

.PHONY: bench
bench: .venv/.installed-dev ## posts per second of each stage
	@$(PY) -m tools.bench $(ARGS)

.PHONY: evaluate
evaluate: .venv/.installed ## compare proposed grades with those of a graded sample
	@$(FLASK) evaluate grades $(DATA)/graded.csv --json

.PHONY: migrate
migrate: .venv/.installed ## bring the database named by DATABASE_URL to the newest schema
	@$(FLASK) migrate

.PHONY: lock
lock: ## pin requirements/*.in with hashes (needs uv; UPGRADE=--upgrade takes newer versions)
	@command -v uv >/dev/null || { echo "make lock needs uv: pipx install uv"; exit 1; }
	@$(UV_COMPILE) requirements/build.in -o requirements/build.txt
	@$(UV_COMPILE) requirements/base.in -o requirements/base.txt
	@$(UV_COMPILE) requirements/dev.in -o requirements/dev.txt

.PHONY: clean
clean: ## remove caches; .venv and the data in var/ stay
	@rm -rf .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache .coverage htmlcov build
	@find . -name __pycache__ -not -path './.venv/*' -prune -exec rm -rf {} +
