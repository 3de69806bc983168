# Two commands: `make atlas` builds the atlas of the world, `make test` tests the software.
# Each sets up what it needs; a second run does only what has changed.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

.DEFAULT_GOAL := help
.PHONY: help atlas test quick check format docs serve bench lock clean

help:
	@echo "make atlas   build the atlas of world migration in atlas/atlas.duckdb"
	@echo "make test    run the tests"
	@echo "make check   lint, types, import contract, spelling"
	@echo "make quick   the tests that failed last, then the ground floor and the methods, without pages"
	@echo "make format  put code in shape"
	@echo "make docs    write docs/reference from the code"
	@echo "make serve   open the atlas in a browser"
	@echo "make bench   measure the methods"

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

test: $(VENV)/.dev
	$(BIN)/python -m pytest -q -n auto --cov --cov-report=term:skip-covered

quick: $(VENV)/.dev
	$(BIN)/python -m pytest -q -n auto --failed-first tests/ground tests/numerics tests/migration tests/remittances

format: $(VENV)/.dev
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

docs: $(VENV)/.dev
	$(BIN)/python scripts/reference.py

serve: $(VENV)/.runtime
	@[ -f atlas/atlas.duckdb ] || $(BIN)/corridors build --out atlas
	$(BIN)/corridors serve

check: $(VENV)/.dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/basedpyright
	$(BIN)/lint-imports
	$(BIN)/codespell src tests docs bench scripts README.md CONTRIBUTING.md SECURITY.md CHANGELOG.md
	@if [ -d web/node_modules ] && command -v npm >/dev/null; then cd web && npm run --silent check; \
		else echo "no Node.js: the pages were not checked"; fi

bench: $(VENV)/.dev
	$(BIN)/python bench/world.py

lock: $(VENV)/.dev
	$(BIN)/python -m pip freeze --exclude-editable | grep -v '^\(pip\|setuptools\|wheel\)=' > requirements.lock

clean:
	rm -rf $(VENV) atlas dist .pytest_cache .ruff_cache .hypothesis
