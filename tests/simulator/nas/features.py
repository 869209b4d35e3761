# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the server of one release has and that of another has not; what methods take and answer is in `models`."""

from __future__ import annotations

from dataclasses import dataclass

_V2504 = ("v25.04.0", "v25.04.1", "v25.04.2")
_WITHOUT_MODELS = frozenset(
    {"cloudsync.create", "cloudsync.query", "cloudsync.sync", "cloudsync.update", "core.get_jobs"}
)
_V2510 = ("v25.10.0", "v25.10.1", "v25.10.2")
_V26 = (*_V2504, *_V2510, "v25.10.5", "v26.0.0")


@dataclass(frozen=True)
class Features:
    """What one release has; `FEATURES` holds them by release number.

    :param version: the answer of system.version
    :param api_versions: dated paths that are served; the last one is the same as `current`
    :param json_rpc: JSON-RPC 2.0 over WebSocket is there
    :param rest: /api/v2.0 is there
    :param open_ping: core.ping needs no login
    :param legacy_jobs: the session option of that name exists, and jobs carry message_ids
    :param mechanisms_before_login: auth.mechanism_choices works for anonymous sessions (it crashes where it does not)
    :param scram: API keys log in by SCRAM; reconnect tokens and DENIED exist; keys have no hash but SCRAM's material
    :param login_ids: the credentials of a job name the login
    :param revoked_reasons: API keys say why they were revoked
    :param numeric_user_ids: API keys name their user by a number, not by its text
    :param immutable_groups: groups say whether they are immutable (before: what kind of id they have)
    :param mapped_groups: groups say how they are seen inside containers
    :param service_jobs: services are restarted by jobs
    :param user_keys: API keys belong to users (before: free-standing); keys and privileges have no allowlist
    :param trace_frames: traces of errors carry stack frames, and with them the parameters of the call
    :param unexpected_errno: errno of an exception that is no call error
    :param otp_retries: further codes that may be tried after a wrong one
    :param abort_delay: seconds until a run ends that was aborted while rclone ran
    :param idle_timeout: seconds after which nginx cuts a WebSocket on which nothing passes
    :param keys_on_unix_socket: an API key logs in on the unix socket, too
    :param follows_no_links: filesystem.listdir and .mkdir refuse paths that lead through a symbolic link
    """

    number: str
    version: str
    api_versions: tuple[str, ...] = ()
    json_rpc: bool = True
    rest: bool = True
    open_ping: bool = True
    legacy_jobs: bool = True
    login_ids: bool = True
    revoked_reasons: bool = True
    numeric_user_ids: bool = False
    immutable_groups: bool = True
    mapped_groups: bool = True
    service_jobs: bool = True
    mechanisms_before_login: bool = False
    scram: bool = False
    user_keys: bool = True
    trace_frames: bool = True
    otp_retries: int = 3
    abort_delay: float = 0
    idle_timeout: float = 60
    keys_on_unix_socket: bool = True
    follows_no_links: bool = False

    def missing_at(self, api_version: str) -> frozenset[str]:
        """Methods that the path of an older API version lacks, as they had no models then that could be converted."""
        return _WITHOUT_MODELS if api_version in _V2504 and self.service_jobs else frozenset()


FEATURES = {
    one.number: one
    for one in (
        Features(
            "24.10",
            "TrueNAS-SCALE-24.10.2",
            json_rpc=False,
            open_ping=False,
            legacy_jobs=False,
            login_ids=False,
            revoked_reasons=False,
            immutable_groups=False,
            mapped_groups=False,
            service_jobs=False,
            user_keys=False,
        ),
        Features(
            "25.04",
            "TrueNAS-25.04.2",
            ("v24.10", *_V2504),
            open_ping=False,
            legacy_jobs=False,
            login_ids=False,
            revoked_reasons=False,
            immutable_groups=False,
            service_jobs=False,
        ),
        Features("25.10", "TrueNAS-25.10.2", (*_V2504, *_V2510)),
        Features(
            "26.0",
            "TrueNAS-26.0.0-RC.1",
            _V26,
            rest=False,
            mechanisms_before_login=True,
            scram=True,
            trace_frames=False,
            otp_retries=0,
            abort_delay=10,
            idle_timeout=3600,
            keys_on_unix_socket=False,
        ),
        Features(
            "27.0",
            "TrueNAS-27.0.0-BETA.1",
            (*_V26, "v27.0.0"),
            rest=False,
            mechanisms_before_login=True,
            scram=True,
            trace_frames=False,
            otp_retries=0,
            abort_delay=10,
            idle_timeout=3600,
            keys_on_unix_socket=False,
            numeric_user_ids=True,
            follows_no_links=True,
        ),
    )
}
