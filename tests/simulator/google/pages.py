# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The consent page's HTML: plain forms that need no script, in light and dark."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

_LAYOUT = """<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<style>
:root {{ color-scheme: light dark; }}
body {{ font: 1rem/1.5 system-ui, sans-serif; max-width: 28rem; margin: 10vh auto; padding: 0 1rem; }}
main {{ border: 1px solid color-mix(in srgb, currentColor 25%, transparent); border-radius: 1rem; padding: 2rem; }}
h1 {{ font-size: 1.4rem; font-weight: 500; margin: 0 0 .5rem; }}
button {{ font: inherit; padding: .5rem 1.25rem; border-radius: 2rem; border: 1px solid; cursor: pointer; }}
button.account {{ display: block; width: 100%; margin: .5rem 0; text-align: left; border-radius: .75rem; }}
label {{ display: flex; gap: .75rem; margin: .75rem 0; align-items: baseline; }}
footer {{ opacity: .7; font-size: .85rem; margin-top: 1rem; }}
details {{ margin-bottom: 1rem; }}
.actions {{ display: flex; justify-content: space-between; margin-top: 1.5rem; }}
</style>
</head>
<body>
<main>
<h1>{title}</h1>
{content}
</main>
<footer>This is a simulated Google, for tests and demonstrations.</footer>
</body>
</html>
"""
_SELECT_ALL = """<script>
const all = document.querySelector("[name=select_all]");
const boxes = [...document.querySelectorAll("[name=scope]")];
all.addEventListener("change", () => boxes.forEach(box => box.checked = all.checked));
boxes.forEach(box => box.addEventListener("change", () => all.checked = boxes.every(box => box.checked)));
</script>"""


def choose_account(flow: str, app: str, accounts: Iterable[tuple[str, str]]) -> str:
    """Accounts are pairs of address and name."""
    buttons = "".join(
        f'<button class="account" name="account" value="{escape(email)}">{escape(name)}<br>{escape(email)}</button>\n'
        for email, name in accounts
    )
    return _page("Choose an account", f"<p>to continue to {escape(app)}</p>{_form('account', flow, buttons)}")


def warn_unverified(flow: str, app: str) -> str:
    content = (
        "<p>The app is requesting access to sensitive info in your Google Account. Until the developer verifies this "
        "app with Google, you shouldn't use it.</p>"
        f"<details><summary>Advanced</summary><p>Continue only if you trust the developer.</p>"
        f"{_form('warning', flow, _button('continue', f'Go to {app} (unsafe)'))}</details>"
        f"{_form('consent', flow, _button('cancel', 'Back to safety'))}"
    )
    return _page("Google hasn't verified this app", content)


def ask_consent(flow: str, app: str, email: str, scopes: Iterable[tuple[str, str]]) -> str:
    """Scopes are pairs of name and description; none is ticked at first."""
    boxes = "".join(
        f'<label><input type="checkbox" name="scope" value="{escape(name)}"> {escape(text)}</label>\n'
        for name, text in scopes
    )
    if boxes:
        boxes = f'<label><input type="checkbox" name="select_all" value="yes"> Select all</label>\n{boxes}'
    actions = f'<div class="actions">{_button("cancel", "Cancel")}{_button("continue", "Continue")}</div>'
    content = (
        f"<p>{escape(email)}</p><p>Select what {escape(app)} can access</p>{_form('consent', flow, boxes + actions)}"
    )
    return _page(f"{app} wants access to your Google Account", content + (_SELECT_ALL if boxes else ""))


def show_error(status: int, error: str, description: str) -> str:
    return _page("Access blocked", f'<p>{escape(description)}</p><p id="error">Error {status}: {escape(error)}</p>')


def _page(title: str, content: str) -> str:
    return _LAYOUT.format(title=escape(title), content=content)


def _form(step: str, flow: str, fields: str) -> str:
    return (
        f'<form method="post" action="/signin/{step}"><input type="hidden" name="flow" value="{flow}">\n{fields}</form>'
    )


def _button(decision: str, text: str) -> str:
    return f'<button name="decision" value="{decision}">{escape(text)}</button>'
