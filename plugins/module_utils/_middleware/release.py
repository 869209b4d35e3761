# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which TrueNAS release speaks, and the one table of what each release has beyond its cloud sync providers.

PRIVATE to the collection. Ask by name (`release.has("scram")`) instead of comparing versions.
"""

from __future__ import annotations

import dataclasses
import functools
import re
from collections.abc import Iterable

from ansible_collections.nasops.cloudsync.plugins.module_utils._middleware.errors import ProtocolError

# feature: (first release that has it, first release that no longer has it)
_FEATURES: dict[str, tuple[str | None, str | None]] = {
    "flat_provider": ("25.04", None),  # credential: provider {type, ...} instead of provider + attributes
    "owners_by_name": ("25.04", None),  # filesystem.setperm and filesystem.chown take the names of accounts
    "scram": ("26.0", None),  # API keys by SCRAM-SHA-512
    "rest_item_methods": (None, "25.10"),  # REST has the number of a record in the path of more methods
    "rest_old_parameters": (None, "25.04"),  # REST has other names for the parameters of some methods
}

_VERSION = re.compile(r"(?<![\d.])(\d{2})\.(\d{1,2})((?:\.\d+)*)")


@functools.total_ordering
@dataclasses.dataclass(frozen=True, eq=False)
class Release:
    """A TrueNAS release, ordered by its numbers: `25.10` == `25.10.0` < `25.10.2.1` < `26.0`."""

    numbers: tuple[int, ...]
    series: str  # "25.10", "26.0": as the releases are spoken of

    @classmethod
    @functools.lru_cache(maxsize=64)
    def parse(cls, text: str) -> Release:
        """From `system.version` (`TrueNAS-25.10.2`, `TrueNAS-SCALE-24.10.2`), `v25.10.2` or plain numbers.

        Raises:
            ProtocolError: no release can be read from the text.
        """
        match = _VERSION.search(text)
        if not match:
            raise ProtocolError(f"Cannot read a TrueNAS release from {text[:80]!r}.")
        year, month, rest = match.groups()
        numbers = [int(part) for part in (year, month, *rest.split(".")[1:])]
        while len(numbers) > 2 and numbers[-1] == 0:
            numbers.pop()
        return cls(tuple(numbers), f"{year}.{month}")

    def has(self, feature: str) -> bool:
        """Whether this release has the feature. Raises KeyError for a feature that the table does not know."""
        since, until = _FEATURES[feature]
        return (since is None or self >= Release.parse(since)) and (until is None or self < Release.parse(until))

    def nearest(self, known: Iterable[str]) -> str:
        """The newest of the known releases that is not newer than this one, else the oldest known."""
        ordered = sorted(known, key=Release.parse)
        return next((text for text in reversed(ordered) if Release.parse(text) <= self), ordered[0])

    def __str__(self) -> str:
        return self.series

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Release) and self.numbers == other.numbers

    def __hash__(self) -> int:
        return hash(self.numbers)

    def __lt__(self, other: Release) -> bool:
        return self.numbers < other.numbers
