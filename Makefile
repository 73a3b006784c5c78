# Parapet: `make` lists the targets. Needs Python 3.11 or later, git and the package registries; no Docker, no Node, no JDK
# (the targets `services`, `faults`, `bench` and the services' tests want a JDK of 21 or later and Maven).

PYTHON ?= $(shell for one in python3.11 python3.12 python3.13 python3.14 python3; do \
	"$$one" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo "$$one" && break; done)
BIN := .venv/bin
DEMO_HOME ?= build/demo
SHARED ?= ../shared
PYTEST_ARGS ?=

.DEFAULT_GOAL := help
.PHONY: help setup run test lint check fmt evaluate figures docs services faults bench clean

help: ## list these targets
	@echo "Parapet: make <target>"
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  \1|\2/p' $(MAKEFILE_LIST) | awk -F'|' '{ printf "%-12s %s\n", $$1, $$2 }'

setup: .venv/.setup ## build .venv with everything that development and tests need

run: .venv/.run ## run the pipeline and the console here, and feed them a day of the example borough
	$(BIN)/parapet run --demo --home $(DEMO_HOME)

test: .venv/.setup ## run all tests (PYTEST_ARGS="-k rules" narrows them)
	$(BIN)/pytest $(PYTEST_ARGS)

lint: .venv/.setup ## ruff, mypy and the import contracts
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

check: lint ## lint, and the guards of the docs
	$(BIN)/pytest tests/docs

fmt: .venv/.setup ## format the code and mend what ruff can
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

docs: .venv/.setup ## write the pages of docs/ that are made from the code
	$(BIN)/python -m infra.pages

evaluate: .venv/.setup build/second_set.jsonl ## score the rules on the labelled examples, with names swapped, and on the second set
	$(BIN)/parapet evaluate
	$(BIN)/parapet evaluate --once --labelled build/second_set.jsonl --registers build/second_set_registers

figures: .venv/.setup build/second_set.jsonl ## measure the figures of docs/guidance.md anew, and write the page
	$(BIN)/parapet evaluate --json --labelled build/second_set.jsonl --registers build/second_set_registers \
		> build/second_set.json
	mv build/second_set.json infra/figures/second_set.json
	test ! -d ../shared || { $(BIN)/parapet evaluate --json > build/examples.json && mv build/examples.json infra/figures/; }
	$(BIN)/python -m infra.pages

build/second_set.jsonl: tests/second_set.py tests/second_set_events.py tests/second_set_labels.py \
		$(wildcard tests/data/second_set/*.toml) $(wildcard tests/data/second_set/registers/*.json)
	mkdir -p build
	$(BIN)/python -m tests.second_set $@ build/second_set_registers

services: .venv/.setup ## start a real Kafka and a real Elasticsearch here, without Docker
	$(BIN)/python -m infra.engines

faults: .venv/.setup ## kill workers in the middle of 10,000 events, twenty times, stop Elasticsearch under a threat, screen 100,000 hostile texts
	$(BIN)/pytest tests/faults --rounds 20 --events 10000 --texts 100000 --timeout 1800 $(PYTEST_ARGS)

bench: .venv/.setup ## measure, print a table and write build/bench.json
	$(BIN)/python -m bench

clean: ## remove .venv and build, with the demo's data
	rm -rf .venv build .mypy_cache .ruff_cache .pytest_cache .import_linter_cache *.egg-info

# Two stamps, so that `make run` on a fresh machine installs no more than the embedded runtime and the front-end build.
.venv/bin/python:
	@test -n "$(PYTHON)" || { echo "Parapet needs Python 3.11 or later, and none is on the PATH: install one," \
		"or say where it is: make PYTHON=/path/to/python3.11 $(MAKECMDGOALS)" >&2; exit 1; }
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --upgrade 'pip>=25.1'

.venv/.run: pyproject.toml .venv/bin/python
	@echo "Installing the embedded runtime into .venv"
	$(BIN)/python -m pip install -qq --editable . --group frontend
	$(BIN)/python -m dashboards.console.build
	@touch $@

.venv/.setup: pyproject.toml .venv/bin/python
	@echo "Installing everything that development and tests need into .venv"
	$(BIN)/python -m pip install -qq --editable '.[services,documents,images]' --group dev
	$(BIN)/python -m dashboards.console.build
	@touch $@ .venv/.run
