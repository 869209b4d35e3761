# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A simulated Google: OAuth, consent page, Photos Library API and console APIs behind a CONNECT proxy."""

from __future__ import annotations

from simulator.google.simulator import GoogleSimulator

__all__ = ["GoogleSimulator"]
