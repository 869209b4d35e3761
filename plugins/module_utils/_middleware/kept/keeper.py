# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A session that outlives the task: found at a session keeper, which is started where there is none yet.

PRIVATE to the collection. As ssh's ControlPersist: a process of the same user, on a socket in a private directory, one
for a NAS, a credential and the Ansible run that it was started for. Whatever goes wrong with the keeper itself, the
task gets a session of its own.
"""

from __future__ import annotations

import contextlib
import dataclasses
import fcntl
import json
import multiprocessing
import os
import pathlib
import select
import socket
import stat
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from typing import Any

from ansible_collections.nasops.cloudsync.plugins.module_utils._middleware import errors
from ansible_collections.nasops.cloudsync.plugins.module_utils._middleware.connection_options import (
    ConnectionOptions,
    Endpoint,
)
from ansible_collections.nasops.cloudsync.plugins.module_utils._middleware.kept import keeper_process, keeper_wire
from ansible_collections.nasops.cloudsync.plugins.module_utils._middleware.transport import rpc_session
from ansible_collections.nasops.cloudsync.plugins.module_utils._middleware.transport.rpc_connection import (
    Broken,
    Call,
    RpcConnection,
)
from ansible_collections.nasops.cloudsync.plugins.module_utils._middleware.transport.rpc_session import RpcSession, Warn
from ansible_collections.nasops.cloudsync.plugins.module_utils._middleware.transport.sockets import Deadline

# Seconds without a call after which a keeper ends.
IDLE = 30.0

# How many credentials of an account may have a keeper; one more, and tasks that hold it get their own sessions.
_SLOTS = 4

# Seconds that the keeper gets beyond those for connecting to the NAS.
_START = 10.0

# Seconds after which it is looked whether a socket still has a keeper.
_OLD = 3600.0

_CHUNK = 1 << 18

# Longest path of a unix socket, the final zero not counted (Linux has 107, macOS and the BSDs 103).
_PATH_LIMIT = 103

# What the keeper's Python and OpenSSL may need of the environment, which may hold credentials otherwise.
_ENVIRONMENT = ("HOME", "LANG", "LC_ALL", "LD_LIBRARY_PATH", "OPENSSL_CONF", "PATH", "SSL_CERT_DIR", "SSL_CERT_FILE")

# All that it has to know comes through a pipe. It detaches itself before it loads anything.
_BOOTSTRAP = """
import importlib, json, os, socket, sys
start = json.load(sys.stdin)
if os.fork():
    os._exit(0)
