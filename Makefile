# Two commands: `make atlas` builds the atlas of the world, `make test` tests the software.
# Each sets up what it needs; a second run does only what has changed.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

.DEFAULT_GOAL := help
.PHONY: help atlas serve web test quick check format docs lock bench clean

help:
	@echo "make atlas    build the atlas of world migration in atlas/atlas.duckdb"
	@echo "make serve    look at it in a browser"
	@echo "make test     run all tests, with coverage"
	@echo "make quick    run the tests of the ground floor and the methods, those that failed first"
	@echo "make check    lint, types, import contracts, spelling, pages"
	@echo "make format   put code into the form that 'make check' asks for"
	@echo "make docs     write the reference pages again"
	@echo "make web      build the pages again"
	@echo "make bench    measure the build, and what the intervals of the atlas hold"
	@echo "make lock     pin what is installed now"
	@echo "make clean    remove what was made"

$(VENV)/.created:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Python 3.11 or newer is needed: make PYTHON=/path/to/python3.11 $(MAKECMDGOALS)"; exit 1; }
	$(PYTHON) -m venv $(VENV)
	@touch $@

$(VENV)/.runtime: $(VENV)/.created pyproject.toml requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c requirements.lock -e ".[all]"
	@touch $@

$(VENV)/.dev: $(VENV)/.runtime
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c requirements.lock -e ".[dev]"
	@touch $@

atlas: $(VENV)/.runtime
	$(BIN)/corridors build --out atlas
	@echo "The commands are in $(BIN): for example  $(BIN)/corridors corridor MEX USA"

serve: $(VENV)/.runtime
	@[ -f atlas/atlas.duckdb ] || $(MAKE) --no-print-directory atlas
	$(BIN)/corridors serve

web: web/node_modules
	cd web && npm run --silent build

web/node_modules: web/package-lock.json
	cd web && npm ci --ignore-scripts --no-audit --no-fund
	@touch $@

test: $(VENV)/.dev
	$(BIN)/python -m pytest -q -n auto --cov --cov-report=term:skip-covered

quick: $(VENV)/.dev
	$(BIN)/python -m pytest -q -n auto --failed-first tests/ground tests/numerics tests/migration tests/remittances

check: $(VENV)/.dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/basedpyright
	$(BIN)/lint-imports
	$(BIN)/codespell src tests docs bench scripts README.md CONTRIBUTING.md SECURITY.md CHANGELOG.md
	@if [ -d web/node_modules ] && command -v npm >/dev/null; then cd web && npm run --silent check; \
		else echo "no Node.js: the pages were not checked"; fi

format: $(VENV)/.dev
	$(BIN)/ruff check --fix-only --quiet .
	$(BIN)/ruff format .
	@if [ -d web/node_modules ] && command -v npm >/dev/null; then cd web && npm run --silent format; fi

docs: $(VENV)/.dev
	$(BIN)/python scripts/reference.py

bench: $(VENV)/.dev
	$(BIN)/python bench/world.py --out build/bench
	$(BIN)/python bench/coverage.py build/bench/atlas.duckdb
	$(BIN)/python bench/evaluation.py build/bench/atlas.duckdb

lock: $(VENV)/.dev
	$(BIN)/python -m pip freeze --exclude-editable | grep -v '^\(pip\|setuptools\|wheel\)=' > requirements.lock

clean:
	rm -rf $(VENV) atlas dist .pytest_cache .ruff_cache .hypothesis
