# Two commands are all that a fresh machine with Python 3.11 needs: `make run` and `make test`.
PYTHON ?= python3
PORT ?= 8000
VENV := .venv
BIN := $(VENV)/bin
# Read by tests; empty means that the tests which need them are skipped, loudly.
export TRADELANE_SPECS ?=
export TRADELANE_DATA ?=

.PHONY: run test unit browser journey drill flashsale bench requirements lock lint screenshots clean

run: $(VENV)/.base
	@$(BIN)/python manage.py devserver --port $(PORT)

test: $(VENV)/.dev
	@TRADELANE_TESTING=1 $(BIN)/python manage.py check --fail-level WARNING
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check -q .
	$(BIN)/pytest -n auto --dist loadfile -m "not browser and not stack"
	$(BIN)/pytest -m "stack and not browser"
	$(BIN)/pytest -m browser
	$(BIN)/python manage.py journey --orders 20 --time-scale 20

unit: $(VENV)/.dev
	$(BIN)/pytest -n auto --dist loadfile -m "not browser and not stack"

browser: $(VENV)/.dev
	$(BIN)/pytest -m browser

journey: $(VENV)/.base
	$(BIN)/python manage.py journey $(if $(TRADELANE_DATA),--data $(TRADELANE_DATA)) $(ARGS)

# The full drill is `make drill ARGS="--orders 2000 --kill-workers 20"`; PostgreSQL by DATABASE_URL.
drill: $(VENV)/.base
	$(BIN)/python manage.py drill $(ARGS)

# Several shops on one stock: `make flashsale ARGS="--orders 5000 --retailers 5"`.
flashsale: $(VENV)/.base
	$(BIN)/python manage.py flashsale $(ARGS)

bench: $(VENV)/.base
	$(BIN)/python manage.py bench $(ARGS)

requirements: $(VENV)/.dev
	@TRADELANE_TESTING=1 $(BIN)/python manage.py requirements

screenshots: $(VENV)/.dev
	$(BIN)/python manage.py screenshots

lint: $(VENV)/.dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	TRADELANE_TESTING=1 $(BIN)/mypy portal channels catalog orders
	$(BIN)/djlint templates --lint
	$(BIN)/bandit -q -c pyproject.toml -r portal channels catalog orders

# The environment: made once, brought up to date when a lock file changes. uv is used where it is installed, never required.
$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(0 if sys.version_info[:2] >= (3, 11) else "Tradelane needs Python 3.11 or newer: set PYTHON=/path/to/python3.11")'
	$(PYTHON) -m venv $(VENV)

$(VENV)/.base: requirements/base.txt | $(VENV)/bin/python
	@$(call install,requirements/base.txt)
	@touch $@

$(VENV)/.dev: requirements/dev.txt | $(VENV)/bin/python
	@$(call install,requirements/dev.txt)
	@touch $@ $(VENV)/.base

install = if command -v uv >/dev/null 2>&1; then uv pip install -q --python $(BIN)/python --require-hashes -r $(1); \
	else $(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r $(1); fi

lock: | $(VENV)/bin/python
	$(BIN)/python -m pip install -q uv
	cd requirements && ../$(BIN)/uv pip compile -q --python-version 3.11 --generate-hashes --no-header base.in -o base.txt
	cd requirements && ../$(BIN)/uv pip compile -q --python-version 3.11 --generate-hashes --no-header dev.in -o dev.txt

clean:
	rm -rf var staticfiles .pytest_cache .ruff_cache .mypy_cache
