# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Jobs, sessions, alerts and the system itself: `core.*`, `alert.list`, `system.*`."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel

from simulator.nas.models.base import Date, Model, Open, Text, at_least, listed, long_text, model, partial
from simulator.nas.models.methods import Spec, query_params, query_result


class JobCredentials(Model):
    type: Text
    data: dict[str, Any]


class SystemInfo(Model):
    version: Text
    buildtime: Date
    hostname: Text
    physmem: int
    model: Text
    cores: int
    physical_cores: int
    loadavg: list[Any]
    uptime: Text
    uptime_seconds: float
    system_serial: Text | None
    system_product: Text | None
    system_product_version: Text | None
    license: dict[str, Any] | None
    boottime: Date
    datetime: Date
    timezone: Text
    system_manufacturer: Text | None
    ecc_memory: bool


def job_entry(release: str) -> type[BaseModel]:
    """A job as it is answered."""
    long = long_text(release)
    progress = model("JobProgress", percent=int | None, description=long | None, extra=Any)
    exc_info = model("JobExcInfo", repr=long | None, type=Text | None, errno=int | None, extra=Any)
    fields: dict[str, Any] = {"id": int}
    if at_least(release, "25.10"):
        fields["message_ids"] = list[Any]
    return model(
        "CoreGetJobsEntry",
        **fields,
        method=Text,
        arguments=list[Any],
        transient=bool,
        description=long | None,
        abortable=bool,
        logs_path=Text | None,
        logs_excerpt=long | None,
        progress=progress,
        result=Any,
        result_encoding_error=Any,
        error=long | None,
        exception=long | None,
        exc_info=exc_info | None,
        state=Text,
        time_started=Date | None,
        time_finished=Date | None,
        credentials=JobCredentials | None,
    )


def core_methods(release: str) -> dict[str, Spec]:
    """`core.*` of 25.04 and later."""
    specs = {
        "core.get_jobs": Spec(
            query_params(release),
            query_result(release, job_entry(release)),
            crud="query",
            result_name="CoreGetJobsResult",
        ),
        "core.download": Spec(
            {"method": Text, "args": (list[Any], []), "filename": Text, "buffered": (bool, False)}, list[Any]
        ),
        "core.job_abort": Spec({"id": int}, None),
        "core.job_download_logs": Spec({"id": int, "filename": Text, "buffered": (bool, False)}, Text),
        "core.job_wait": Spec({"id": int}, Any, job=True),
        "core.ping": Spec({}, Literal["pong"], authentication_required=not at_least(release, "25.10")),
        "core.subscribe": Spec({"event": Text}, Text),
        "core.unsubscribe": Spec({"id_": Text}, None),
    }
    newer = at_least(release, "25.10")
    fields: dict[str, Any] = {"py_exceptions": bool}
    if newer:
        fields = {"legacy_jobs": bool, "private_methods": bool} | fields
    options = partial(model("CoreOptions", Open, **fields), "CoreSetOptionsOptions", base=Open)
    specs["core.set_options"] = Spec({"options": options}, options if newer else None, authentication_required=False)
    return specs


def system_methods(release: str) -> dict[str, Spec]:
    """`alert.list` and `system.*`."""
    long = long_text(release)
    alert = model(
        "Alert",
        uuid=Text,
        source=Text,
        klass=Text,
        args=Any,
        node=Text,
        key=long,
        datetime=Date,
        last_occurrence=Date,
        dismissed=bool,
        mail=Any,
        text=long,
        id=Text,
        level=Text,
        formatted=long | None,
        one_shot=bool,
    )
    return {
        "alert.list": Spec({}, listed(alert), roles=("ALERT_LIST_READ",)),
        "system.info": Spec({}, SystemInfo, roles=("READONLY_ADMIN",)),
        "system.version": Spec({}, Text),
    }