sys.path[:] = start["path"]
importlib.import_module(start["module"]).main(start, socket.socket(fileno=start["listener"]))
"""

_ERRORS: dict[str, type[errors.MiddlewareError]] = {
    kind.__name__: kind
    for kind in (
        errors.CertificateError,
        errors.ConnectError,
        errors.InsecureTransport,
        errors.LoginError,
        errors.NotReady,
        errors.ProtocolError,
        rpc_session.NoJsonRpc,
    )
}


class KeptSession(RpcSession):
    """A session that a keeper holds; closing it leaves it there for the next task."""

    def exchange(self, calls: Sequence[Call], timeout: float) -> list[Any]:
        """As of `RpcSession`; after a timeout, do not reuse this session."""
        outcomes = super().exchange(calls, timeout)
        if any(isinstance(outcome, errors.CallTimeout) for outcome in outcomes):
            self.discard()
        return outcomes

    def close(self) -> None:
        """Leave."""
        self.connection.close()

    def discard(self) -> None:
        """Leave, and see to it that nobody else finds it."""
        deadline = Deadline(1)
        with contextlib.suppress(Broken, TimeoutError):
            self.connection.transport.send(json.dumps({"end": True}), deadline)
            while True:  # until the keeper hangs up
                self.connection.transport.receive(deadline)
        self.close()


class _NoKeeper(Exception):
    """There is no keeper to be had."""


class _WrongCredential(Exception):
    """The keeper holds another credential."""


class _KeeperGone(Exception):
    """The keeper ended before it said what the session begins with."""


class _KeeperTransport:
    """A connection to a keeper, as a transport of messages."""

    def __init__(self, sock: socket.socket) -> None:
        self._sock = sock
        self._frames = keeper_wire.Frames()

    def send(self, text: str, deadline: Deadline) -> None:
        """Send one message. Raises TimeoutError or Broken."""
        data = text.encode()
        try:
            self._sock.settimeout(deadline.check())
            self._sock.sendall(keeper_wire.head(data) + data)
        except TimeoutError:
            raise
        except OSError as error:
            raise Broken(f"the kept session has ended: {error.strerror}") from None

    def receive(self, deadline: Deadline) -> bytes:
        """One message. Raises TimeoutError or Broken."""
        while (frame := self._frames.take()) is None:
            try:
                self._sock.settimeout(deadline.check())
                data = self._sock.recv(_CHUNK)
            except TimeoutError:
                raise
            except OSError as error:
                raise Broken(f"the kept session has ended: {error.strerror}") from None
            if not data:
                raise Broken("the kept session has ended")
            self._frames.feed(data)
        return frame

    def ping(self, deadline: Deadline) -> None:
        """The keeper itself keeps the connection alive."""

    def readable(self) -> bool:
        """Whether something has arrived that was not received yet."""
        return self._frames.complete or bool(select.select([self._sock], [], [], 0)[0])

    def close(self, *, politely: bool) -> None:  # pylint: disable=unused-argument
        """Close."""
        self._sock.close()


def open_session(options: ConnectionOptions, endpoint: Endpoint, warn: Warn) -> RpcSession:
    """The kept session with this NAS and credential, else a new one, else a private session if none can be kept.

    Raises:
        NoJsonRpc, ConnectError, LoginError: as of `rpc_session.open_session`.
    """
    try:
        directory = private_directory()
        name = keeper_wire.name(options, endpoint, owner())
        for slot in range(_SLOTS):
            with contextlib.suppress(_WrongCredential):
                return _join(directory / f"{name}-{slot}", options, endpoint, warn)
    except _NoKeeper as reason:
        warn(f"The session with {endpoint} is not kept for the next task: {reason}.")
    return rpc_session.open_session(options, endpoint, warn)


def owner() -> int | None:
    """The process whose end ends the session: Ansible, where this is one of its workers."""
    parent = multiprocessing.parent_process()
    return parent.pid if parent else None


def private_directory() -> pathlib.Path:
    """The directory of the sockets, which nobody else can get at.

    Raises:
        _NoKeeper: somebody else's, open to others, or not to be made.
    """
    runtime = os.environ.get("XDG_RUNTIME_DIR")
    places = [pathlib.Path(runtime)] if runtime and pathlib.Path(runtime).is_dir() else []
    with contextlib.suppress(RuntimeError):  # a container's uid may have no home
        places.append(pathlib.Path("~/.ansible").expanduser())
    places.append(pathlib.Path(tempfile.gettempdir()))
    reason = "no directory for its socket has a path that is short enough"
    for place in places:
        directory = place / f"nasops-cloudsync-{os.geteuid()}"
        if len(os.fsencode(directory)) + len("/0123456789abcdef-0") <= _PATH_LIMIT:
            try:
                directory.mkdir(mode=0o700, parents=True, exist_ok=True)
                return _checked_private(directory)
            except OSError as error:
                reason = f"{directory} cannot be made ({error.strerror})"
    raise _NoKeeper(reason)


def _checked_private(directory: pathlib.Path) -> pathlib.Path:
    found = directory.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.geteuid():
        raise _NoKeeper(f"{directory} belongs to somebody else or is no directory; remove it")
    if found.st_mode & 0o077:
        raise _NoKeeper(f"{directory} is open to other accounts; remove it, or set its mode to 0700")
    return directory


def _join(path: pathlib.Path, options: ConnectionOptions, endpoint: Endpoint, warn: Warn) -> RpcSession:
    """The session of the keeper at a path, which is started if there is none.

    Raises:
        _WrongCredential: it holds another credential.
        _NoKeeper: it cannot be started, or ends before it has said anything.
    """
    try:
        sock = _connect(path)
        if sock:
            with contextlib.suppress(_KeeperGone):  # it was about to end, or was killed: start another
                return _enter(sock, options, endpoint, warn)
        return _enter(_connect_or_start(path, options), options, endpoint, warn)
    except _KeeperGone:
        raise _NoKeeper("its keeper ended unexpectedly") from None
    except TimeoutError:
        path.unlink(missing_ok=True)  # a keeper that was stopped: the next task starts another
        raise _NoKeeper("its keeper does not answer") from None
    except OSError as error:
        raise _NoKeeper(f"its keeper cannot be used ({error.strerror or error})") from None


def _connect(path: pathlib.Path) -> socket.socket | None:
    """A connection to the keeper; None when there is none. Raises OSError, PermissionError for a stranger's process."""
    sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        sock.connect(str(path))
        if not keeper_wire.same_user(sock):
            raise PermissionError(f"{path} is served by another account")
    except (FileNotFoundError, ConnectionRefusedError):
        sock.close()
        return None
    except BaseException:
        sock.close()
        raise
    return sock


