# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The pages that the listener shows. Pure; nothing in them is fetched from anywhere.

PRIVATE to the collection.
"""

from __future__ import annotations

from html import escape

from ansible_collections.nasops.cloudsync.plugins.module_utils._google.problems import Problem

_FRAME = """<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>{title}</title>
<style>
:root {{ --back: #f3f5f8; --card: #fff; --text: #1d2530; --soft: #556070; --line: #dfe4ea;
         --good: #1a7f4b; --bad: #b3372f; --note: #3b66b0; }}
@media (prefers-color-scheme: dark) {{
  :root {{ --back: #14181e; --card: #1e242d; --text: #e8ecf1; --soft: #a3aebb; --line: #323b47;
           --good: #4cc38a; --bad: #f0857c; --note: #8fb4f5; }}
}}
* {{ box-sizing: border-box; }}
body {{ margin: 0; min-height: 100vh; display: grid; place-items: center; padding: 1.5rem;
        background: var(--back); color: var(--text); font: 1.0625rem/1.55 system-ui, sans-serif; }}
main {{ width: 100%; max-width: 34rem; padding: 2.25rem 2.5rem; border: 1px solid var(--line); border-radius: 1rem;
        background: var(--card); }}
svg {{ display: block; width: 3rem; height: 3rem; margin-bottom: 1.25rem; color: var(--{tone}); }}
h1 {{ margin: 0 0 .75rem; font-size: 1.5rem; line-height: 1.25; }}
p {{ margin: 0 0 .75rem; overflow-wrap: anywhere; }}
p:last-child {{ margin-bottom: 0; color: var(--soft); }}
a {{ color: var(--note); }}
</style>
</head>
<body>
<main>
<svg viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round"
 stroke-linejoin="round" aria-hidden="true"><circle cx="12" cy="12" r="10"/><path d="{mark}"/></svg>
<h1>{title}</h1>
{body}
</main>
</body>
</html>
"""
_TICK = "M7.5 12.5l3 3 6-6.5"
_CROSS = "M8.5 8.5l7 7M15.5 8.5l-7 7"
_DOT = "M12 7v6M12 16.5v.01"
_CLOSE = "You may close this tab and go back to Ansible."


def done(problem: Problem | None = None) -> str:
    """Google granted everything that was asked for; `problem` tells why it will not last."""
    return _page("good", _TICK, "Google Photos is connected", "The token has arrived.", problem or "", _CLOSE)


def failed(problem: Problem) -> str:
    """Somebody chose Cancel, left a box unticked, or the exchange failed."""
    return _page("bad", _CROSS, "No token this time", problem, _CLOSE)


def interrupted() -> str:
    """Ansible stopped waiting before it was through."""
    return _page(
        "bad", _CROSS, "Ansible has stopped waiting", "It ended before it could make a token. Start it again.", _CLOSE
    )


def second_answer() -> str:
    """The right answer came in before."""
    return _page(
        "note", _DOT, "Ansible already has the answer", "The tab that brought it shows what came of it.", _CLOSE
    )


def other_attempt() -> str:
    """The state is not the one that is waited for."""
    return _page(
        "note",
        _DOT,
        "This answer belongs to another attempt",
        "Ansible still waits for the answer to the address that it showed last.",
        "Open that address to go on. This tab may be closed.",
    )


def not_found() -> str:
    """A stray request."""
    return _page("note", _DOT, "Nothing here", "This address only waits for the answer of Google's consent page.", "")


def _page(tone: str, mark: str, title: str, *paragraphs: str | Problem) -> str:
    body = "\n".join(f"<p>{_html(paragraph)}</p>" for paragraph in paragraphs if paragraph)
    return _FRAME.format(tone=tone, mark=mark, title=escape(title), body=body)


def _html(paragraph: str | Problem) -> str:
    if isinstance(paragraph, str):
        return escape(paragraph)
    text = escape(paragraph.message)
    if paragraph.link is None:
        return f"{text}."
    link = escape(paragraph.link)
    return f'{text}: <a href="{link}" rel="noreferrer">{link}</a>'
