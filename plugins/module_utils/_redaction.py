# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Keep secrets out of whatever leaves the collection: every pattern and placeholder, and why.

PRIVATE to the collection. Pure. A secret is known by its value, when it was an option or a part of one; by its name, in
what a NAS answers; or by what stands around it in a text. Each of the three has a section below. What must not be shown
of the fields of a cloud provider is said in the provider table alone.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any

from ansible_collections.nasops.cloudsync.plugins.module_utils._quoted import Needle, needles

# --- Placeholders ---

HIDDEN = "********"
"""What the middleware, Ansible and we write in place of a secret. (For a whole value, Ansible says so in words.)"""

SHOWN_SECRET = "(not shown)"
"""A secret member of a record in differences: it is there."""

SHOWN_NEW_SECRET = "(not shown; new value)"
"""A secret member that is written, so that the difference is not empty."""

# Ansible hides even a letter, if that is the password. More would be lost than hidden by doing so in every text.
_SHORTEST = 4

# --- Known by their names ---

# In camelCase a capital letter begins a word.
_HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")

# The last word of a name tells what it is: `api_key` is a key, `api_key_id` and `password_age` are none. TrueNAS runs
# words together (`monpwd`, `bindpw`, `peersecret`, `v3_privpassphrase`), so that the end of the last word counts.
_SECRET_NAME = re.compile(
    r"(?:"
    r"(?:password|passwd|passphrase|passcode|secret|token|_credential)s?|pwd|pw|salt|otp|psk|jwt|bearer|cookie"
    r"|(?:^|_)(?:pass|pin|private|authorization|authenticator|sas|seed|mnemonic|pem|pfx|keytab|keystore)"
    r"|(?<!by)(?<!com)(?<!sur)(?<!under)(?<!over)(?<!^)(?<!_)pass"
    r"|(?<!pub)(?<!public)(?<!public_)(?<!pub_)(?<!primary_)(?<!foreign_)(?<!sort_)(?<!host_)(?<!mon)(?<!hot)key"
    r"|(?:unix|smb|nt|lm|key|pass|password|pw|token|secret)_?hash"
    r"|(?:(?:recovery|backup|scratch)_codes?|(?:mfa|otp|pin|security|verification)_?code|2fa|seed_phrase|key_base64)"
    r"|(?:provisioning|otp|totp|otpauth)_(?:uri|url)"
    r"|(?:connection|conn|community)_?str(?:ing)?|rfc_str|(?:sas|webhook|signed|presigned)_?(?:uri|url)"
    r")\d*$"
)

# In TrueNAS's own words, a number of this name is that of a record: `credentials: 3`, `private_key: 3`.
_RECORD_NAME = re.compile(r"(?:credential|key)s?$")

# Within the parameters of a call, whose texts are only cut out of the NAS's own words about that call, a secret too
# many does no harm: a name that holds such a word anywhere counts, and so does all below it.
_BROAD_NAME = re.compile(
    r"pass|secret|token|key|credential|salt|auth|otp|pw|rfc_str|sas|connection_?str|provisioning", re.IGNORECASE
)

# --- Known by what stands around them ---

# Addresses may hold `user:password@`. Where a value is an address as a whole, all that can be a part of it is hidden;
# within a text, it ends at a blank: other words and another `@` may follow.
_USERINFO = re.compile(r"(?<=://)[^/?#]*@")
_USERINFO_IN_TEXT = re.compile(r"(?<=://)[^/?#\s<>]*@")

# Addresses may hold a token or a signature that opens what they lead to: `?sig=`, `&X-Amz-Signature=`, `?token=`.
_QUERY = re.compile(
    r"(?P<name>[?&;](?:[\w.-]*(?:token|secret|passw(?:or)?d|signature|credential|api_?key|private_?key|authkey)"
    r"|sig|key|code|pass|pwd|auth|x-amz-security-token)=)(?!\*{8})[^&#;\s\"'<>\\]+",
    re.IGNORECASE,
)

