# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The gates of the collection: `make test` runs the default ones, `nox --list` names all.

Sessions with an environment of their own check how the collection is written; those without run the code, in the
virtual environment that `make venv` makes.
"""

from __future__ import annotations

import importlib.metadata
import os
import shutil
import sys
import urllib.request
from pathlib import Path

import antsibull_nox
import nox

# The ansible-core of the virtual environment: the newest one that runs on its Python.
CORE = ".".join(importlib.metadata.version("ansible-core").split(".")[:2])
PYTHON = f"{sys.version_info.major}.{sys.version_info.minor}"

nox.options.default_venv_backend = "uv"
nox.options.error_on_missing_interpreters = True
nox.options.reuse_venv = "yes"
nox.options.sessions = [
    "code",
    "lint",
    "license-check",
    "extra-checks",
    "ansible-lint",
    "docs-check",
    "build-import-check",
    "sanity",
    "unit",
    "integration",
    "molecule",
    "browser",
    "docs",
    "guides",
    "package",
]

antsibull_nox.load_antsibull_nox_toml()


def provide_get_pip() -> None:
    """Let ansible-test make its environments where its own pip bootstrap cannot be downloaded."""
    for version in ("24.2", "25.2"):  # ansible-core 2.18 and 2.19; 2.20 and later
        cached = Path.home() / ".ansible/test/cache" / f"get_pip_{version.replace('.', '_')}.py"
        if cached.exists():
            continue
        url = f"https://ci-files.testing.ansible.com/ansible-test/get-pip-{version}.py"
        try:
            urllib.request.urlopen(urllib.request.Request(url, method="HEAD"), timeout=5).close()
        except OSError:
            cached.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy("tests/sanity/get_pip.py", cached)


antsibull_nox.add_ansible_test_session(
    name="sanity",
    description="Run ansible-test sanity.",
    ansible_test_params=["sanity", "--local", "--python", PYTHON],
    ansible_core_version=CORE,
    ansible_core_source="pypi",
    callback_before=provide_get_pip,
    # antsibull-nox copies tests/output back and stumbles over nested folders.
    callback_after=lambda: shutil.rmtree("tests/output/.tmp", ignore_errors=True),
    default=True,
)


@nox.session(python=False)
def code(session: nox.Session) -> None:
    """Check the style of all code, the types of the simulator, and the changelog's fragments."""
    session.run("ruff", "check")
    session.run("ruff", "format", "--check")
    session.run("antsibull-changelog", "lint")
    with session.chdir("tests"):
        session.run("mypy", "--config-file=../pyproject.toml", "--package=simulator")


@nox.session(python=False)
def unit(session: nox.Session) -> None:
    """Run the unit tests and the simulator's own."""
    session.run("pytest", *session.posargs)


@nox.session(python=False)
def integration(session: nox.Session) -> None:
    """Run ansible-test integration against the simulator, with every release."""
    session.run("python", "tests/integration", *session.posargs)


@nox.session(python=False)
def molecule(session: nox.Session) -> None:
    """Run the Molecule scenarios against the simulator."""
    with session.chdir("extensions"):
        session.run("molecule", "test", "--all", *session.posargs)


@nox.session(python=False)
def browser(session: nox.Session) -> None:
    """Click through Google's consent page with Chromium, which is installed through apt where it is missing."""
    if not any(map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))):
        if not shutil.which("apt-get"):
            session.error("Chromium is missing: the browser tests did not run. Install it and start again")
        root = [] if os.geteuid() == 0 else ["sudo"]
        session.run(*root, "apt-get", "update", "--quiet", external=True)
        session.run(
            *root, "apt-get", "install", "--yes", "--quiet", "--no-install-recommends", "chromium", external=True
        )
    session.run("pytest", "tests/browser", *session.posargs)


@nox.session(python=False)
def guides(session: nox.Session) -> None:
    """Do what the guides and READMEs show, as a reader does it, against the simulator."""
    session.run("pytest", "tests/guides", *session.posargs)


@nox.session(python=False)
def package(session: nox.Session) -> None:
    """Install the built tarball offline and use it: ansible-doc, playbooks, ansible-runner, ansible-builder."""
    session.run("pytest", "tests/package", *session.posargs)


@nox.session(python=False)
def docs(session: nox.Session) -> None:
    """Build the documentation site into docs/build."""
    build = Path("docs/build")
    shutil.rmtree(build, ignore_errors=True)
    build.mkdir(parents=True)
    options = ["--use-current", "--squash-hierarchy", "--fail-on-error", f"--dest-dir={build}"]
    names = ["--project=nasops.cloudsync", "--title=nasops.cloudsync", "--copyright=The nasops.cloudsync authors"]
    session.run("antsibull-docs", "sphinx-init", *options, *names, "nasops.cloudsync")
    with Path(build, "conf.py").open("a", encoding="utf-8") as configuration:
        # The site builds without other sites' inventories, on machines without internet too: it cannot know their
        # anchors and variables.
        configuration.write("intersphinx_mapping = {}\n")
        configuration.write("suppress_warnings = ['ref.ref', 'ref.envvar', 'toc.not_included']\n")
    session.run(str(build / "build.sh"), external=True, silent=True)
    session.log(f"Open {build}/build/html/index.html")
