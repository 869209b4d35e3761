# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Everything that the simulated Google knows, and how it begins."""

from __future__ import annotations

import datetime
import hashlib
import time
from collections import Counter
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric import rsa

from simulator.google.drive.store import Store
from simulator.google.faults import Fault
from simulator.google.grants import Grants
from simulator.google.library import Library, Upload

PHOTOS_SERVICE = "photoslibrary.googleapis.com"
PROJECT_ID = "simulated-nas-photos"
SCOPE = "https://www.googleapis.com/auth/"
PHOTOS_SCOPES = tuple(
    f"{SCOPE}photoslibrary.{name}" for name in ("appendonly", "readonly.appcreateddata", "edit.appcreateddata")
)
RCLONE_SCOPES = ("openid", f"{SCOPE}userinfo.profile", *PHOTOS_SCOPES)
"""What Google grants when rclone asks for `openid profile` and the three scopes of Photos."""


@dataclass
class Account:
    """A person with a Google account; `tester` says whether an app in testing lets them in."""

    email: str
    name: str
    tester: bool = True

    @property
    def subject(self) -> str:
        return str(int(_digest(self.email), 16))[:21]


@dataclass
class Project:
    project_id: str
    number: str
    display_name: str
    members: set[str] = field(default_factory=set)
    enabled_from: dict[str, float] = field(default_factory=dict)
    """For each enabled service, since when it is (seconds since the epoch)."""

    def is_enabled(self, service: str, now: float) -> bool:
        return self.enabled_from.get(service, now + 1) <= now


@dataclass
class Client:
    """An OAuth client: `installed` is what the console calls Desktop app."""

    client_id: str
    client_secret: str
    project_id: str
    kind: str = "installed"
    redirect_uris: list[str] = field(default_factory=lambda: ["http://localhost"])
    name: str = "NAS backup"

    def file(self) -> dict[str, Any]:
        """The JSON that the console offers for download, with Google's own addresses."""
        return {
            self.kind: {
                "client_id": self.client_id,
                "project_id": self.project_id,
                "auth_uri": "https://accounts.google.com/o/oauth2/auth",
                "token_uri": "https://oauth2.googleapis.com/token",
                "auth_provider_x509_cert_url": "https://www.googleapis.com/oauth2/v1/certs",
                "client_secret": self.client_secret,
                "redirect_uris": self.redirect_uris,
            }
        }


@dataclass
class Settings:
    """What the admin door can switch."""

    testing: bool = False
    """The app's publishing status is Testing: refresh tokens live seven days, only testers get in."""
    unverified: bool = False
    """The consent page shows the warning about apps that Google has not verified."""
    access_token_lifetime: int = 3599
    """Seconds."""
    consent_error: str | None = None
    """An error that only the browser shows, such as `org_internal`."""
    token_error: str | None = None
    """What the token endpoint answers to everything, such as `invalid_rapt`."""
    terms_accepted: bool = True
    """Whether callers have accepted the console's terms of service."""
    operation_seconds: float = 0.0
    """How long enabling a service or creating a project takes."""
    storage_limit: int = 15 * 1024**3
    """Bytes of an account, for Photos and Drive together."""
    drive_download_bytes: int = 10 * 1024**4
    """Bytes of Drive that an account may download in a day."""
    requests_per_day: int = 10_000
    """Requests to the Photos Library API, of a project."""
    media_reads_per_day: int = 75_000
    """Downloads of photos and videos, of a project."""
    writes_per_minute: int | None = None
    """Requests that change an account's photos, of an account; None: any number. Users saw 30."""
    concurrent_writes: int | None = None
    """Such requests at the same time; None: any number. Google advises 1."""
    album_items: int = 20_000
    """Photos and videos in an album."""

    def update(self, changes: dict[str, Any]) -> None:
        """Raises `ValueError` for names and types that do not exist here."""
        for name, value in changes.items():
            if name not in asdict(self):
                raise ValueError(f"no such setting: {name}")
            if not isinstance(value, _SETTING_TYPES.get(name, (bool,))):
                raise ValueError(f"wrong type for {name}: {value!r}")
            setattr(self, name, value)


_SETTING_TYPES: dict[str, tuple[type, ...]] = {
    "access_token_lifetime": (int,),
    "storage_limit": (int,),
    "requests_per_day": (int,),
    "media_reads_per_day": (int,),
    "writes_per_minute": (int, type(None)),
    "concurrent_writes": (int, type(None)),
    "album_items": (int,),
    "drive_download_bytes": (int,),
    "consent_error": (str, type(None)),
    "token_error": (str, type(None)),
    "operation_seconds": (int, float),
}


