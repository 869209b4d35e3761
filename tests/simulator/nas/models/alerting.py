# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Who is told of alerts: `mail.*`, `alertservice.*`, `alertclasses.*`. There is no recording of them."""

from __future__ import annotations

from typing import Any, Literal

from simulator.nas.models.base import Open, Text, at_least, model, partial, secret
from simulator.nas.models.methods import Service, Spec, query_params, query_result

LEVELS = ("INFO", "NOTICE", "WARNING", "ERROR", "CRITICAL", "ALERT", "EMERGENCY")
Level = Literal["INFO", "NOTICE", "WARNING", "ERROR", "CRITICAL", "ALERT", "EMERGENCY"]


def alerting_methods(release: str) -> dict[str, Spec]:
    """The methods of a release; in 24.10 the type of a service is beside its attributes."""
    return _mail_methods() | _service_methods(release) | _class_methods()


def _mail_methods() -> dict[str, Spec]:
    fields: dict[str, Any] = {
        "fromemail": Text,
        "fromname": Text,
        "outgoingserver": Text,
        "port": int,
        "security": Literal["PLAIN", "SSL", "TLS"],
        "smtp": bool,
        "user": Text | None,
        "pass": secret(Text | None),
        "oauth": secret(dict[str, Any] | None),
    }
    entry = model("MailEntry", **fields, id=int)
    mail = Service("mail", "ALERT")
    mail.add("config", {}, entry, write=False)
    mail.add("update", {"data": partial(model("MailUpdate", **fields))}, entry, write=True)
    mail.add("local_administrator_email", {}, Text | None, write=False)
    return mail.specs


def _service_methods(release: str) -> dict[str, Spec]:
    fields: dict[str, Any] = {"name": Text, "level": Level, "enabled": bool}
    if at_least(release, "25.04"):
        fields["attributes"] = model("AlertServiceAttributes", Open, type=Text)
    else:
        fields |= {"type": Text, "attributes": dict[str, Any]}
    entry = model("AlertServiceEntry", **fields, id=int, type__title=Text)
    service = Service("alertservice", "ALERT")
    service.add("query", query_params(release), query_result(release, entry), write=False, crud="query")
    data = partial(model("AlertServiceUpdate", **fields))
    service.add("update", {"id": int, "data": data}, entry, write=True, crud="update")
    return service.specs


def _class_methods() -> dict[str, Spec]:
    """Of each class that was changed, its level and policy."""
    classes = Service("alertclasses", "ALERT")
    entry = model("AlertClassesEntry", id=int, classes=dict[str, dict[str, Any]])
    classes.add("config", {}, entry, write=False)
    update = model("AlertClassesUpdate", classes=dict[str, dict[str, Any]])
    classes.add("update", {"data": update}, entry, write=True)
    return classes.specs
