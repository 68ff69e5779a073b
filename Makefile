# Everything a newcomer needs: `make digest` and `make test` do all the set-up themselves.
# A second run reuses it: .venv is made anew only when pyproject.toml changes.
PYTHON ?= python3
BIN := .venv/bin
READY := .venv/.ready

.PHONY: digest test lint docs bench cassettes tools clean help

help:                    ## this list
	@grep -E '^[a-z]+:.*##' Makefile | sed -E 's/:.*## /\t/' | expand -t 12

$(READY): pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "Briefer needs Python 3.11 or newer; say which: make PYTHON=python3.12 ..." >&2; exit 1; }
	@echo "Setting up .venv (once) ..."
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[dev]'
	@touch $@

digest: $(READY)         ## build a digest of the sample edition into out/, with no key and no network
	@$(BIN)/briefer digest --engine extractive

test: $(READY)           ## the tests CI runs
	$(BIN)/pytest -n auto --dist worksteal -m "not html and not slow" --cov --cov-report=term:skip-covered

lint: $(READY)           ## ruff and mypy --strict
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy

docs: $(READY)           ## write the generated pages anew and build the site into out/docs
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[dev,docs]'
	$(BIN)/python -m tests.docs
	$(BIN)/zensical build --clean --strict

bench: $(READY)          ## every figure in the README, beside its peer
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[dev,bench,peers,ray]'
	$(BIN)/python -m benchmarks

cassettes: $(READY)      ## record the model's answers again (OPENAI_BASE_URL names a running server)
	$(BIN)/pytest tests/write/test_cassettes.py tests/write/test_batch.py --record-mode=rewrite -p no:randomly

tools: tests/tools/node_modules/.package-lock.json  ## the HTML checker and what drives a browser (needs npm and Java)
tests/tools/node_modules/.package-lock.json: tests/tools/package-lock.json
	npm ci --prefix tests/tools --no-audit --no-fund --silent

clean:                   ## remove what was made here
	rm -rf .venv .cache out dist tests/tools/node_modules
