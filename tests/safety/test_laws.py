# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What holds whatever is asked for: check mode foretells it, the NAS then shows it, nothing is left to do.

And no secret shows, in an answer, a diff, a warning or a refusal.

The payloads are held against the schemas of the real server too, where those lie beside the checkout.
"""

from __future__ import annotations

import functools
import json
from typing import Any

import jsonschema
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from ansible_collections.nasops.cloudsync.plugins.module_utils._cloudsync import (
    bandwidth,
    credential_form,
    schedule,
    task_form,
)
from ansible_collections.nasops.cloudsync.plugins.module_utils._cloudsync.errors import OptionError
from ansible_collections.nasops.cloudsync.plugins.module_utils._cloudsync.provider_model import RELEASES
from ansible_collections.nasops.cloudsync.plugins.module_utils._cloudsync.providers import PROVIDERS
from ansible_collections.nasops.cloudsync.plugins.module_utils._middleware.errors import MiddlewareError
from ansible_collections.nasops.cloudsync.plugins.module_utils._module import Failure, Outcome
from ansible_collections.nasops.cloudsync.plugins.module_utils._reconcile import shown
from ansible_collections.nasops.cloudsync.plugins.module_utils._work import credential, task
from simulator.tests import recordings

from . import wishes
from .in_process import InProcess

MODULES = {
    "credential": (credential.execute, credential.ARGUMENTS),
    "task": (task.execute, task.ARGUMENTS),
}
PURE = settings(max_examples=max(2000, settings.default.max_examples))
SLOW = settings(suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])


@pytest.fixture(scope="module", params=RELEASES)
def nas(request, tmp_path_factory):
    one = InProcess(request.param, tmp_path_factory.mktemp("nas"))
    yield one
    one.close()


@pytest.fixture(scope="session")
def held(count):
    """Note that a law held in one more case."""
    return lambda law: count(f"Law: {law}", "cases")


class Law:
    """Ask for one thing after another, and hold each answer against the laws."""

    def __init__(self, nas: InProcess, held: Any) -> None:
        self.nas, self.held = nas, held
        nas.empty()

    def ask(self, kind: str, **options: Any) -> Any:
        """What became of it; `None` when it was refused, which must not write, and must not show a secret."""
        work, spec = MODULES[kind]
        before = self._stored()
        try:
            foretold = self.nas.run(work, spec, check=True, **options)
            assert self._stored() == before
            done = self.nas.run(work, spec, **options)
        except (OptionError, Failure, MiddlewareError) as error:
            message = str(error)
        else:
            return self._held(kind, options, foretold, done)
        assert wishes.SECRET not in message
        assert self._stored() == before
        return None

    def _held(self, kind: str, options: dict[str, Any], foretold: Outcome, done: Outcome) -> Outcome:
        assert (foretold.changed, foretold.before, foretold.after) == (done.changed, done.before, done.after)
        self.held("check mode foretells")
        if done.changed:
            assert self._as_shown(kind, done.returns[kind]["id"]) == _without_marks(done.after)
            self.held("the NAS shows what was planned")
        again = self.nas.run(*MODULES[kind], **options)
        if options.get("update_secrets") != "always":
            assert not again.changed, (again.before, again.after)
            self.held("nothing is left to do")
        for outcome in (foretold, done, again):
            text = json.dumps([outcome.returns, outcome.before, outcome.after, self.nas.warnings], ensure_ascii=False)
            assert wishes.SECRET not in text
        self.held("no secret shows")
        return done

    def _stored(self) -> str:
        store = self.nas.nas.store
        return json.dumps([store.table(name).all() for name in ("cloudsync_credentials", "cloudsync_tasks")])

    def _as_shown(self, kind: str, number: int) -> Any:
        if kind == "credential":
            entry = self.nas.call("cloudsync.credentials.get_instance", number)
            current = credential_form.current(entry, self.nas.name)
            return shown(current, credential_form.members(self.nas.name))
        entry = self.nas.call("cloudsync.get_instance", number)
        view = task_form.result(entry, self.nas.name)
        return {name: value for name, value in view.items() if name not in ("id", "locked", "job")}


def _without_marks(view: Any) -> Any:
    if isinstance(view, dict):
        return {name: _without_marks(value) for name, value in view.items()}
    return "(not shown)" if view == "(not shown; new value)" else view


@SLOW
@given(data=st.data())
def test_credentials(nas, held, data):
    law = Law(nas, held)
    verify = {"name": "photos", "verify": "never"}
    assume(law.ask("credential", **verify, **data.draw(wishes.credentials(nas.name))) is not None)
    for _change in range(2):
        update = data.draw(st.sampled_from(["auto", "always", "never"]))
        law.ask("credential", **verify, update_secrets=update, **data.draw(wishes.credentials(nas.name)))
    law.ask("credential", **verify, new_name=data.draw(wishes.WORDS))
    hold_against_schemas(nas, held)


@SLOW
@given(data=st.data())
def test_tasks(nas, held, data):
    law = Law(nas, held)
    asked = data.draw(wishes.credentials(nas.name))
    assume(law.ask("credential", name="photos", verify="never", **asked) is not None)
    (provider,) = (one for one in PROVIDERS.values() if one.option in asked)
    needed = {"description": "d", "credential": "photos", "direction": "PULL" if provider.read_only else "PUSH"}
    first = data.draw(wishes.tasks(provider, nas.name))
    if provider.read_only:
        first["folder"] = "/"  # anything else the NAS would ask the provider about
    assume(law.ask("task", **needed, **{"transfer_mode": "COPY", **first}) is not None)
    for _change in range(2):
        change = data.draw(wishes.tasks(provider, nas.name))
        law.ask(
            "task", description="d", **{**change, "folder": first["folder"] if provider.read_only else change["folder"]}
        )
    hold_against_schemas(nas, held)


@functools.cache
def _validator(release: str, method: str) -> Any:
    schemas: Any = recordings.load(f"schemas/{release}.json")
    return jsonschema.Draft202012Validator(schemas[method]["params"]) if schemas else None


def hold_against_schemas(nas: InProcess, held: Any) -> None:
    for method, params in nas.written:
        validator = _validator(nas.name, method)
        if validator is not None:
            assert [error.message for error in validator.iter_errors(params)] == [], method
            held("payloads fit the real server's schemas")


def test_the_schemas_were_there():
    assert all(_validator(release, "cloudsync.create") for release in RELEASES)


NON_ROTATING = [one for one in PROVIDERS.values() if one.refreshed and not one.rotates_refresh_token]


THREE = {"min_size": 3, "max_size": 3}


@PURE
@given(st.sampled_from(NON_ROTATING), st.lists(wishes.tokens(), **THREE), st.lists(st.integers(0, 2), **THREE))
def test_comparing_tokens_is_an_equivalence(held, provider, made, places):
    texts = [credential_form._token_text(provider, made[place]) for place in places]
    same = credential_form._same_token(provider)
    one, other, third = texts
    assert all(same(text, text) for text in texts)
    assert same(one, other) == same(other, one)
    assert not (same(one, other) and same(other, third)) or same(one, third)
    held("comparing tokens is an equivalence")


@PURE
@given(wishes.SCHEDULES)
def test_a_schedule_round_trips(held, value):
    sent = schedule.schedule(value)
    assert schedule.schedule(sent) == sent
    line = " ".join({**schedule.DEFAULTS, **sent}[part] for part in schedule.PARTS)
    assert all(schedule.same(part, text, sent[part]) for part, text in schedule.schedule(line).items() if part in sent)
    held("schedules round-trip")


@PURE
@given(wishes.LIMITS)
def test_a_bandwidth_round_trips(held, entries):
    try:
        sent = bandwidth.limits(entries)
    except OptionError:
        assert len({bandwidth.limits([entry])[0]["time"] for entry in entries}) < len(entries)
        return
    assert bandwidth.limits(sent) == sent
    assert bandwidth.same(entries, sent)
    held("bandwidths round-trip")