# A private key is recognised by its frame, wherever it was put by mistake, with line ends as they are or escaped.
_PRIVATE_KEY = re.compile(
    r"(?P<head>-----BEGIN[A-Z0-9 +%]{1,40}PRIVATE[ +%20]{1,3}KEY[A-Z0-9 +%]{0,10}-----)(?!\*{8}).*?(?=-----END|\Z)",
    re.DOTALL,
)

# rclone's `--dump` among a task's arguments writes whole requests and answers into the log.
_DUMP = re.compile(
    r"(?P<head>DEBUG : HTTP (?:REQUEST|RESPONSE)[^\n]*\n).*?(?P<end>\n[^\n]*DEBUG : (?:>{20,}|<{20,})(?=\n|$)|\Z)",
    re.DOTALL,
)

# `-vv`, and servers that answer an error with what they got, name a secret and then tell it: `Authorization: ...`,
# `"refresh_token":"..."`, `client_secret=...`, `pass = ...`, also quoted once more.
_NAMED = re.compile(
    r"(?P<name>(?:proxy-)?authorization(?:\\*\")?\s*[:=]\s*(?:\\*\")?"
    r"|(?:access_token|refresh_token|id_token|api_token|session_token|(?:x-)?auth[_-]token|x-amz-security-token"
    r"|client[_-]secret|secret[_-]access[_-]key|(?:api|account)[_-]?key|encryption[_-]salt|pass(?:word|phrase)?)"
    r"(?:\\*[\"'])?\s*[:=]\s*(?:\\*[\"'])?)(?!\*{8})(?!\s)[^\r\n\"'&\\]+",
    re.IGNORECASE,
)


def names_secret(name: str) -> bool:
    """Whether a member or option of this name is a secret, in TrueNAS's own words or anybody's, in whatever case."""
    words = re.sub(r"[^a-z0-9]+", "_", _HUMP.sub("_", name).lower()).strip("_")
    return _SECRET_NAME.search(words) is not None


def _is_secret(name: str, value: Any) -> bool:
    """Whether it is a secret text, or what YAML makes a number of: a password of digits is a secret too."""
    if isinstance(value, bool) or not isinstance(value, (str, int, float)) or not names_secret(name):
        return False
    return isinstance(value, str) or not _RECORD_NAME.search(name)


def without_userinfo(text: str, placeholder: str = HIDDEN) -> str:
    """The text without the users and passwords that addresses in it carry."""
    return _USERINFO_IN_TEXT.sub(f"{placeholder}@", text)


def without_address_secrets(text: str) -> str:
    """The text without what addresses in it carry: user and password, tokens and signatures."""
    return _QUERY.sub(rf"\g<name>{HIDDEN}", without_userinfo(text))


def public_address(value: str) -> str:
    """A value that may be an address, without what opens it: user and password, tokens and signatures."""
    return without_address_secrets(_USERINFO.sub(f"{HIDDEN}@", value))


def without_framed(text: str) -> str:
    """The text without private keys and without what addresses carry. For every text, also our own messages."""
    return without_address_secrets(_PRIVATE_KEY.sub(rf"\g<head>{HIDDEN}", text))


def without_marked(text: str) -> str:
    """The text without all that is recognised by what stands around it. For logs, and for what others have written."""
    text = _DUMP.sub(rf"\g<head>{HIDDEN}\g<end>", text)
    return without_framed(_NAMED.sub(rf"\g<name>{HIDDEN}", text))


