# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

PYTHON ?= python3
BIN := .venv/bin

# The checkout as ansible_collections.nasops.cloudsync, for everything that finds collections by path.
COLLECTIONS := .cache/collections
export ANSIBLE_COLLECTIONS_PATH := $(CURDIR)/$(COLLECTIONS)
export PATH := $(CURDIR)/$(BIN):$(PATH)

.PHONY: venv simulator unit clean

venv: .venv/test.stamp

$(COLLECTIONS)/ansible_collections/nasops/cloudsync:
	mkdir -p $(@D)
	ln -s ../../../.. $@

$(BIN)/uv:
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet uv

.venv/demo.stamp .venv/test.stamp: .venv/%.stamp: requirements-%.txt requirements.txt tests/simulator/requirements.txt requirements-demo.txt | $(BIN)/uv $(COLLECTIONS)/ansible_collections/nasops/cloudsync
	$(BIN)/uv pip install --quiet --python $(BIN)/python --compile-bytecode -r $<
	touch $@

simulator: .venv/demo.stamp
	@exec $(BIN)/python tests/simulator $(ARGS)

unit: .venv/test.stamp
	$(BIN)/pytest

clean:
	rm -rf .venv .nox .cache .pytest_cache .ruff_cache .mypy_cache .hypothesis docs/build tests/output