@dataclass
class Counts:
    """What the quotas of Photos go by."""

    day: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    """Requests by project, kind (`requests`, `media`) and day."""
    writes: dict[str, list[float]] = field(default_factory=dict)
    """By account, when it wrote in the last minute."""
    writing: Counter[str] = field(default_factory=Counter)
    """By account, how many writes are under way."""


class World:
    """The state of the simulated Google; `reset` brings back its beginning."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.content_folder = folder / "content"
        self.content_folder.mkdir(mode=0o700, exist_ok=True)
        self.signing_key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        self.service_account = f"automation@{PROJECT_ID}.iam.gserviceaccount.com"
        # Fixed, so that a NAS whose state outlives the simulator still holds a client and a token that work.
        self.refresh_token = f"1//0{_digest('refresh token')[:60]}"
        self.grants = Grants(self.now)
        self.reset()

    def reset(self) -> None:
        """Forget everything that happened; the files handed out at the start, and what came of them, keep working."""
        for file in self.content_folder.iterdir():
            file.unlink()
        self.advanced = 0.0
        self.settings = Settings()
        self.faults: list[Fault] = []
        self.requests: list[dict[str, Any]] = []
        self.accounts = [Account("ada@example.com", "Ada Example"), Account("ben@example.com", "Ben Example")]
        self.projects: dict[str, Project] = {}
        self.clients: dict[str, Client] = {}
        self.operations: dict[str, tuple[float, dict[str, Any]]] = {}
        self.libraries: dict[tuple[str, str], Library] = {}
        self.uploads: dict[str, Upload] = {}
        self.drive = Store(self.content_folder, self.now)
        self.counts = Counts()
        self.drive_sessions: dict[str, Any] = {}
        self.downloaded: dict[tuple[str, datetime.date], int] = {}
        """Bytes of Drive, by account and day."""
        before, self.grants = self.grants, Grants(self.now)
        self.grants.take_over(before, self.refresh_token)
        project = self.add_project(PROJECT_ID, "NAS photos", {self.service_account, self.accounts[0].email})
        project.enabled_from[PHOTOS_SERVICE] = 0.0
        self.client = self.add_client(PROJECT_ID, seed="desktop client")
        self.grants.add_refresh_token(
            self.client.client_id, self.accounts[0].email, RCLONE_SCOPES, refresh_token=self.refresh_token
        )

    def now(self) -> float:
        """Seconds since the epoch by the simulated clock, which the admin door can put forward."""
        return time.time() + self.advanced

    def account(self, email: str) -> Account | None:
        return next((account for account in self.accounts if account.email == email), None)

    def add_client(
        self, project_id: str, seed: str, kind: str = "installed", redirect_uris: list[str] | None = None
    ) -> Client:
        project = self.projects[project_id]
        client = Client(
            client_id=f"{project.number}-{_digest('id ' + seed)[:32]}.apps.googleusercontent.com",
            client_secret=f"GOCSPX-{_digest('secret ' + seed)[:28]}",
            project_id=project_id,
            kind=kind,
            redirect_uris=redirect_uris or ["http://localhost"],
        )
        self.clients[client.client_id] = client
        return client

    def add_project(self, project_id: str, display_name: str, members: set[str]) -> Project:
        number = str(int(_digest(project_id), 16))[:12]
        self.projects[project_id] = Project(project_id, number, display_name, members)
        return self.projects[project_id]

    def find_project(self, id_or_number: str) -> Project | None:
        return next((p for p in self.projects.values() if id_or_number in (p.project_id, p.number)), None)

    def revoke(self, account: str, project_id: str) -> int:
        """End all tokens that a project's clients hold for an account; returns how many refresh tokens that were."""
        return self.grants.revoke(account, [c.client_id for c in self.clients.values() if c.project_id == project_id])

    def library(self, account: str, project_id: str) -> Library:
        """What one app sees of an account's photos: since March 2025 only what it uploaded itself."""
        return self.libraries.setdefault((account, project_id), Library())

    def used_storage(self, account: str) -> int:
        """Bytes that an account has in Photos and in Drive, whatever app brought them."""
        photos = (library for (owner, _project), library in self.libraries.items() if owner == account)
        return self.drive.usage(account)[0] + sum(library.size for library in photos)


def _digest(text: str) -> str:
    return hashlib.sha256(f"simulated google: {text}".encode()).hexdigest()
