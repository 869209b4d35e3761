# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Vectors on which the simulator deliberately differs from the bare models."""

from __future__ import annotations

_BEFORE_THE_MODELS = "CRUDService.create() "

# Vector -> how the message begins. The vectors were made with the models alone. In the whole server the method's own
# signature refuses a wrong number of parameters before any model sees them, as the recorded exchanges show.
REFUSED_EARLIER = {
    "cloudsync.credentials.create | no args": _BEFORE_THE_MODELS,
    "cloudsync.credentials.create | too many": _BEFORE_THE_MODELS,
}
