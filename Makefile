# Each target creates the virtual environment that it needs; only Python 3.11 or newer must be installed.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
JOBS ?= auto

.DEFAULT_GOAL := help
.PHONY: help demo test faults matrix coverage fuzz mutants check format lint types bench scale tables messages completions pictures owner lock audit clean

help: ## List the targets
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

demo: $(VENV)/run.stamp ## Publish sample files twice to a sandbox of GitHub, and show the release
	@$(BIN)/python scripts/demo.py

test: $(VENV)/dev.stamp ## Run all tests
	$(BIN)/python -m pytest -n $(JOBS) $(ARGS)

faults: $(VENV)/dev.stamp ## Inject every fault into every API call of every scenario, and kill the process at each call
	$(BIN)/python -m pytest tests/faults --faults=all -n $(JOBS) -q

matrix: $(VENV)/dev.stamp ## Run 64 concurrent jobs that publish to one release, with faults (SEEDS=20 for more runs)
	$(BIN)/python -m pytest tests/matrix --faults=all $(if $(SEEDS),--seeds $(SEEDS)) -n 2 -q

# The pure modules: the first line of each ends in "Pure.".
DECISIONS = $(shell awk 'FNR == 1 && /Pure\.("""|$$)/ {print FILENAME}' $$(find src/release_assets src/actions_toolkit -name '*.py'))
comma := ,
space := $(subst ,, )

coverage: $(VENV)/dev.stamp ## Measure the coverage of the tests: 100 % of pure modules, 95 % of all
	rm -f .coverage .coverage.*
	$(BIN)/coverage run -m pytest -n $(JOBS) -q -p tests.support.coverage_plugin --ignore=tests/matrix
	$(BIN)/coverage combine --quiet
	$(BIN)/coverage report --fail-under=95
	$(BIN)/coverage report --fail-under=100 --include=$(subst $(space),$(comma),$(strip $(DECISIONS)))

fuzz: $(VENV)/dev.stamp ## Fuzz the laws about text from outside, guided by coverage (MINUTES=5, ONLY="manifest inputs")
	$(if $(ONLY),,$(BIN)/python -m pytest -q --hypothesis-profile=deep tests/release_assets/plan/test_assets_laws.py)
	PYTHONPATH=src:. $(BIN)/python -m scripts.fuzz $(if $(MINUTES),--minutes $(MINUTES)) $(ONLY)

mutants: $(VENV)/dev.stamp ## Run mutation tests: show the mutants that no test detects
	JOBS=$(patsubst auto,2,$(JOBS)) $(BIN)/python scripts/mutants.py

check: format lint types ## Check formatting, lint and types, and run the fast tests: before each commit
	$(BIN)/python -m pytest -n $(JOBS) -q -m "not slow"

format: $(VENV)/dev.stamp ## Check the formatting (FIX=1 to fix it)
	$(BIN)/ruff format $(if $(FIX),,--check) .

lint: $(VENV)/dev.stamp ## Lint the code, action.yml and the workflows (FIX=1 to fix what ruff can fix)
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

types: $(VENV)/dev.stamp ## Check the types with mypy in strict mode
	$(BIN)/mypy

audit: $(VENV)/dev.stamp ## Find known vulnerabilities of the dependencies (asks PyPI)
	$(BIN)/python scripts/audit.py

bench: $(VENV)/dev.stamp ## Benchmark against other tools (QUICK=1, REPEATS=5, ONLY="one small")
	$(BIN)/python -m bench $(if $(QUICK),--quick) $(if $(REPEATS),--repeats $(REPEATS)) $(ONLY)

scale: $(VENV)/dev.stamp ## Simulate up to 250 jobs under GitHub's rate limits, in virtual time
	$(BIN)/python -m bench scale

tables: $(VENV)/run.stamp ## Generate the inputs of action.yml, native/action.yml, and the tables of the documents
	PYTHONPATH=src $(BIN)/python scripts/tables.py
	PYTHONPATH=src $(BIN)/python scripts/native.py

messages: $(VENV)/dev.stamp ## Generate the snapshot of all messages from real runs
	$(BIN)/python -m pytest tests/contract/test_messages.py --update-messages -n $(JOBS) -q

completions: $(VENV)/dev.stamp ## Generate the completion scripts of the command line
	$(BIN)/python scripts/completions.py

pictures: $(VENV)/dev.stamp ## Generate the pictures of README.md from real runs (needs Chromium)
	PYTHONPATH=src:. $(BIN)/python -m scripts.pictures

owner: ## Write the account of this repository into documents, examples and metadata (OWNER=octo-org)
	@$(PYTHON) scripts/owner.py '$(OWNER)'

# --no-strip-extras: for pip before 23.3, a pin of a package does not pin the package with extras.
# A week old at least: by then, a malicious version has usually been found.
COOLDOWN := --exclude-newer "$$(date -u -d '7 days ago' +%Y-%m-%d 2>/dev/null || date -u -v-7d +%Y-%m-%d)"

lock: ## Resolve the requirements again, from versions that are a week old, and pin them by hash (needs uv)
	uv pip compile --quiet --universal $(COOLDOWN) --python-version 3.11 --generate-hashes --no-strip-extras --no-header pyproject.toml -o requirements/run.txt
	uv pip compile --quiet --universal $(COOLDOWN) --python-version 3.11 --generate-hashes --no-strip-extras --no-header --group dev pyproject.toml -c requirements/run.txt -o requirements/dev.txt
	uv pip compile --quiet --universal $(COOLDOWN) --python-version 3.11 --generate-hashes --no-strip-extras --no-header --group build -c requirements/dev.txt -o requirements/build.txt

clean: ## Remove the virtual environment, caches and results
	rm -rf $(VENV) .mypy_cache .pytest_cache .ruff_cache .hypothesis .coverage* .fuzz mutants build dist
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
