# Each target does its own set-up: a fresh machine needs only Python 3.11 or newer and make.

# The first that is new enough and can make an environment (Debian packs that part separately).
PYTHON ?= $(shell for p in python3 python3.14 python3.13 python3.12 python3.11; do \
	$$p -c 'import ensurepip, sys, venv; sys.exit(sys.version_info < (3, 11))' 2>/dev/null \
	&& echo $$p && break; done)
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt

.PHONY: help serve test test-clients fuzz lint types format bench clean
# A half-made environment is no environment.
.DELETE_ON_ERROR:

help:  ## list the targets
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 14

serve: $(VENV)/installed $(VENV)/compiled  ## serve all vendors; flags in ARGS
	$(BIN)/mockalog serve $(ARGS)

# pytest compiles each test file anew in each worker unless it may keep the result.
test: $(VENV)/tested $(VENV)/compiled  ## run the suite on SQLite and PostgreSQL; pytest's flags in ARGS
	PYTHONDONTWRITEBYTECODE= $(BIN)/python -m pytest -n 2 --dist worksteal --cov --cov-report=term $(ARGS)

# Node and a JDK are not installed here; a client that needs them is skipped, with the reason.
test-clients: $(VENV)/tested $(VENV)/compiled  ## run published clients against a served emulator
	$(BIN)/python -m pytest tests/clients -m clients -p no:randomly $(ARGS)

fuzz: $(VENV)/tested  ## send requests made from the documents for ten minutes; flags in ARGS
	$(BIN)/python -m tests.fuzz --seconds 120 $(ARGS)

lint: $(VENV)/tested  ## check style and formatting
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(VENV)/tested  ## check the types
	$(BIN)/mypy

format: $(VENV)/tested  ## repair style and formatting
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: $(VENV)/tested  ## measure against the baselines; flags in ARGS
	$(BIN)/python -m benchmarks $(ARGS)

clean:  ## remove what the other targets made
	rm -rf $(VENV) .clients dist .coverage* .mypy_cache .ruff_cache .pytest_cache .hypothesis
	find src migrations tests benchmarks -name __pycache__ -prune -exec rm -rf {} +

$(BIN)/python:
	@test -n "$(PYTHON)" \
		|| { echo "mockalog needs Python 3.11 or newer with venv (Debian: python3-venv)" >&2; exit 1; }
	$(PYTHON) -m venv --clear $(VENV)

# The stamps make the second call instant and a changed dependency a new installation.
$(VENV)/installed: $(BIN)/python pyproject.toml constraints.txt
	$(PIP) --editable .
	@touch $@

$(VENV)/tested: $(BIN)/python pyproject.toml constraints.txt
	$(PIP) --editable '.[test]'
	@touch $@ $(VENV)/installed

# pip compiles what it copies, but not what it only points to: where PYTHONDONTWRITEBYTECODE is set,
# each start would do so and take twice as long.
$(VENV)/compiled: $(BIN)/python $(shell find src migrations -name '*.py')
	$(BIN)/python -m compileall -q src migrations
	@touch $@
