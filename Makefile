# Everything runs in .venv, made on first use. `make test PYTHON=python3.12` makes it with another.
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready

.PHONY: dev constraints lint format test quick golden schema man docs bench fuzz fuzz-guided attacks ci

dev: $(READY)

$(READY): pyproject.toml constraints.txt
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --constraint constraints.txt --editable '.[dev]'
	touch $@

# The newest versions that pyproject.toml allows, for constraints.txt; then `make test`.
constraints:
	$(PYTHON) -m venv --clear build/newest
	build/newest/bin/python -m pip install --quiet --upgrade --editable '.[dev]'
	{ sed -n '/^#/p' constraints.txt; \
	  build/newest/bin/python -m pip freeze --exclude-editable; } >build/constraints.txt
	mv build/constraints.txt constraints.txt

lint: $(READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

format: $(READY)
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

# Everything, as CI runs it; `quick` leaves out what takes minutes.
test: $(READY)
	$(BIN)/python -m pytest -n auto --dist worksteal -q -m 'slow or not slow'

quick: $(READY)
	$(BIN)/python -m pytest -n auto --dist worksteal -q

golden: $(READY)
	$(BIN)/python -m tests.golden.rewrite

# What editors and pre-commit check rules against.
schema: $(READY)
	for sort in checks form wordings; do \
	  $(BIN)/python -m auditor rules schema $$sort >rules/schema/$$sort.json || exit 1; \
	done

# What `man audit` shows, from the help of the commands.
man: $(READY)
	$(BIN)/python -m docs.making.manual

# The site, in build/site; nothing is fetched for it, and a dead link or anchor fails it (not with
# --quiet: then MkDocs does not count its warnings).
docs: $(READY)
	NO_MKDOCS_2_WARNING=1 $(BIN)/python -m mkdocs build --strict

bench: $(READY)
	$(BIN)/python -m benchmarks.cold
	$(BIN)/python -m benchmarks.read
	$(BIN)/python -m benchmarks.formats

# Mutated documents of every format; a failed one is kept and replayed by its number.
fuzz: $(READY)
	$(BIN)/python -m tests.fuzz --executions 200000 --keep fuzz-failures

# Every attack that docs/security.md tells of, and the page itself.
attacks: $(READY)
	$(BIN)/python -m tests.hostile.table
	$(BIN)/python -m pytest -q tests/test_hostile_input.py tests/test_hostile_commands.py

# Led by the code that cases reach, from the cases kept in tests/fuzz/corpus.
fuzz-guided: $(READY)
	$(BIN)/python -m tests.fuzz.guided --seconds 90

ci:
	.ci/run </dev/null
