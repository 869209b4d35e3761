# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A module's work in this process against a simulated NAS; a report of which provider was seen with which release."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator

from ansible_collections.nasops.cloudsync.plugins.module_utils._cloudsync.provider_model import RELEASES
from ansible_collections.nasops.cloudsync.plugins.module_utils._middleware.client import Client, connect
from ansible_collections.nasops.cloudsync.plugins.module_utils._middleware.connection_options import ConnectionOptions
from ansible_collections.nasops.cloudsync.plugins.module_utils._module import Invocation, Outcome
from simulator.fixture import SimulatedNas, running

_SEEN = pytest.StashKey[dict[tuple[str, str], int]]()


class Modules:
    """The modules' work, on one session with one NAS."""

    def __init__(self, nas: SimulatedNas, client: Client) -> None:
        self.nas = nas
        self.client = client
        self.release = nas.release
        self.warnings: list[str] = []

    def run(
        self, work: Callable[[Invocation], Outcome], spec: dict[str, Any], *, check: bool, **params: Any
    ) -> Outcome:
        """Run it as Ansible would."""
        checked = ArgumentSpecValidator(spec).validate(params)
        assert not checked.error_messages
        return work(Invocation(checked.validated_parameters, self.client, check, self.warnings.append))

    def predicted(self, work: Callable[[Invocation], Outcome], spec: dict[str, Any], **params: Any) -> Outcome:
        """Run it in check mode, which writes nothing, then for real, which does just what was predicted."""
        written = self.writes()
        foretold = self.run(work, spec, check=True, **params)
        assert self.writes() == written, "check mode has written"
        outcome = self.run(work, spec, check=False, **params)
        assert (foretold.changed, foretold.before, foretold.after) == (outcome.changed, outcome.before, outcome.after)
        again = self.run(work, spec, check=False, **params)
        assert not again.changed, (again.before, again.after)
        return outcome

    def writes(self) -> int:
        """How many calls have changed something on the NAS."""
        writing = (".create", ".update", ".delete", ".mkdir", ".sync", ".abort")
        return sum(call["method"].endswith(writing) for call in self.nas.calls())


@contextlib.contextmanager
def modules_on(release: str) -> Iterator[Modules]:
    """A new NAS of that release; spoken to as on the NAS itself, over its socket, where there is JSON-RPC."""
    with running("--release", release) as simulator:
        nas = simulator.nas[0]
        over_socket = ConnectionOptions(api_url=nas.socket)
        over_rest = ConnectionOptions(
            api_url=nas.api_url, api_key=nas.api_key, api_username=nas.username, ca_path=nas.ca_path
        )
        with connect(over_rest if release == "24.10" else over_socket) as client:
            yield Modules(nas, client)


@pytest.fixture(scope="module", params=RELEASES)
def modules(request: pytest.FixtureRequest) -> Iterator[Modules]:
    """A NAS of each release in turn."""
    with modules_on(request.param) as one:
        yield one


@pytest.fixture(scope="module")
def modules_2510() -> Iterator[Modules]:
    """A NAS of one release, for what does not depend on it."""
    with modules_on("25.10") as one:
        yield one


@pytest.fixture
def modules_of() -> Callable[[str], contextlib.AbstractContextManager[Modules]]:
    """A new NAS of the release that is given."""
    return modules_on


@pytest.fixture
def seen(request: pytest.FixtureRequest) -> Callable[[str, str, int], None]:
    """Note how many steps were taken with a provider and a release."""
    noted = request.config.stash.setdefault(_SEEN, {})
    return lambda provider, release, steps: noted.update({(provider, release): steps})


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    noted = config.stash.get(_SEEN, {})
    if not noted:
        return
    terminalreporter.section("Steps taken with each provider and release: foretold, done, and repeated without change")
    terminalreporter.write_line(f"{'':22}" + "".join(f"{release:>8}" for release in RELEASES))
    for provider in sorted({provider for provider, _release in noted}):
        steps = (str(noted.get((provider, release), "-")) for release in RELEASES)
        terminalreporter.write_line(f"{provider:22}" + "".join(f"{one:>8}" for one in steps))
