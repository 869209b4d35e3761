# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The options that every truenas_* module shares. PRIVATE to the collection."""

from __future__ import annotations


class ModuleDocFragment:
    """Documentation of `CONNECTION_ARGUMENTS`."""

    DOCUMENTATION = r"""
options:
  api_url:
    description:
      - Where the NAS is reached, for example V(https://nas.example.com) or V(https://nas.example.com:8443).
      - On the NAS itself, the path of the middleware's socket, or V(unix://) and that path.
      - If not given, the middleware's socket V(/run/middleware/middlewared.sock) is used where there is one.
      - If the value is not specified in the task, the value of environment variable E(TRUENAS_API_URL) will be used
        instead.
    type: str
  api_key:
    description:
      - An API key. TrueNAS shows it once, when it is made.
      - It is never sent over an unencrypted connection to another machine, as the NAS would revoke it.
      - If the value is not specified in the task, the value of environment variable E(TRUENAS_API_KEY) will be used
        instead.
    type: str
  api_username:
    description:
      - The account that owns O(api_key), or that O(api_password) belongs to.
      - If the value is not specified in the task, the value of environment variable E(TRUENAS_API_USERNAME) will be
        used instead.
    type: str
  api_password:
    description:
      - The password of O(api_username). An API key is the better choice for automation.
      - If the value is not specified in the task, the value of environment variable E(TRUENAS_API_PASSWORD) will be
        used instead.
    type: str
  api_otp:
    description:
      - A one-time code, for accounts with two-factor login that use O(api_password).
    type: str
  api_transport:
    description:
      - V(auto) uses JSON-RPC over WebSocket, and REST where the release has no JSON-RPC (TrueNAS 24.10).
      - V(websocket) and V(rest) use just that.
      - If the value is not specified in the task, the value of environment variable E(TRUENAS_API_TRANSPORT) will be
        used instead.
    type: str
    choices: [auto, websocket, rest]
    default: auto
  validate_certs:
    description:
      - Whether to check the NAS's certificate. For a self-signed certificate, O(cert_fingerprint) is the safe way.
      - If the value is not specified in the task, the value of environment variable E(TRUENAS_VALIDATE_CERTS) will be
        used instead.
    type: bool
    default: true
  ca_path:
    description:
      - A file with the certificates to trust, in PEM form. By default, those of the system.
      - If the value is not specified in the task, the value of environment variable E(TRUENAS_CA_PATH) will be used
        instead.
    type: path
  cert_fingerprint:
    description:
      - The SHA-256 fingerprint of the NAS's own certificate, with or without colons.
      - Connections are only made to a NAS presenting exactly this certificate; O(validate_certs) is then ignored.
      - If the value is not specified in the task, the value of environment variable E(TRUENAS_CERT_FINGERPRINT) will be
        used instead.
    type: str
  api_timeout:
    description:
      - How long to wait, in seconds, for the connection and for the answer to one call.
      - It does not limit how long jobs are waited for.
    type: int
    default: 60
  read_only:
    description:
      - Whether nothing that writes, starts or deletes may leave this client. A task that would need it fails before
        anything is sent.
      - It holds for every module, M(nasops.cloudsync.truenas_call) and runs included. A method that the collection does
        not know counts as one that writes.
      - Check mode uses the same protection.
      - If the value is not specified in the task, the value of environment variable E(TRUENAS_READ_ONLY) will be used
        instead.
    type: bool
    default: false
    version_added: 1.1.0
  api_session:
    description:
      - V(keep) keeps the session with the NAS for the next tasks, as ssh's C(ControlPersist) does. They then need no
        login of their own, which TrueNAS limits to 20 a minute, and O(api_otp) is used by the first of them only.
      - A small process of the same user keeps it. It ends with the Ansible run, and otherwise when no task has used it
        for 30 seconds. It only serves processes that present the same credentials, and writes none of them to disk.
      - V(close) logs out at the end of the task.
      - By default, the session is kept where the work is done in Ansible's worker process (see the notes), and closed
        otherwise. Only JSON-RPC over TLS has a session to be kept; the option means nothing elsewhere.
      - If the value is not specified in the task, the value of environment variable E(TRUENAS_API_SESSION) will be
        used instead.
    type: str
    choices: [keep, close]
requirements:
  - websocket-client 1.6 or later where the work is done, for JSON-RPC. A TrueNAS has it.
notes:
  - Each of these options can also be a variable of the host, with C(truenas_) before its name, for example
    C(truenas_api_url) and C(truenas_api_key). The option in a task or in C(module_defaults) comes first, then the
    variable, then the environment.
  - Where the target of the play is the controller itself (C(ansible_connection=local)), the work is done in Ansible's
    worker process, which takes a tenth of the time. Set the variable C(truenas_in_worker) to V(false) to start a
    process of its own for each task, as on other targets. The results are the same.
"""
