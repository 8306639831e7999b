# Everything runs in .venv, made on first use. `make test PYTHON=python3.12` makes it with another.
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready

.PHONY: dev constraints lint format test quick thorough coverage slowest rules golden schema man docs bench fuzz fuzz-guided attacks ci

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

PYTEST := $(BIN)/python -m pytest -n auto --dist worksteal -q

# Every kind of guard; `quick` leaves out what takes seconds each, or other programs. What
# `coverage` runs is not run again. With SAMPLE=40 one in forty of the thorough tests, too.
test: $(READY)
	mkdir -p build && : >build/counted
	$(COUNT); counted=$$?; \
	$(PYTEST) -m '$(if $(filter 1,$(SAMPLE)),not thorough)' $(SAMPLED) --but=build/counted && \
	exit $$counted

quick: $(READY)
	$(PYTEST)

# What `test` shows in a few examples, in many. SAMPLE=40 runs one in forty, and SEED says which.
SAMPLE ?= 1
SEED ?=
SAMPLED = --sample=$(SAMPLE) --seed='$(SEED)'
thorough: $(READY)
	$(PYTEST) -m thorough $(SAMPLED)

# The share of the package's lines that these run, all of them and always the same, none of which
# needs another program or a report that is not in the repository; `fail_under` in pyproject.toml is
# the least. Without what runs a command again in Chinese: it reaches no other line.
COUNTED := tests/golden tests/formats/test_all_formats.py tests/formats/test_junit.py \
  $(addprefix tests/prose/test_, bodies.py coverage.py sums.py) \
  $(addprefix tests/corpus/test_, agencies.py kernel.py store.py) \
  $(wildcard tests/unit/test_checks_*.py tests/unit/test_forms*.py) \
  $(addprefix tests/unit/test_readers_, convert.py delimited.py docx.py html.py misfits.py \
    package.py pdf_unruled.py text.py xlsx.py) \
  $(addprefix tests/unit/test_, conclude.py definitions_cache.py draft.py instantiate.py limits.py \
    new_form.py reconcile.py solver.py strength.py unknown_rows.py) \
  $(addprefix tests/web/test_, api.py pictures.py)
COUNT = $(PYTEST) $(COUNTED) -k 'not by_the_same_messages and not slip_is_told' \
  --cov --cov-report= --note=build/counted
coverage: $(READY)
	mkdir -p build
	$(COUNT)

# What each test costs, in seconds of the processor.
slowest: $(READY)
	rm -f build/costs
	mkdir -p build
	$(PYTEST) -m 'not thorough' -p tests.kit.costs --costs build/costs
	$(BIN)/python -m tests.kit.costs build/costs

# Every rule compiles and passes its own tests.
rules: $(READY)
	$(BIN)/python -m auditor rules test

golden: $(READY)
	$(BIN)/python -m tests.golden.rewrite

# What editors and pre-commit check rules against.
schema: $(READY)
	for sort in checks form wordings agencies screening; do \
	  $(BIN)/python -m auditor rules schema $$sort >rules/schema/$$sort.json || exit 1; \
	done
	$(BIN)/python -m docs.making.outputs

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
	$(BIN)/python -m pytest -q tests/test_hostile_input.py tests/test_hostile_commands.py \
	  tests/web/test_hostile.py

# Led by the code that cases reach, from the cases kept in tests/fuzz/corpus.
SECONDS ?= 90
fuzz-guided: $(READY)
	$(BIN)/python -m tests.fuzz.guided --seconds $(SECONDS)

ci:
	.ci/run </dev/null
