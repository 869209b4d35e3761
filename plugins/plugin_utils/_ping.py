# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What to ask a monitoring service that expects to be called. PRIVATE to the collection. Pure.

The address is a secret: whoever knows it can report success. No message here holds a part of it.
"""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from urllib.parse import SplitResult, parse_qsl, urlencode, urlsplit

from ansible_collections.nasops.cloudsync.plugins.module_utils._cloudsync.errors import OptionError
from ansible_collections.nasops.cloudsync.plugins.module_utils._printable import one_line, printable

START, SUCCESS, FAIL = "start", "success", "fail"
SIGNALS = (START, SUCCESS, FAIL)
AUTO, HEALTHCHECKS, UPTIME_KUMA = "auto", "healthchecks", "uptime_kuma"
STYLES = (AUTO, HEALTHCHECKS, UPTIME_KUMA)

_KUMA_PATH = "/api/push/"
_KUMA_OWN = ("status", "msg", "ping")
_LONGEST_BODY = 10_000
_LONGEST_LINE = 250
"""Of a text that becomes a part of an address."""


@dataclass(frozen=True)
class Ping:
    """One request."""

    url: str
    body: bytes | None = None
    direct: bool = False
    """Whether it stays on this machine, so that no proxy is asked."""

    @property
    def method(self) -> str:
        return "GET" if self.body is None else "POST"


def ping(url: str, signal: str, text: str = "", style: str = AUTO) -> Ping | None:
    """The request for a signal; `None` for a service that has none for a start.

    Raises:
        OptionError: The address cannot be used.
    """
    address = _address(url)
    direct = _is_loopback(address.hostname or "")
    if style == UPTIME_KUMA or (style == AUTO and _KUMA_PATH in address.path):
        if signal == START:
            return None
        kept = [pair for pair in parse_qsl(address.query, keep_blank_values=True) if pair[0] not in _KUMA_OWN]
        told = one_line(text)[:_LONGEST_LINE] or ("OK" if signal == SUCCESS else "failed")
        query = urlencode([*kept, ("status", "up" if signal == SUCCESS else "down"), ("msg", _encodable(told))])
        return Ping(address._replace(query=query).geturl(), None, direct)
    path = address.path.rstrip("/") + ("" if signal == SUCCESS else f"/{signal}")
    body = _encodable(printable(text)).encode()[:_LONGEST_BODY]
    return Ping(address._replace(path=path).geturl(), body, direct)


def _encodable(text: str) -> str:
    return text.encode(errors="replace").decode()


def _address(url: str) -> SplitResult:
    try:
        address = urlsplit(url)
        dummy = address.port
    except ValueError:
        address = SplitResult("", "", "", "", "")
    if not address.hostname or not url.isascii() or not url.isprintable() or " " in url:
        raise OptionError("url: This is not an address. Copy it from the monitoring service, for example https://...")
    if address.username is not None or address.fragment:
        raise OptionError(
            "url: An address with a user name or a # is not accepted. Copy it from the monitoring service."
        )
    if address.scheme != "https" and not (address.scheme == "http" and _is_loopback(address.hostname)):
        raise OptionError(
            "url: Only https is accepted, and http to this machine itself. With http, others could read the address on "
            "its way, and report success with it."
        )
    return address


def _is_loopback(host: str) -> bool:
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
