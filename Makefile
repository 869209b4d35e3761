# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Nothing that a person has set for Ansible, or for another NAS, decides what a target does here.
$(foreach name,$(filter ANSIBLE_% TRUENAS_% MOLECULE_%,$(.VARIABLES)),$(eval unexport $(name)))

PYTHON ?= python3
BIN := .venv/bin

# The checkout as ansible_collections.nasops.cloudsync, for everything that finds collections by path.
COLLECTION := .cache/collections/ansible_collections/nasops/cloudsync
export ANSIBLE_COLLECTIONS_PATH := $(CURDIR)/.cache/collections
export PATH := $(CURDIR)/$(BIN):$(PATH)

# The sessions of noxfile.py, the longest first. `make test` runs as many at a time as there are processors, shows each
# when it has ended, and at the end how long each took.
GATES := integration-newest unit-oldest safety unit-newest sanity integration-oldest guides lint simulator-tests molecule \
	browser eda monitoring package docs
TIMES := .cache/gate-times

.PHONY: demo test fuzz format unit integration release sanity-between bench figures pictures simulator venv clean $(GATES)

# Run sessions of nox, and note how long they took and whether they passed.
define gate
@began=$$(date +%s); $(BIN)/nox --session $(1); status=$$?; \
	mkdir -p $(TIMES) && echo "$$(( $$(date +%s) - began )) $$status" >$(TIMES)/$@; exit $$status
endef

demo: .venv/demo.stamp
	$(BIN)/python tests/demo

test: .venv/test.stamp
	@rm -rf $(TIMES) && mkdir -p $(TIMES)
	@$(MAKE) --no-print-directory --jobs=$(shell nproc || echo 2) --keep-going --output-sync=target $(GATES); \
		status=$$?; $(BIN)/python tests/tools/gate_times.py $(TIMES) && exit $$status

lint: .venv/test.stamp
	$(call gate,code lint license-check extra-checks ansible-lint docs-check galaxy-importer)

format: .venv/test.stamp
	$(BIN)/ruff format && $(BIN)/ruff check --fix

unit: .venv/unit.stamp
	$(BIN)/pytest tests/unit -m "not slow" $(ARGS)

integration release sanity-between $(filter-out lint,$(GATES)): .venv/test.stamp
	$(call gate,$@ -- $(ARGS))

fuzz: .venv/test.stamp
	HYPOTHESIS_PROFILE=thorough $(BIN)/pytest tests/safety/test_fuzz.py tests/safety/test_laws.py $(ARGS)

bench: .venv/test.stamp
	$(BIN)/python tests/bench $(ARGS)

figures: .venv/test.stamp
	$(BIN)/python tests/tools/code_figures.py

pictures: .venv/test.stamp
	$(BIN)/python tests/tools/pictures.py

simulator: .venv/demo.stamp
	@exec $(BIN)/python tests/simulator $(ARGS)

venv: .venv/test.stamp

.venv/demo.stamp .venv/unit.stamp .venv/test.stamp: .venv/%.stamp: requirements-%.txt requirements.txt requirements-demo.txt \
		requirements-lint.txt tests/simulator/requirements.txt | $(BIN)/uv $(COLLECTION)
	$(BIN)/uv pip install --quiet --python $(BIN)/python --compile-bytecode --requirement $<
	touch $@

$(BIN)/uv:
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet uv

$(COLLECTION):
	mkdir -p $(@D)
	ln -s ../../../.. $@

clean:
	rm -rf .venv .nox .cache .ansible .pytest_cache .ruff_cache .mypy_cache .hypothesis docs/build tests/output
