# Two commands a newcomer needs: `make demo` and `make test`. Both need only Python 3.11+ and make.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PORT ?= 8000
WORKERS ?= 2

.PHONY: demo test proof lint bench claims-score docs lock clean

$(VENV)/ready: requirements.lock pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit("Clearland needs Python 3.11 or newer") if sys.version_info < (3, 11) else None'
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	touch $@

demo: $(VENV)/ready          ## build the demonstration programme in ./demo and serve it
	$(BIN)/clearland demo demo --if-missing
	$(BIN)/clearland --programme demo serve --port $(PORT)

test: $(VENV)/ready lint     ## every check, at a seeded small size
	$(BIN)/python -m pytest -q -n $(WORKERS) --dist loadfile

lint: $(VENV)/ready
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

proof: $(VENV)/ready         ## the same code at full size; writes docs/proof.md; PART="land people" runs only these
	$(BIN)/python -m tests.proof $(PART)

bench: $(VENV)/ready         ## ratios against peers, measured in one run
	$(BIN)/clearland bench

claims-score: $(VENV)/ready  ## how well claims are read: our own documents, and the gold beside the checkout where there is one
	$(BIN)/python -m tests.evidence.extraction.report

docs: $(VENV)/ready          ## pages that are generated from the dictionary and the command line
	$(BIN)/python -m clearland.cli.docs docs/reference

lock: $(VENV)/ready          ## pin the newest allowed versions
	$(BIN)/python -m pip install --quiet pip-tools
	$(BIN)/pip-compile --quiet --strip-extras --generate-hashes --no-emit-index-url --no-emit-trusted-host --no-emit-find-links \
		--no-header --allow-unsafe --extra dev --extra bench --extra cluster --output-file requirements.lock pyproject.toml

clean:
	rm -rf $(VENV) demo .pytest_cache .mypy_cache .ruff_cache .hypothesis