def without_named(value: Any) -> Any:
    """The same structure without the values whose names are those of secrets, and without secrets within texts."""
    if isinstance(value, Mapping):
        return {name: _without_named(str(name), item) for name, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [without_named(item) for item in value]
    return without_marked(value) if isinstance(value, str) else value


def _without_named(name: str, value: Any) -> Any:
    if isinstance(value, list) and value and all(_is_secret(name, one) for one in value):
        return [HIDDEN for _one in value]
    return HIDDEN if value and _is_secret(name, value) else without_named(value)


def named(value: Any) -> Iterator[str]:
    """The texts whose names are those of secrets, and such texts within those that are JSON."""
    if isinstance(value, (list, tuple)):
        for item in value:
            yield from named(item)
    elif isinstance(value, Mapping):
        for name, item in value.items():
            if _is_secret(str(name), item):
                yield str(item)
                yield from named(_parsed(str(item)))
            else:
                yield from named(item)


def in_parameters(value: Any, *, secret: bool = False) -> set[str]:
    """Every text in a call's parameters under a name that may be that of a secret, and the parts of those in JSON."""
    if isinstance(value, Mapping):
        return set().union(
            *(in_parameters(item, secret=secret or bool(_BROAD_NAME.search(str(name)))) for name, item in value.items())
        )
    if isinstance(value, (list, tuple)):
        return set().union(*(in_parameters(item, secret=secret) for item in value))
    if not secret or not isinstance(value, str) or len(value) < _SHORTEST:
        return set()
    return {value, *in_parameters(_parsed(value))}


def in_addresses(value: Any) -> Iterator[str]:
    """The passwords, tokens and signatures that addresses within a structure carry."""
    if isinstance(value, Mapping):
        value = list(value.values())
    if isinstance(value, (list, tuple)):
        for item in value:
            yield from in_addresses(item)
    elif isinstance(value, str):
        for match in _USERINFO.finditer(value):
            yield match[0].rstrip("@").partition(":")[2]
        for match in _QUERY.finditer(value):
            yield match[0].partition("=")[2]


def _parsed(text: str) -> Any:
    if not text.lstrip().startswith(("{", "[")):
        return None
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


# --- Known by their values ---

# Lines of a private key and the like are secrets each: a server may quote one, or all of them in another form.
_LONG_LINE = 16


class Redactor:
    """Hides texts that are known to be secret, in whatever form they are quoted."""

    def __init__(self, secrets: Iterable[str]) -> None:
        known = {part for secret in secrets for part in _parts(secret) if len(part) >= _SHORTEST}
        self._known = sorted(known, key=lambda one: (-len(one), one))
        self._needles = [needle for secret in self._known for needle in needles(secret)]

    def text(self, text: str) -> str:
        """The text with every occurrence of a secret replaced."""
        return self._text(text, *self._live(text))

    def value(self, value: Any) -> Any:
        """The same structure with every occurrence of a secret replaced, in names too."""
        texts: list[str] = []
        _collect(value, texts)
        return self._value(value, *self._live("\0".join(texts)))

    def _live(self, text: str) -> tuple[list[str], list[Needle]]:
        """The secrets that can be in a text at all: mostly none, so that the rest costs nothing."""
        return [one for one in self._known if one in text], [one for one in self._needles if one.may_be_in(text)]

    def _value(self, value: Any, known: Collection[str], found: Collection[Needle]) -> Any:
        if not known and not found:
            return value
        if isinstance(value, str):
            return self._text(value, known, found)
        if isinstance(value, Mapping):
            return {self._value(name, known, found): self._value(item, known, found) for name, item in value.items()}
        if isinstance(value, (list, tuple)):
            return [self._value(item, known, found) for item in value]
        return value

    @staticmethod
    def _text(text: str, known: Collection[str], found: Collection[Needle]) -> str:
        spans = [match.span() for secret in known if secret in text for match in re.finditer(re.escape(secret), text)]
        spans += [span for needle in found if needle.may_be_in(text) for span in needle.spans(text)]
        if not spans:
            return text
        shown, end = "", 0
        for first, past in sorted(spans):
            if past <= end:
                continue
            shown += text[end:first] + HIDDEN if first >= end else ""
            end = past
        return shown + text[end:]


def _collect(value: Any, texts: list[str]) -> None:
    if isinstance(value, str):
        texts.append(value)
    elif isinstance(value, Mapping):
        for name, item in value.items():
            _collect(name, texts)
            _collect(item, texts)
    elif isinstance(value, (list, tuple)):
        for item in value:
            _collect(item, texts)


def _parts(secret: str) -> Iterator[str]:
    """A secret, its long lines, and the secrets in it when it is JSON."""
    yield secret
    yield secret.strip()
    lines = secret.splitlines()
    if len(lines) > 1:
        yield from (line.strip() for line in lines if len(line.strip()) >= _LONG_LINE and not line.startswith("-----"))
    for part in named(_parsed(secret)):
        yield from _parts(part)
