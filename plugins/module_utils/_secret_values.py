# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Refuse what stands in the place of a secret and is not the secret that was meant. PRIVATE to the collection. Pure.

Stored, it would replace the real one, and nobody types it a second time: files that are encrypted with it cannot be
read again. Messages never repeat the value.
"""

from __future__ import annotations

import datetime
import json
import re
import unicodedata
from collections.abc import Iterator, Mapping
from typing import Any

from ansible_collections.nasops.cloudsync.plugins.module_utils._cloudsync import names

Spec = Mapping[str, Mapping[str, Any]]

_WORDS = (
    r"(?:value[ _-])?(?:redacted|hidden|masked|censored|filtered|suppressed|removed|omitted|obfuscated|encrypted"
    r"|protected|sensitive(?:[ _-](?:value|data))?|secret|password|no[ _-]log|not shown(?:; new value)?|vaulted?)"
)
_MASKED = re.compile(
    # asterisks, bullets, and the like; Google's console shows the last letters behind them
    r"[*\u2022\u2219\u00b7\u2b24\u25cf\u25e6\u25cb\u2981\u25aa\u25a0\u2588\u2026]{3,}"
    r"|(?:\*{4,}|[\u2022\u25cf]{3,}).+|.+(?:\*{4,}|[\u2022\u25cf]{3,})"
    r"|[xX]{6,}"
    r"|\W*VALUE_SPECIFIED_IN_NO_LOG_PARAMETER\W*"
    rf"|(?:[<(\[{{*_]+|--+\s*){_WORDS}(?:[>)\]}}*_]+|\s*--+)"
    r"|<your[ _-][\w -]+>"
    r"|redacted"
    r"|.*the output has been hidden due to the fact that.*",
    re.IGNORECASE | re.DOTALL,
)
_ENCRYPTED = re.compile(
    r".*\$ANSIBLE_VAULT;[0-9]|\$ANSIBLE_VAULT;|!vault\b|ENC\[(?:[A-Z0-9_]+,data:|PKCS7,|GPG,)"
    r"|-----BEGIN (?:PGP|AGE) |AnsibleVaultEncryptedUnicode\(|EncryptedString\(",
    re.DOTALL,
)
_REFERENCE = re.compile(r"op://\S+|ref\+[a-z0-9]+://\S+|arn:aws:(?:secretsmanager|ssm):\S+|vault:v[0-9]+:\S+")
_TEMPLATE = re.compile(r"\{\{.*\}\}|\{%.*%\}", re.DOTALL)
_NOTHING = re.compile(r"None|null|undefined|Undefined|AnsibleUndefined|<<Omit>>")
_OMITTED = re.compile(r".*__omit_place_holder__.*", re.DOTALL)


def not_the_secret(value: str) -> str | None:
    """Say what a text is instead of a secret and what to do, or return `None`. Only blanks at its ends are let pass."""
    text = value.strip()
    if _OMITTED.fullmatch(text):
        return "holds the mark that Ansible's omit leaves in a text. Use omit as the whole value, or not at all"
    if _MASKED.fullmatch(text):
        return (
            "is what is shown in the place of a secret, and not the secret. Give the secret itself, or leave the "
            "option out"
        )
    if _ENCRYPTED.match(text):
        return (
            "is still encrypted. For Ansible to decrypt it, write !vault | before it and the vault's text below, "
            "indented, or read the file with vars_files"
        )
    if _REFERENCE.fullmatch(text):
        return "is what a secret store calls or makes of the secret. Give the secret itself, for example by a lookup"
    if _TEMPLATE.fullmatch(text):
        return "is a template that was not rendered. Give the secret itself, or a variable that holds it"
    return None


def problem(value: object) -> str | None:
    """Say why a value cannot be a secret that is one text, or return `None`."""
    if isinstance(value, (bool, int, float)):
        return "was read as a number, or as true or false, so it may have lost what was written. Put it in quotes"
    if isinstance(value, datetime.date):
        return "was read as a date, so it may have lost what was written. Put it in quotes"
    if not isinstance(value, str):
        return None
    if told := not_the_secret(value):
        return told
    if _NOTHING.fullmatch(value.strip()):
        return "is the word that a template makes of a variable without a value. Give the variable a value"
    if value.rstrip("\r\n") != value:
        return (
            "ends with a line end, as echo, a file or a block of YAML adds one. Give it without, for example by the "
            "filter trim, or encrypt it with echo -n"
        )
    if value.strip() != value:
        return "begins or ends with a blank. Give it without"
    if any(unicodedata.category(char) == "Cc" and char != "\t" for char in value):
        return "holds a line end or another control character, so it can never be typed again. Give it in a single line"
    if unseen := names.invisible(value):
        return f"{unseen}, so it can never be typed again. Type it anew, or save its file as UTF-8 without BOM"
    return None


def problems(values: Mapping[str, Any], spec: Spec, prefix: str = "") -> Iterator[str]:
    """Yield what is wrong with the secrets among options, a sentence or two each.

    Args:
        values: The options.
        spec: As for `AnsibleModule`: those with `no_log` are secrets.
    """
    for name, argument in spec.items():
        for spelling in (name, *argument.get("aliases", ())):
            value = values.get(spelling)
            if value is None:
                continue
            path = f"{prefix}{spelling}"
            if "options" in argument and isinstance(value, Mapping):
                yield from problems(value, argument["options"], f"{path}.")
            elif told := reason(value, argument):
                yield f"{path}: {told}."


def reason(value: Any, argument: Mapping[str, Any]) -> str | None:
    """Say why a value cannot be that of an option, if the option is a secret; else return `None`."""
    if not argument.get("no_log"):
        return None
    told = problem(value) if argument.get("type", "str") == "str" else _problem_within(value)
    return f"the value {told}" if told else None


def _problem_within(value: Any) -> str | None:
    """The same for a secret that has a form of its own, as tokens and key files have."""
    if isinstance(value, str):
        if told := not_the_secret(value):
            return told
        if not value.lstrip().startswith("{"):
            return None
        try:
            value = json.loads(value)
        except (ValueError, RecursionError):  # told where it is read
            return None
    if isinstance(value, Mapping):
        return next((told for one in value.values() if (told := _problem_within(one))), None)
    return None
