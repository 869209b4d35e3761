# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Cloud credentials: options <-> TrueNAS's form, comparison, what may be shown. PRIVATE to the collection. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from ansible_collections.nasops.cloudsync.plugins.module_utils._cloudsync import names
from ansible_collections.nasops.cloudsync.plugins.module_utils._cloudsync.errors import VAULT_ME, OptionError
from ansible_collections.nasops.cloudsync.plugins.module_utils._cloudsync.provider_model import Field, Provider
from ansible_collections.nasops.cloudsync.plugins.module_utils._cloudsync.providers import (
    PROVIDERS,
    RELEASES,
    public,
    refusals,
    unsupported,
)
from ansible_collections.nasops.cloudsync.plugins.module_utils._rclone_token import RcloneToken, TokenError
from ansible_collections.nasops.cloudsync.plugins.module_utils._reconcile import MISSING, Member
from ansible_collections.nasops.cloudsync.plugins.module_utils._redaction import HIDDEN


def asked_provider(params: Mapping[str, Any]) -> tuple[Provider, dict[str, Any]] | None:
    """The provider whose option was given, and the fields given in it; `None` when there is none.

    A placeholder for a secret counts as not given.
    """
    given = [one for one in PROVIDERS.values() if params.get(one.option) is not None]
    if not given:
        return None
    if len(given) > 1:
        raise OptionError(
            f"{', '.join(one.option for one in given)}: a credential is for one provider. Give one of these options."
        )
    values = {name: value for name, value in params[given[0].option].items() if value not in (None, VAULT_ME)}
    known = {one.name for one in given[0].fields}
    return given[0], {name: value for name, value in values.items() if name in known}


def desired(name: str | None, asked: tuple[Provider, Mapping[str, Any]] | None, release: str) -> dict[str, Any]:
    """The asked-for members in the form of TrueNAS 25.04 and later; what was not given is left out.

    Raises:
        OptionError: a field's value cannot be used, or the release does not know the provider or field.
    """
    form: dict[str, Any] = {}
    if name is not None:
        if not name:
            raise OptionError("name: an empty name is not accepted. Give the credential a name.")
        form["name"] = name
    if asked is None:
        return form
    provider, values = asked
    problem = unsupported(provider, values, release)
    if problem:
        raise OptionError(problem)
    fields = provider.fields_in(release)
    sent: dict[str, Any] = {"type": provider.type}
    for one in fields:
        if one.name not in values:
            continue
        value = _token_text(provider, values[one.name]) if is_token(one) else values[one.name]
        sent[one.name] = one.normalise(value) if one.normalise and value is not None else value
    problems = refusals(provider.option, fields, sent)
    if problems:
        raise OptionError(" ".join(problems))
    return {**form, "provider": sent}


def with_defaults(
    desired: Mapping[str, Any], present: Mapping[str, Any], kept: Iterable[str], release: str
) -> dict[str, Any]:
    """Return what is asked for, completed by TrueNAS's default for each field of the provider that is not given.

    A field without which there is no credential, and a secret, have no default here.

    Args:
        desired: As `desired` returns it.
        present: The credential as the NAS has it, as `current` returns it.
        kept: Fields that stay as they are, as a placeholder was given for them.
    """
    wanted, stored = desired.get("provider"), present["provider"]
    if wanted is None or wanted["type"] != stored.get("type"):
        return dict(desired)
    complete = dict(wanted)
    for one in PROVIDERS[wanted["type"]].fields_in(release):
        if one.secret or one.required or one.name in complete or one.name in kept:
            continue
        if one.default is not None or one.nullable:
            complete[one.name] = one.default
        elif one.name in stored:
            complete[one.name] = MISSING
    return {**desired, "provider": complete}


def placeholders(params: Mapping[str, Any]) -> set[str]:
    """The fields for which a placeholder was given."""
    return {
        name
        for provider in PROVIDERS.values()
        for name, value in (params.get(provider.option) or {}).items()
        if value == VAULT_ME
    }


def refuse(params: Mapping[str, Any]) -> None:
    """Refuse values that no release takes, while the NAS's own is not known yet.

    Raises:
        OptionError
    """
    asked = asked_provider(params)
    problem = None
    for release in RELEASES:
        if asked is not None and unsupported(*asked, release):
            continue
        try:
            desired(params.get("name"), asked, release)
        except OptionError as error:
            problem = error
        else:
            return
    if problem is not None:
        raise problem


def missing(asked: tuple[Provider, Mapping[str, Any]], release: str) -> list[str]:
    """The fields without which the credential cannot be created and that were not given."""
    provider, values = asked
    return [
        one.name for one in provider.fields_in(release) if one.required and not one.nullable and one.name not in values
    ]


def is_token(one: Field) -> bool:
    """Whether a field holds an OAuth token as rclone keeps it."""
    return one.type == "raw" and one.secret


def _token_text(provider: Provider, value: Any) -> str:
    """The one line that TrueNAS needs; a token's extra lines would destroy the configuration it is written into."""
    try:
        token = RcloneToken.parse(
            value,
            require_expiry=provider.token_expires,
            require_refresh=provider.token_expires,
            remote=provider.rclone_type or provider.type.lower(),
        )
    except TokenError as error:
        raise OptionError(f"{provider.option}.token: {error}.") from None
    return token.text()


def outdated(provider: Provider, values: Mapping[str, Any]) -> dict[str, Any]:
    """The same fields with access tokens that have to be refreshed first.

    A listing then proves the OAuth client and the refresh token too. An access token that is still good would hide for
    an hour that they are wrong.
    """
    tokens = {one.name for one in provider.fields if is_token(one) and isinstance(values.get(one.name), str)}
    return {name: _outdated_text(value) if name in tokens else value for name, value in values.items()}


