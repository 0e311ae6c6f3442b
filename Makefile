# Set-up is part of every target: a fresh clone needs Python >= 3.11, pip and make, nothing else.
PYTHON ?= python3
BIN := .venv/bin

.PHONY: audit test check bench clean

# Audits the two seed texts; the reports go to reports/.
audit: .venv/installed
	@$(BIN)/auditor audit seeds --report html=reports/audit.html --report jsonl=reports/audit.jsonl --report sarif=reports/audit.sarif
	@echo "reports/audit.html is the page to read"

test: .venv/dev
	@$(BIN)/auditor models pull >/dev/null || echo "the language model cannot be fetched: tests that need it are skipped"
	$(BIN)/python -m pytest

check: .venv/dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(MAKE) --no-print-directory test

# Ratios against peers in one run; peers that are not installed in .venv (torch, ctranslate2) are left out, and the report says so.
bench: .venv/dev
	@$(BIN)/auditor models pull >/dev/null
	$(BIN)/python tests/benchmarks/fluency.py --out reports/benchmark.md
	$(BIN)/python tests/benchmarks/command.py --out reports/benchmark.md

.venv/python:
	$(PYTHON) -c 'import sys; sys.exit("auditor needs Python 3.11 or later" if sys.version_info < (3, 11) else 0)'
	$(PYTHON) -m venv .venv
	@touch $@

.venv/installed: .venv/python pyproject.toml
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable .
	@touch $@

.venv/dev: .venv/installed
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[dev]'
	@touch $@

clean:
	rm -rf .venv build dist .mypy_cache .pytest_cache .ruff_cache
