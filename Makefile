# Everything a person or a machine does with this repository; `make` alone lists it.

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
MAKEFLAGS += --no-print-directory

BIN := .venv/bin
RUNTIME := .venv/.runtime
DEVELOPMENT := .venv/.development
MESSAGES := .venv/.messages
JUDGES := .venv/.judges
PEERS := .venv/.peers
LOCALES := da nb sv de
CATALOGS := $(wildcard app/translations/*/LC_MESSAGES/*.po)
LOCK := uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-header pyproject.toml

.PHONY: help
help: ## List what can be made
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*##/|/' | awk -F'|' '{printf "  make %-12s %s\n", $$1, $$2}'

.PHONY: demo
demo: $(RUNTIME) $(MESSAGES) ## Run the app and a demo shop (RESET=1 starts afresh)
	@exec $(BIN)/stamkunde demo $(if $(RESET),--reset)

.PHONY: tour
tour: $(RUNTIME) $(MESSAGES) ## Play the whole loop over HTTP and compare every balance
	@$(BIN)/stamkunde tour

.PHONY: setup
setup: $(DEVELOPMENT) $(MESSAGES) $(JUDGES) ## Install everything that work on the code needs
	@:

.PHONY: test
test: setup ## Run the whole suite on SQLite and PostgreSQL (ARGS="-k word")
	@$(BIN)/pytest --numprocesses auto --dist worksteal $(ARGS)

# A long run goes on where the last one ended: what it has counted stands in docs/figures, from which
# `make reliability` makes the page. What is asked for by its seed is not written down.
.PHONY: properties
properties: setup ## Live thousands of shops' lives on both databases (FRESH=1 begins anew, SEEDS=7 only that)
	@$(call long,properties,1-80,tests/properties/test_properties.py --numprocesses auto --dist worksteal --verbose)

.PHONY: fuzz
fuzz: setup ## Send tens of thousands of lies to every door (FRESH=1 begins anew, SEEDS=7 only that)
	@$(call long,fuzz,1-40,tests/fuzz)

.PHONY: faults
faults: setup ## Kill everything at random and at every point (FRESH=1, SEEDS=7 as above)
	@$(call long,faults,1-10,tests/faults --ignore tests/faults/test_points.py --ignore tests/faults/test_year.py)
	@$(call long,points,1-40,tests/faults/test_points.py)
	@$(call long,years,1-500,tests/faults/test_year.py)

long = $(if $(FRESH),rm -f docs/figures/$(1).jsonl;) STAMKUNDE_SEEDS=$(or $(SEEDS),$(2)) \
	$(if $(SEEDS),,STAMKUNDE_FIGURES=docs/figures/$(1).jsonl) $(BIN)/pytest $(3) $(ARGS)

.PHONY: reliability
reliability: setup ## Write docs/reliability.md of what the long runs have counted
	@$(BIN)/python -m tests.reliability

.PHONY: check
check: setup ## Run all that must hold before a change is done; CI runs this
	@tools/step "Format" $(BIN)/ruff format --check .
	@tools/step "Lint" $(BIN)/ruff check .
	@tools/step "Types" $(BIN)/mypy
	@tools/step "Imports" $(BIN)/lint-imports
	@tools/step "Manifest" $(BIN)/stamkunde manifest check
	@STAMKUNDE_REQUIRE_ALL=1 tools/step "Tests; nothing may stay unrun" $(MAKE) test

.PHONY: format
format: setup ## Put the code in its usual form
	@$(BIN)/ruff check --fix-only --quiet .
	@$(BIN)/ruff format .

.PHONY: bench
bench: setup $(PEERS) ## Measure against the limits of the same machine
	@$(BIN)/python -m benchmarks

.PHONY: bench-quick
bench-quick: setup $(PEERS) ## The same in two minutes, with fewer rounds
	@$(BIN)/python -m benchmarks --quick

.PHONY: bench-lag
bench-lag: setup ## Measure how late a balance is, steadily and in a burst (ARGS=--quick)
	@$(BIN)/python -m benchmarks.lag $(ARGS)

.PHONY: bench-growth
bench-growth: setup ## Let shops grow to a million members (ARGS="--keep FOLDER" to measure them again)
	@$(BIN)/python -m benchmarks.growth $(ARGS)

.PHONY: bench-import
bench-import: setup ## Bring, compare, run and undo a million rows (ARGS="--rows 20000")
	@$(BIN)/python -m benchmarks.imports $(ARGS)

.PHONY: bench-volume
bench-volume: setup ## Recompute, export and rebuild 100,000 members (ARGS="--members 2000")
	@$(BIN)/python -m benchmarks.volume $(ARGS)

.PHONY: soak
soak: setup ## Send 50 orders a second for an hour and look at memory (ARGS="--seconds 120")
	@$(BIN)/python -m benchmarks.soak $(ARGS)

.PHONY: bench-page
bench-page: setup ## Measure what the widget costs a page, load by load in turns
	@$(BIN)/python -m benchmarks.storefront

.PHONY: pictures
pictures: setup ## Take the pictures in the README anew
	@$(BIN)/python -m tests.flows.picture

.PHONY: gallery
gallery: setup ## Photograph what shoppers and merchants see, in every state, into gallery/
	@$(BIN)/python -m tests.browser.gallery

.PHONY: coverage
coverage: setup ## Run the suite and show the lines it never reached
	@$(BIN)/coverage run -m pytest $(ARGS)
	@$(BIN)/coverage combine --quiet && $(BIN)/coverage report

.PHONY: audit
audit: setup ## Ask whether a locked version has a known hole
	@$(BIN)/pip-audit --disable-pip --require-hashes -r requirements.lock

.PHONY: lock
lock: ## Pin the newest versions that pyproject.toml allows (needs uv)
	@$(LOCK) --upgrade --extra build --output-file requirements.lock
	@$(LOCK) --upgrade --extra build --extra dev --constraint requirements.lock \
		--output-file requirements-dev.lock

.PHONY: messages
messages: setup ## Collect the texts, update the catalogs and compile them
	@$(BIN)/pybabel --quiet extract --mapping-file pyproject.toml --no-location --sort-output \
		--project Stamkunde --copyright-holder "the Stamkunde authors" \
		--output-file .venv/messages.pot .
	@for locale in $(LOCALES); do $(BIN)/pybabel --quiet update --init-missing --locale $$locale \
		--input-file .venv/messages.pot --output-dir app/translations \
		--no-fuzzy-matching --ignore-obsolete --ignore-pot-creation-date || exit; done
	@$(BIN)/pybabel --quiet compile --directory app/translations
	@touch $(MESSAGES)

.PHONY: clean
clean: ## Remove what setup and the tools made (never instance/)
	@rm -rf .venv build dist mutants .mypy_cache .pytest_cache .ruff_cache .hypothesis .coverage*

$(RUNTIME): requirements.lock pyproject.toml
	@tools/install requirements.lock
	@touch $@

$(DEVELOPMENT): $(RUNTIME) requirements-dev.lock
	@tools/install requirements-dev.lock
	@touch $@

$(MESSAGES): $(RUNTIME) $(CATALOGS)
	@$(if $(CATALOGS),$(BIN)/pybabel --quiet compile --directory app/translations)
	@touch $@

$(JUDGES): $(RUNTIME) tools/judges $(wildcard tests/contracts/node/package*.json)
	@tools/judges
	@touch $@

$(PEERS): $(RUNTIME) tools/peers $(wildcard benchmarks/peers/*)
	@tools/peers
	@touch $@
