# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Google Takeout exports of Google Photos, made up from a seed, with the truth beside them."""

from __future__ import annotations

from simulator.google.takeout.damage import DAMAGES, Damage, damage
from simulator.google.takeout.export import generate
from simulator.google.takeout.languages import LANGUAGES
from simulator.google.takeout.truth import Truth, TruthItem

__all__ = ["DAMAGES", "LANGUAGES", "Damage", "Truth", "TruthItem", "damage", "generate"]