def is_unproven(entry: Mapping[str, Any]) -> bool:
    """Whether a credential as the API answers it was stored for a check that has not been finished."""
    holder = entry["provider"] if isinstance(entry["provider"], Mapping) else entry.get("attributes")
    provider = PROVIDERS.get(type_of(entry))
    if provider is None or not isinstance(holder, Mapping):
        return False
    tokens = [holder.get(one.name) for one in provider.fields if is_token(one)]
    return any(_is_outdated_text(text) for text in tokens if isinstance(text, str))


def _is_outdated_text(text: str) -> bool:
    try:
        return _lenient(text).is_outdated
    except TokenError:
        return False


def _outdated_text(text: str) -> str:
    try:
        return _lenient(text).outdated().text()
    except TokenError:
        return text


def secrets(params: Mapping[str, Any]) -> set[str]:
    """Every text in the options that must not be shown, beyond the options' own values: the parts of tokens."""
    found: set[str] = set()
    for provider in PROVIDERS.values():
        for one in provider.fields:
            value = (params.get(provider.option) or {}).get(one.name)
            if value is not None and is_token(one):
                try:
                    found |= _lenient(value).secrets()
                except TokenError:
                    if isinstance(value, str):
                        found.add(value)
    return found


def _lenient(value: Any) -> RcloneToken:
    """A token for telling it from another: what it lacks does not matter here."""
    return RcloneToken.parse(value, require_expiry=False, require_refresh=False)


def members(release: str, *, proving: bool = False) -> dict[str, Member]:
    """The members of a credential in `release`.

    A token that was stored for a check only (see `outdated`) is another one, so that the check is made again when it
    was not finished. When `proving`, it is the same: another run may be checking it at this moment.
    """
    return {
        "name": Member("name", same=names.same),
        "provider": Member(
            "provider", members=lambda provider: _parts(provider.get("type"), release, proving=proving), kind="type"
        ),
    }


def _parts(kind: str | None, release: str, *, proving: bool = False) -> dict[str, Member]:
    parts = {"type": Member("type")}
    provider = PROVIDERS.get(kind or "")
    if provider is not None:
        parts.update({one.name: _member(provider, one, proving=proving) for one in provider.fields_in(release)})
    return parts


def _member(provider: Provider, one: Field, *, proving: bool) -> Member:
    return Member(
        one.name,
        default=one.default if one.default is not None or one.nullable else MISSING,
        same=_same_token(provider, proving=proving) if is_token(one) else _same(one),
        secret=one.secret,
        show=lambda value: public(provider, {one.name: value})[one.name],
    )


def _same(one: Field) -> Callable[[Any, Any], bool]:
    def same(wanted: Any, present: Any) -> bool:
        if one.detected and wanted in (None, ""):
            return True
        if one.null_as is not None and {wanted, present} <= {None, one.null_as}:
            return True
        if one.normalise is None or wanted is None or present is None:
            return bool(wanted == present)
        return bool(one.normalise(wanted) == one.normalise(present))

    return same


def _same_token(provider: Provider, *, proving: bool = False) -> Callable[[str, str], bool]:
    """Two tokens of one approval are the same: the NAS itself renews access token and expiry after every run."""

    def same(wanted: str, present: str) -> bool:
        try:
            ours, theirs = _lenient(wanted), _lenient(present)
        except TokenError:
            return wanted == present
        if ours.same_grant(theirs):
            return proving or ours.is_outdated or not theirs.is_outdated
        if not provider.rotates_refresh_token:
            return False
        ours_until, theirs_until = ours.expires_at(), theirs.expires_at()
        return ours_until is not None and theirs_until is not None and ours_until < theirs_until

    return same


def current(entry: Mapping[str, Any], release: str) -> dict[str, Any]:
    """A credential as the API answers it, of any release, in the form of TrueNAS 25.04 and later."""
    provider = entry["provider"]
    if not isinstance(provider, Mapping):
        attributes = entry.get("attributes")
        if attributes == HIDDEN:
            attributes = {name: HIDDEN for name in _parts(provider, release) if name != "type"}
        provider = {"type": provider, **(attributes or {})}
    return {"name": entry["name"], "provider": dict(provider)}


def type_of(entry: Mapping[str, Any]) -> str:
    """The provider's type in a credential as the API answers it, of any release."""
    provider = entry["provider"]
    return str(provider["type"] if isinstance(provider, Mapping) else provider)


def _instead_of_null(provider: Mapping[str, Any], release: str) -> dict[str, Any]:
    """What has to be written where nothing is given, as null is refused or does not work."""
    known = PROVIDERS.get(provider["type"])
    return {
        one.name: one.null_as
        for one in (known.fields_in(release) if known else ())
        if provider.get(one.name) is None and one.null_as is not None
    }


def wire(payload: Mapping[str, Any], release: str, *, flat: bool) -> dict[str, Any]:
    """A plan's payload as the API takes it; `flat` as 25.04 and later do, else with the provider's fields apart."""
    sent = dict(payload)
    if "provider" in sent:
        sent["provider"] = {**sent["provider"], **_instead_of_null(sent["provider"], release)}
    if "provider" in sent and not flat:
        fields = dict(sent["provider"])
        sent["provider"] = fields.pop("type")
        sent["attributes"] = fields
    return sent


def result(entry: Mapping[str, Any], release: str) -> dict[str, Any]:
    """What may be shown of a credential as the API answers it."""
    kind = type_of(entry)
    fields = current(entry, release)["provider"]
    view: dict[str, Any] = {"type": kind}
    if kind in PROVIDERS:
        view.update(public(PROVIDERS[kind], fields))
    return {"id": entry["id"], "name": entry["name"], "provider": view}
