# Everything a newcomer needs: make run plans the bundled case and opens the platform, make demo lives through ten days on it, make test proves the tree sound.
# Each target sets up what it needs first; .venv/.ready remembers what was set up.

VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
CASE ?= examples/hubei-2020
OUT ?= out/$(notdir $(CASE))
PORT ?= 8000
DAYS ?= 10
SAY ?= en
SERVE ?= yes

.PHONY: help setup plan run demo test lint bench lock audit clean

help: ## show this list
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):[^#]*## /  make \1\t/' | expand -t 16

setup: $(READY) ## make .venv from the lock file and install the tree into it

$(READY): requirements-dev.lock pyproject.toml tools/setup.sh
	bash tools/setup.sh $(VENV)
	touch $@

plan: $(READY) ## plan the bundled case (CASE=..., OUT=...), print the summary and where the files are
	$(BIN)/mainstay plan $(CASE) --out $(OUT)

run: plan ## plan the bundled case, then show it on the platform at http://127.0.0.1:$(PORT) (PORT=...)
	$(BIN)/mainstay-platform demo --case $(CASE) --plan $(OUT) --port $(PORT)

demo: $(READY) ## live through a story of ten days on a platform of its own, then serve it (DAYS=..., PORT=..., SAY=zh, SERVE=no)
	rm -rf out/demo
	MAINSTAY_DATA=out/demo $(BIN)/mainstay-platform story --case $(CASE) --days $(DAYS) --lang $(SAY) --port $(PORT) $(if $(filter no,$(SERVE)),--no-serve)

test: $(READY) ## run all tests, then those of the platform again on PostgreSQL
	$(BIN)/python -m pytest -m "not browser" -n auto --dist loadfile
	$(BIN)/python -m pytest -m browser
	$(BIN)/python -m tests.postgresql

lint: $(READY) ## check style, format and types
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

bench: $(READY) ## run every benchmark; the last line of each is its figures as JSON
	@for file in benchmarks/[a-z]*.py benchmarks/*/__main__.py; do \
	  file=$${file%/__main__.py}; name=$$(basename $$file .py); echo "== $$name"; $(BIN)/python -m benchmarks.$$name || exit 1; \
	done

lock: ## write the lock files anew (needs uv)
	bash tools/lock.sh

audit: ## compare the locked versions with known vulnerabilities (needs uv and a network)
	uvx pip-audit --require-hashes --disable-pip -r requirements-platform.lock

clean: ## remove what can be made again
	rm -rf $(VENV) out dist build .mypy_cache .pytest_cache .ruff_cache .hypothesis
