# Every target makes the virtual environment it needs; Python 3.11 or newer is all that must be there.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
JOBS ?= auto

.DEFAULT_GOAL := help
.PHONY: help demo test faults matrix coverage fuzz mutants check format lint types bench scale tables completions pictures lock audit clean

help: ## Say what there is to make
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 12

$(VENV)/run.stamp: requirements/run.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed: make PYTHON=...")'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --only-binary :all: -r requirements/run.txt
	@touch $@

$(VENV)/dev.stamp: $(VENV)/run.stamp requirements/dev.txt pyproject.toml
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --only-binary :all: -r requirements/dev.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-index --no-deps --no-build-isolation --editable .
	@touch $@

demo: $(VENV)/run.stamp ## Publish sample files to a stand-in for GitHub, twice, and look at them
	@$(BIN)/python scripts/demo.py

test: $(VENV)/dev.stamp ## Run every test
	$(BIN)/python -m pytest -n $(JOBS)

faults: $(VENV)/dev.stamp ## Let every call of every run fail in every way, lie and be interfered with, and kill it there
	$(BIN)/python -m pytest tests/faults --faults=all -n $(JOBS) -q

matrix: $(VENV)/dev.stamp ## Let 64 jobs at once publish to one release, in many ways (SEEDS=20 for more)
	$(BIN)/python -m pytest tests/matrix --faults=all $(if $(SEEDS),--seeds $(SEEDS)) -n 2 -q

# The modules that decide: the first line of each says so.
DECISIONS = $(shell awk 'FNR == 1 && /Pure\.("""|$$)/ {print FILENAME}' $$(find src/release_assets src/actions_toolkit -name '*.py'))
comma := ,
space := $(subst ,, )

coverage: $(VENV)/dev.stamp ## Measure what the tests run: of what decides every branch, of the rest 95 in 100
	rm -f .coverage .coverage.*
	$(BIN)/coverage run -m pytest -n $(JOBS) -q -p tests.support.coverage_plugin --ignore=tests/matrix
	$(BIN)/coverage combine --quiet
	$(BIN)/coverage report --fail-under=95
	$(BIN)/coverage report --fail-under=100 --include=$(subst $(space),$(comma),$(strip $(DECISIONS)))

fuzz: $(VENV)/dev.stamp ## Look for texts that break a law, led by what each runs (MINUTES=5, ONLY="manifest inputs")
	$(if $(ONLY),,$(BIN)/python -m pytest -q --hypothesis-profile=deep tests/release_assets/plan/test_assets_laws.py)
	PYTHONPATH=src:. $(BIN)/python -m scripts.fuzz $(if $(MINUTES),--minutes $(MINUTES)) $(ONLY)

mutants: $(VENV)/dev.stamp ## Make mistakes on purpose, and look which of them no test notices
	JOBS=$(patsubst auto,2,$(JOBS)) $(BIN)/python scripts/mutants.py

check: format lint types ## Formatting, lint, types and the tests that are quick: before each commit
	$(BIN)/python -m pytest -n $(JOBS) -q -m "not slow"

format: $(VENV)/dev.stamp ## Check the formatting (make format FIX=1 mends it)
	$(BIN)/ruff format $(if $(FIX),,--check) .

lint: $(VENV)/dev.stamp ## Lint the code, action.yml and the workflows
	$(BIN)/ruff check $(if $(FIX),--fix) .
	$(BIN)/check-jsonschema --builtin-schema vendor.github-actions action.yml native/action.yml
	$(BIN)/check-jsonschema --builtin-schema vendor.github-workflows .github/workflows/*.yml examples/*.yml
	$(BIN)/check-jsonschema --builtin-schema vendor.github-issue-forms $(filter-out %/config.yml,$(wildcard .github/ISSUE_TEMPLATE/*.yml))
	$(BIN)/check-jsonschema --builtin-schema vendor.dependabot .github/dependabot.yml
	$(BIN)/actionlint .github/workflows/*.yml examples/*.yml
	$(BIN)/zizmor --offline --quiet action.yml native .github
	$(BIN)/zizmor --offline --quiet --config examples/.zizmor.yml examples/*.yml
	$(BIN)/python scripts/vocabulary.py
	$(BIN)/codespell $$(git ls-files -- ':!tests' ':!requirements')
	$(BIN)/deptry --no-ansi src

types: $(VENV)/dev.stamp ## Check the types, strictly
	$(BIN)/mypy

audit: $(VENV)/dev.stamp ## Look for known vulnerabilities of what the program needs (asks PyPI)
	$(BIN)/python scripts/audit.py

bench: $(VENV)/dev.stamp ## Compare with other ways to do the same, side by side (QUICK=1, ONLY="one small")
	$(BIN)/python -m bench $(if $(QUICK),--quick) $(if $(REPEATS),--repeats $(REPEATS)) $(ONLY)

scale: $(VENV)/dev.stamp ## Let up to 250 jobs publish under GitHub's rate limits, in virtual time
	$(BIN)/python -m bench scale

tables: $(VENV)/run.stamp ## Write the inputs of action.yml, native/action.yml, and the tables of the documents
	PYTHONPATH=src $(BIN)/python scripts/tables.py
	$(BIN)/python scripts/native.py

completions: $(VENV)/dev.stamp ## Write the completion scripts of the command line from its options
	$(BIN)/python scripts/completions.py

pictures: $(VENV)/dev.stamp ## Make the pictures of README.md from real runs (needs Chromium)
	PYTHONPATH=src:. $(BIN)/python -m scripts.pictures

# --no-strip-extras: pip before 23.3 takes no pin of a package for a pin of the package with extras.
lock: ## Resolve the requirements anew and pin them by hash (needs uv)
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-strip-extras --no-header pyproject.toml -o requirements/run.txt
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-strip-extras --no-header --group dev pyproject.toml -c requirements/run.txt -o requirements/dev.txt

clean: ## Remove all that these targets made
	rm -rf $(VENV) .mypy_cache .pytest_cache .ruff_cache .hypothesis .coverage* .fuzz mutants build dist
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
