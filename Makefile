# `make` lists the targets. Each works alone on a fresh checkout.

SHELL := /bin/bash
PYTHON ?= $(shell for p in python3.13 python3.12 python3.11 python3; do $$p -c 'import ensurepip, sys, venv; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' 2>/dev/null && { command -v $$p; break; }; done)
BIN := .venv/bin
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check
COMPILE := $(BIN)/uv pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes \
	--no-header --no-annotate --no-config --quiet
# NAME:PASSWORD stands for a password in the pages.
SECRETS := $(BIN)/kingfisher scan --no-validate --no-update-check --redact --quiet --exclude .venv --exclude kanal-data \
	--skip-word NAME:PASSWORD

.DEFAULT_GOAL := help
.PHONY: help install install-dev system run demo tour test check bench bench-normalizer bench-duplicates bench-bot soak docs lock clean

help: ## this list
	@sed -n 's/^\([a-z-]*\):.*## /  make \1\t/p' $(MAKEFILE_LIST) | expand -t 26

install: .venv/installed ## put Kanal and what it needs into .venv

run: install ## start the gateway with the default settings, data in ./kanal-data
	@$(BIN)/kanal run

demo: install ## play a flood afternoon on all channels, with a live table, and leave the console open
	@$(BIN)/kanal demo --stay

tour: install-dev ## take the pictures in docs/tour anew: the demo's afternoon in a browser
	@$(BIN)/python -m tests.browser.tour

# Tests start a thousand processes, each of which would compile all modules again.
test: export PYTHONDONTWRITEBYTECODE :=
test: install-dev system check ## all checks and tests; as root it installs the mail and SMS servers they talk to
	@$(BIN)/python -m tests.whole

check: install-dev ## format, lint, types, the floors, and what an attacker would look for
	@$(BIN)/ruff format --check
	@$(BIN)/ruff check
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-logo
	@$(BIN)/python -m tests.sizes
	@$(BIN)/bandit --quiet --configfile pyproject.toml --recursive gateway adapters normalizer dedupe
	@$(SECRETS) .
	@$(BIN)/python -m tests.audit

bench: install-dev ## measure against bare servers; `make bench ARGS="--quick accept"` for a part
	@tests/system.sh postfix || echo "Postfix is left out."
	@$(BIN)/python -m tests.bench $(ARGS)

bench-normalizer: install-dev ## measure how well words are read; also `make bench-normalizer DATA=DIR SECTIONS="speed"`
	@$(BIN)/python -m tests.normalizer_bench $(if $(DATA),--data "$(DATA)") $(SECTIONS)

bench-duplicates: install-dev ## measure how well reports of one incident are found; also `make bench-duplicates DATA=DIR SECTIONS="sets"`
	@$(BIN)/python -m tests.duplicates_bench $(if $(DATA),--data "$(DATA)") $(SECTIONS) $(ARGS)

bench-bot: install-dev ## measure the bot: turns a second, bytes a talk, answers to bursts; `make bench-bot SECTIONS="turns"`
	@$(BIN)/python -m tests.bot_bench $(SECTIONS)

soak: install-dev ## ten minutes of all channels at once with faults on; `make soak ARGS="--minutes 1 --seed 7"`
	@tests/system.sh dovecot-imapd dovecot-lmtpd || echo "The mailbox is left out."
	@$(BIN)/python -m tests.soak $(ARGS)

docs: install-dev ## write the JSON Schemas, docs/settings.md and parts of docs/security.md, docs/report.md and the READMEs
	$(BIN)/kanal schema config
	$(BIN)/kanal schema --page >docs/settings.md
	$(BIN)/python -m tests.security
	$(BIN)/python -m tests.docs.report_examples
	$(BIN)/python -m tests.docs.channel_table

lock: install-dev ## bring the locked requirements up to date
	$(COMPILE) --upgrade --group build --output-file requirements.txt
	$(COMPILE) --upgrade --group dev --constraints requirements.txt --output-file requirements-dev.txt

clean: ## remove .venv, caches and built files; never the data
	rm -rf .venv dist .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

install-dev: .venv/installed-dev

system:
	@tests/system.sh

.venv/bin/python:
	@test -n "$(PYTHON)" || { echo "Kanal needs Python 3.11, 3.12 or 3.13 with its venv module (Debian: apt-get install python3-venv)." >&2; exit 1; }
	"$(PYTHON)" -m venv .venv

.venv/installed: requirements.txt pyproject.toml | .venv/bin/python
	$(PIP) --require-hashes --requirement requirements.txt
	$(PIP) --no-build-isolation --no-deps --editable .
	@touch $@

.venv/installed-dev: requirements-dev.txt .venv/installed
	$(PIP) --require-hashes --requirement requirements-dev.txt
	@touch $@
