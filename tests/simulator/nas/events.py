# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Subscriptions and what is pushed to them."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from simulator.nas.session import Session

Send = Callable[[dict[str, Any]], None]


@dataclass(frozen=True)
class _Subscription:
    session: Session
    collection: str


class Events:
    """Who listens to which collection."""

    def __init__(self) -> None:
        self._senders: dict[str, Send] = {}
        self._subscriptions: dict[str, _Subscription] = {}

    def connect(self, session: Session, send: Send) -> None:
        """Let a session receive what it will subscribe to."""
        self._senders[session.id] = send

    def disconnect(self, session: Session) -> None:
        """Forget a session and its subscriptions."""
        self._senders.pop(session.id, None)
        self._subscriptions = {key: one for key, one in self._subscriptions.items() if one.session is not session}

    def subscribe(self, session: Session, collection: str) -> str:
        """Start pushing a collection to a session; returns the subscription's id."""
        subscription = str(uuid.uuid4())
        self._subscriptions[subscription] = _Subscription(session, collection)
        return subscription

    def unsubscribe(self, session: Session, subscription: str) -> None:
        """End a subscription of this session."""
        one = self._subscriptions.get(subscription)
        if one is not None and one.session is session:
            del self._subscriptions[subscription]

    def emit(
        self,
        collection: str,
        msg: str,
        row_id: int,
        fields: dict[str, Any] | None = None,
        visible: Callable[[Session], bool] = lambda session: True,
    ) -> None:
        """Tell subscribers that a record was `added`, `changed` or `removed`.

        :param visible: which sessions may see it
        """
        params: dict[str, Any] = {"msg": msg, "collection": collection, "id": row_id}
        if fields is not None:
            params["fields"] = fields
        for one in list(self._subscriptions.values()):
            send = self._senders.get(one.session.id)
            if one.collection == collection and send and one.session.authenticated and visible(one.session):
                send({"jsonrpc": "2.0", "method": "collection_update", "params": params})
