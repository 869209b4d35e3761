# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whatever people may ask for: hypothesis strategies for options."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

from hypothesis import strategies as st

from ansible_collections.nasops.cloudsync.plugins.module_utils._cloudsync.provider_model import Field, Provider
from ansible_collections.nasops.cloudsync.plugins.module_utils._cloudsync.providers import PROVIDERS

SECRET = "S3cr3t"
"""How every secret begins, so that one is found wherever it turns up."""

WORDS = st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"]), min_size=1, max_size=12)
SECRETS = st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"]), max_size=12).map(SECRET.__add__)
ADDRESSES = st.sampled_from(
    [
        "https://nas.example.com", "HTTPS://NAS.example.com:443/a/../b", "http://h:8080/ä?q=1", "http://h/x y",
        f"https://user:{SECRET}@h.example.com/", "", "no address", "https://ü.example.com",
    ]
)  # fmt: skip
MOMENTS = st.datetimes(datetime(2001, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001


@st.composite
def tokens(draw: st.DrawFn) -> Any:
    """OAuth tokens in the spellings that people have at hand."""
    letters = st.text("abcXYZ019-_./", max_size=20)
    token = {
        "access_token": SECRET + draw(letters),
        "refresh_token": f"{SECRET}-1//{draw(letters)}",
        "expiry": draw(MOMENTS).isoformat().replace("+00:00", "Z"),
    }
    return draw(st.sampled_from([token, json.dumps(token), json.dumps(token, indent=1), {"token": json.dumps(token)}]))


def values(one: Field) -> st.SearchStrategy[Any]:
    """Values for a field, good ones and bad ones."""
    if one.choices:
        return st.sampled_from(one.choices)
    if one.type == "raw":
        return tokens()
    if one.type == "json":
        return SECRETS.map(lambda text: json.dumps({"private_key": text}))
    if one.type == "bool":
        return st.booleans()
    if one.type == "int":
        return st.integers(-1, 70_000)
    if one.name in ("url", "endpoint"):
        return ADDRESSES
    if one.secret:
        return SECRETS
    return st.one_of(WORDS, st.from_regex(r"[a-z0-9.-]{1,10}", fullmatch=True), st.just(""))


@st.composite
def credentials(draw: st.DrawFn, release: str) -> dict[str, Any]:
    """The options of a credential of any provider that the release knows."""
    provider = draw(st.sampled_from([one for one in PROVIDERS.values() if one.known_in(release)]))
    fields = {one.name: values(one) for one in provider.fields_in(release) if one.name != "private_key"}
    needed = {one.name: fields[one.name] for one in provider.fields_in(release) if one.required and one.name in fields}
    others = {name: value for name, value in fields.items() if name not in needed}
    return {provider.option: draw(st.fixed_dictionaries(needed, optional=others))}


NUMBERS = st.integers(0, 59)


@st.composite
def cron_fields(draw: st.DrawFn, low: int, high: int, names: tuple[str, ...] = ()) -> str:
    """One field of a schedule in any spelling that cron knows."""
    number = st.one_of(
        st.integers(low, high).map(str), st.integers(low, high).map(lambda one: f"{one:02}"),
        *([st.sampled_from(names)] if names else []),
    )  # fmt: skip
    span = st.tuples(number, number).map("-".join)
    step = st.integers(1, high).map(lambda one: f"/{one}")
    item = st.one_of(st.just("*"), number, span, st.tuples(st.one_of(st.just("*"), span), step).map("".join))
    return ",".join(draw(st.lists(item, min_size=1, max_size=3)))


SCHEDULES = st.one_of(
    st.sampled_from(["@hourly", "@daily", "@weekly", "@monthly"]),
    st.tuples(
        cron_fields(0, 59), cron_fields(0, 23), cron_fields(1, 31),
        cron_fields(1, 12, ("jan", "Dec")), cron_fields(0, 7, ("mon", "SUN")),
    ).map(" ".join),
    st.fixed_dictionaries({}, optional={"minute": NUMBERS, "hour": st.integers(0, 23), "dow": st.just("sat")}),
)  # fmt: skip

BANDWIDTHS = st.one_of(
    st.none(), st.just("off"), st.integers(1, 10**12),
    st.tuples(st.integers(1, 999), st.sampled_from(["", "k", "K", "M", "MB", "MiB/s", " G", "T"])).map(
        lambda both: f"{both[0]}{both[1]}"
    ),
    st.decimals(1, 99, places=2).map(lambda number: f"{number}M"),
)  # fmt: skip
TIMES = st.tuples(st.integers(0, 23), NUMBERS).flatmap(
    lambda time: st.sampled_from([f"{time[0]}:{time[1]:02}", f"{time[0]:02}:{time[1]:02}", time[0] * 60 + time[1]])
)
LIMITS = st.lists(st.fixed_dictionaries({"time": TIMES}, optional={"bandwidth": BANDWIDTHS}), max_size=4)
PATTERNS = st.lists(
    st.sampled_from(["*.jpg", "/Private/**", ".DS_Store", "Z\u00fcrich/**", "{a,b}/**", "*.{{(?i)(png|heic)}}"]),
    max_size=3,
)


@st.composite
def tasks(draw: st.DrawFn, provider: Provider, release: str) -> dict[str, Any]:
    """The options of a task whose credential is of that provider."""
    place: dict[str, Any] = {"folder": draw(st.sampled_from(["/", "/x", "x/", "/album", "album/A"]))}
    if provider.bucket:
        place["bucket"] = "bucket"
    attributes = {one.name: values(one) for one in provider.task_attributes_in(release) if one.name != "region"}
    options: dict[str, st.SearchStrategy[Any]] = {
        "transfer_mode": st.sampled_from(["COPY", "SYNC", "MOVE"]), "schedule": SCHEDULES, "enabled": st.booleans(),
        "snapshot": st.booleans(), "transfers": st.integers(0, 99), "bwlimit": LIMITS, "include": PATTERNS,
        "exclude": PATTERNS, "pre_script": WORDS, "post_script": st.just(""), "follow_symlinks": st.booleans(),
        "create_empty_src_dirs": st.booleans(), "encryption": st.booleans(), "filename_encryption": st.booleans(),
        "encryption_password": SECRETS, "encryption_salt": SECRETS, "allow_deletes": st.booleans(),
        "args": st.sampled_from(["", "--fast-list", "--max-delete 5", "-I", "'"]),
    }  # fmt: skip
    return {
        "path": draw(st.sampled_from(["/mnt/tank/photos", "/mnt/tank/photos/"])),
        "attributes": draw(st.fixed_dictionaries({}, optional=attributes)),
        **place,
        **draw(st.fixed_dictionaries({}, optional=options)),
    }
