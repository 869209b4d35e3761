# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""HTTP answers that may not be of any length. PRIVATE to the collection."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

try:
    from requests import RequestException
    from requests.adapters import HTTPAdapter
except ImportError:  # oauth.GOOGLE_IMPORT_ERROR tells
    RequestException = Exception  # type: ignore[assignment, misc]
    HTTPAdapter = object  # type: ignore[assignment, misc]

LIMIT = 1 << 18
"""Bytes; Google's answers to what is asked here have some hundreds."""


class TooLong(RequestException):
    """An answer was longer than `LIMIT`."""


class BoundedAdapter(HTTPAdapter):
    """Breaks off reading an answer's body at `LIMIT`, with `TooLong`."""

    def send(self, *args: Any, **kwargs: Any) -> Any:
        """As the adapter of requests does."""
        response = super().send(*args, **kwargs)
        response.raw = _BoundedBody(response.raw)
        return response


class _BoundedBody:
    def __init__(self, raw: Any) -> None:
        self._raw = raw

    def __getattr__(self, name: str) -> Any:
        return getattr(self._raw, name)

    def stream(self, size: int, decode_content: bool | None = None) -> Iterator[bytes]:
        """What requests reads a body by."""
        read = 0
        for chunk in self._raw.stream(size, decode_content=decode_content):
            read += len(chunk)
            if read > LIMIT:
                self._raw.close()
                raise TooLong(f"the answer is longer than {LIMIT} bytes")
            yield chunk
