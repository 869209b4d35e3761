# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Walks through the consent page as a person would, without a browser: from the app's link to the app's listener.

python -m simulator.google.visitor URL --proxy http://127.0.0.1:PORT --ca-path CA.pem
"""

from __future__ import annotations

import argparse
import ssl
import sys
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

MAX_STEPS = 12
TIMEOUT = 30.0


class Blocked(Exception):
    """The consent page shows an error that the app never learns of; the text is the page's `Error 403: ...`."""


@dataclass(frozen=True)
class Visit:
    """Where the browser ended."""

    address: str
    """The app's redirect address, with the answer."""
    page: str | None
    """What the app's listener showed; None when it was not asked, or went away without an answer."""

    @property
    def answer(self) -> dict[str, str]:
        """`code`, `state`, `scope`, or `error`."""
        return dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(self.address).query))


@dataclass
class _Form:
    action: str
    fields: list[tuple[str, str]] = field(default_factory=list)
    boxes: list[str] = field(default_factory=list)
    buttons: list[tuple[str, str]] = field(default_factory=list)


class Visitor:
    """A person with a browser that uses the simulator's proxy (for HTTPS only) and trusts its authority."""

    def __init__(self, proxy: str, ca_path: str | Path) -> None:
        self._opener = urllib.request.build_opener(
            urllib.request.ProxyHandler({"https": proxy}),
            urllib.request.HTTPSHandler(context=ssl.create_default_context(cafile=str(ca_path))),
            _StayHere(),
        )

    def visit(
        self,
        url: str,
        *,
        account: str | None = None,
        untick: Collection[str] = (),
        cancel: bool = False,
        deliver: bool = True,
    ) -> Visit:
        """Open an app's link and answer what the pages ask.

        `account` is an address (default: the first one offered), `untick` holds ends of scopes not to grant, `cancel`
        refuses, and without `deliver` the app's listener is left alone, as when a person copies the address.
        Raises `Blocked`, and `urllib.error.URLError` when a host or the listener cannot be reached.
        """
        data: bytes | None = None
        for dummy in range(MAX_STEPS):
            if "code=" in url or "error=" in url:
                return Visit(url, self._deliver(url) if deliver else None)
            location, page = self._open(url, data)
            if location:
                url, data = urllib.parse.urljoin(url, location), None
                continue
            forms = _Page(page)
            if forms.error:
                raise Blocked(forms.error)
            form, answers = _fill(forms.forms, account, untick, cancel)
            url, data = urllib.parse.urljoin(url, form.action), urllib.parse.urlencode(answers).encode()
        raise Blocked("the pages lead in circles")

    def _deliver(self, url: str) -> str | None:
        try:
            return self._open(url)[1]
        except ConnectionResetError:  # a listener may end as soon as it has what it wants
            return None

    def _open(self, url: str, data: bytes | None = None) -> tuple[str | None, str]:
        """Where the answer sends the browser, if anywhere, and the page."""
        try:
            response: Any = self._opener.open(url, data, timeout=TIMEOUT)
        except urllib.error.HTTPError as error:
            response = error
        with response:
            return response.headers.get("Location"), response.read().decode()


class _StayHere(urllib.request.HTTPRedirectHandler):
    """Lets the visitor see each redirect."""

    def redirect_request(self, *args: Any, **kwargs: Any) -> None:
        return None


class _Page(HTMLParser):
    """The forms of a page, and the error it shows."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.forms: list[_Form] = []
        self.error = ""
        self._in_error = False
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given: Mapping[str, str] = {name: value or "" for name, value in attrs}
        self._in_error = given.get("id") == "error"
        if tag == "form":
            self.forms.append(_Form(given["action"]))
        elif tag == "input" and given.get("type") == "checkbox":
            if given["name"] == "scope":
                self.forms[-1].boxes.append(given["value"])
        elif tag == "input":
            self.forms[-1].fields.append((given["name"], given["value"]))
        elif tag == "button":
            self.forms[-1].buttons.append((given["name"], given["value"]))

    def handle_data(self, data: str) -> None:
        if self._in_error:
            self.error += data
            self._in_error = False


def _fill(
    forms: list[_Form], account: str | None, untick: Collection[str], cancel: bool
) -> tuple[_Form, list[tuple[str, str]]]:
    """Choose the form and button for what the person wants."""
    for form in forms:
        for name, value in form.buttons:
            if (name == "account" and account in (None, value)) or value == ("cancel" if cancel else "continue"):
                ticked = [("scope", scope) for scope in form.boxes if not scope.endswith(tuple(untick))]
                return form, [*form.fields, *ticked, (name, value)]
    raise Blocked("the page offers nothing of what is wanted")


def main() -> int:
    parser = argparse.ArgumentParser(description="Approve an app at the simulated Google's consent page.")
    parser.add_argument("url", help="the link that the app shows")
    parser.add_argument("--proxy", required=True)
    parser.add_argument("--ca-path", required=True)
    parser.add_argument("--account", help="address of the account; default: the first one")
    parser.add_argument("--untick", action="append", default=[], help="end of a scope not to grant")
    parser.add_argument("--cancel", action="store_true", help="refuse")
    parser.add_argument("--no-deliver", action="store_true", help="only print the address that the browser ends on")
    args = parser.parse_args()
    try:
        visit = Visitor(args.proxy, args.ca_path).visit(
            args.url, account=args.account, untick=args.untick, cancel=args.cancel, deliver=not args.no_deliver
        )
    except (Blocked, urllib.error.URLError) as error:
        print(error, file=sys.stderr)
        return 1
    if args.no_deliver:
        print(visit.address)
    return 0


if __name__ == "__main__":
    sys.exit(main())
