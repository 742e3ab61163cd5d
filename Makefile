# Two commands for a fresh machine with Python 3.11 and make: `make demo` and `make test`.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
INSTALLED := $(VENV)/.installed
INSTALLED_DEV := $(VENV)/.installed-dev

.PHONY: help demo setup test lint types pytest unit properties conformance e2e lit format clean

help:
	@echo "make demo   compile the example classifier and run it on real scans"
	@echo "make test   all checks; alone: lint types unit properties conformance e2e lit"
	@echo "make setup  only create $(VENV) and install into it"

demo: $(INSTALLED)
	$(BIN)/python examples/digits/demo.py

setup: $(INSTALLED_DEV)

test: lint types pytest lit

lint: $(INSTALLED_DEV)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(INSTALLED_DEV)
	$(BIN)/pyright --pythonpath $(BIN)/python

pytest: $(INSTALLED_DEV)
	$(BIN)/python -m pytest -q --numprocesses auto

unit properties conformance e2e: $(INSTALLED_DEV)
	$(BIN)/python -m pytest -q tests/$@

lit: $(INSTALLED_DEV)
	$(BIN)/lit -sv tests/filecheck

format: $(INSTALLED_DEV)
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

$(INSTALLED): pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "zellige needs Python 3.11 or newer: make PYTHON=…")'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --upgrade 'pip>=25.1'  # older ones know no dependency groups
	$(BIN)/python -m pip install --quiet --editable .
	@touch $@

$(INSTALLED_DEV): $(INSTALLED)
	$(BIN)/python -m pip install --quiet --group dev
	@touch $@

clean:
	rm -rf $(VENV) build dist *.egg-info .pytest_cache .ruff_cache .hypothesis
