# Everything a person types. `make refresh` and `make test` need Python 3.11+ and make, nothing else.
PYTHON ?= python3
CONFIG ?= registry.yml
VENV   := .venv
BIN    := $(VENV)/bin
READY  := $(VENV)/.ready

# Of each first night of a home dbt's reading of the project would take seven seconds.
READING    := dbt_project/target/partial_parse.msgpack
READ_OF    := $(shell find dbt_project -path dbt_project/target -prune -o -type f -print)
READ_AHEAD := parse --quiet --no-version-check --no-write-json --log-level-file none \
	--no-partial-parse --project-dir $(CURDIR)/dbt_project --profiles-dir dbt_project

IN_PARALLEL := -n 2 --dist loadfile --no-loadscope-reorder

.DEFAULT_GOAL := help
.PHONY: help setup refresh schedule test slow check format lock bench docs faults mutation clean

help:            ## this list
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

# The lock holds every package with its hash; --no-deps keeps pip from resolving anything itself.
$(READY): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo "$(PYTHON) is older than 3.11: name a newer one, e.g. make refresh PYTHON=python3.12"; exit 2; }
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV) \
		|| { rm -rf $(VENV); echo "python's venv module is missing (Debian: apt install python3-venv)"; exit 2; }
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

$(READING): $(READY) $(READ_OF)
	$(BIN)/dbt $(READ_AHEAD)
	@touch $@

setup: $(READING)  ## the environment in .venv

refresh: $(READING) ## the nightly job on CONFIG (default: the example registry)
	$(BIN)/crlm refresh --config $(CONFIG)

schedule: $(READING) ## the nightly job by the clock, with a page that shows it, on this machine alone
	$(BIN)/crlm schedule --config $(CONFIG)

test: $(READING)   ## the test suite, but for what takes long
	$(BIN)/python -m pytest $(IN_PARALLEL) -m "not slow"

slow: $(READING)   ## the tests that take long, but for the faults of the night (make faults)
	$(BIN)/python -m pytest $(IN_PARALLEL) -m slow --ignore=tests/faults

check: $(READY)  ## lint, format and types
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

format: $(READY) ## rewrite the code in the house format
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

lock:            ## compile requirements.lock again from pyproject.toml (needs uv)
	uv pip compile pyproject.toml --extra dev --extra schedule --universal --python-version 3.11 \
		--generate-hashes --no-strip-extras --no-emit-index-url --no-header --quiet -o requirements.lock

bench: $(READING)  ## measure nights against the same job in pandas and in R, in one run (benchmarks/README.md)
	$(BIN)/python -m benchmarks.run
	$(BIN)/python -m benchmarks.ledger --patients 10000

docs: $(READING)   ## write the pages that are made from tests and from the refreshed example
	$(BIN)/python docs/generate.py

faults: $(READING) ## what goes wrong at night, tried; writes the table of docs/reliability.md (an hour)
	CRLM_ALL_FAULTS=1 $(BIN)/python -m pytest tests/faults --junitxml=fault_results.xml
	$(BIN)/python -m tests.faults.report fault_results.xml

mutation: $(READING) ## which changes of a rule or a code list no test would notice (an hour)
	$(BIN)/python -m tests.mutation

clean:           ## remove what make made, not the registry's data
	rm -rf $(VENV) .pytest_cache .ruff_cache .mypy_cache