def _connect_or_start(path: pathlib.Path, options: ConnectionOptions) -> socket.socket:
    """A connection to the keeper, which need not be ready yet.

    The socket is made here and handed over, so that others who want the same session wait at it instead of starting
    keepers of their own.
    """
    with _locked(path.parent):
        sock = _connect(path)
        if sock:
            return sock
        path.unlink(missing_ok=True)  # of a keeper that was killed
        _sweep(path.parent)
        listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            listener.bind(str(path))
            path.chmod(0o600)
            listener.listen(128)
            sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
            sock.connect(str(path))
        except BaseException:
            listener.close()
            raise
    with listener:
        try:
            _start(listener, options)
        except BaseException:
            sock.close()
            raise
    return sock


def _sweep(directory: pathlib.Path) -> None:
    """Remove what keepers of earlier plays have left that were killed."""
    for path in directory.iterdir():
        with contextlib.suppress(OSError):
            if time.time() - path.lstat().st_mtime > _OLD:
                sock = _connect(path)
                if sock:
                    sock.close()
                else:
                    path.unlink()


@contextlib.contextmanager
def _locked(directory: pathlib.Path) -> Iterator[None]:
    descriptor = os.open(directory, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def _start(listener: socket.socket, options: ConnectionOptions) -> None:
    """Start a keeper that serves this socket. Raises OSError when that is not possible."""
    root = pathlib.Path(__file__).parents[__name__.count(".")]  # Ansible's own finder of collections is not there
    start = {
        "options": dataclasses.asdict(options),
        "owner": owner(),
        "idle": IDLE,
        "listener": listener.fileno(),
        "path": [str(root), *(str(pathlib.Path(place).absolute()) for place in sys.path)],
        "module": keeper_process.__name__,
    }
    # A module's run_command would wait for its end; the keeper outlives who started it.
    process = subprocess.Popen(  # pylint: disable=ansible-bad-function
        [sys.executable, "-I", "-S", "-c", _BOOTSTRAP],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        pass_fds=[listener.fileno()],
        start_new_session=True,
        cwd="/",
        env={name: os.environ[name] for name in _ENVIRONMENT if name in os.environ},
    )
    process.communicate(json.dumps(start).encode())
    if process.returncode:
        raise ChildProcessError("it does not start")


def _enter(sock: socket.socket, options: ConnectionOptions, endpoint: Endpoint, warn: Warn) -> RpcSession:
    """Prove the credential and learn what the session begins with.

    Raises:
        _WrongCredential, _KeeperGone: as their names say.
        NoJsonRpc, ConnectError, LoginError: what the keeper met with when it logged in.
    """
    transport = _KeeperTransport(sock)
    held = keeper_wire.credential(options)
    deadline = Deadline(options.api_timeout + _START)
    try:
        keepers, callers = json.loads(transport.receive(deadline))["nonce"], keeper_wire.nonce()
        mine = {"nonce": callers, "proof": keeper_wire.proof(held, "caller", keepers, callers)}
        transport.send(json.dumps(mine), deadline)
        greeting = json.loads(transport.receive(deadline))
        if not keeper_wire.proves(greeting.get("proof"), held, "keeper", keepers, callers):
            raise _WrongCredential
        if "error" in greeting:
            error = greeting["error"]
            raise _ERRORS.get(error["kind"], errors.ConnectError)(error["message"])
        for text in greeting.get("said", ()):
            warn(text)
        connection = RpcConnection(transport, endpoint, options.secrets, greeting["first_id"])
        return KeptSession(options, connection, greeting["version"], greeting["watching"])
    except (Broken, TimeoutError, ValueError, KeyError, TypeError, AttributeError):
        sock.close()
        raise _KeeperGone from None
    except BaseException:
        sock.close()
        raise
