# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The gates of the collection: `make test` runs the default ones, `nox --list` names all.

Those without an environment of their own run in the virtual environment that `make venv` makes.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
import urllib.request
from pathlib import Path

import antsibull_nox
import nox
import yaml
from packaging.version import Version

CORES = ("2.18", "2.19", "2.20", "2.21")
"""The supported releases of ansible-core."""

NEXT = ("2.22.0b1", "3.13")
"""The first pre-release of the next one, and the Python to try it with."""

ENDS = {
    "oldest": ("2.18", "3.11", ("24.10", "25.04-rest", "26.0")),
    "newest": ("2.21", "3.13", ("25.10", "25.10-process", "25.10-rest", "27.0")),
}
"""With which of them, and on which Python, the tests run; in which ways to a NAS (tests/integration)."""

ON_ANSIBLE = [
    "tests/unit/playbooks",
    "tests/unit/plugins/action",
    "tests/unit/plugins/filter",
    "tests/unit/plugins/modules",
    "tests/unit/plugins/plugin_utils",
    "tests/unit/roles",
    "tests/unit/extensions",
    "tests/unit/plugins/module_utils/test_leaving.py",
    "tests/unit/plugins/module_utils/test_options.py",
]
"""The unit tests that depend on ansible-core. They run with both ends, all others once, on the oldest Python."""

WORKERS = ("--numprocesses=2", "--dist=loadfile")
"""Tests wait for simulators more than they compute."""

ELSEWHERE = [
    ("std:envvar", "ANSIBLE_VAULT_ENCRYPT_IDENTITY"),
    ("std:ref", "action_plugins"),
    ("std:ref", "ansible_configuration_settings"),
    ("std:ref", "common_return_values"),
]
"""What the documentation refers to in Ansible's own."""

nox.options.default_venv_backend = "uv"
nox.options.error_on_missing_interpreters = True
nox.options.reuse_venv = "yes"

if pyenv := shutil.which("pyenv"):
    # Its commands of one name for all Pythons fail for those that are not chosen. Those of the Pythons themselves work.
    root = subprocess.run([pyenv, "root"], capture_output=True, text=True, check=True).stdout.strip()
    real = ":".join(map(str, Path(root).glob("versions/*/bin")))
    os.environ["PATH"] = os.environ["PATH"].replace(f"{root}/shims", real)

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


for core in CORES:
    antsibull_nox.add_ansible_test_session(
        name=f"sanity-{core}",
        description=f"Run ansible-test sanity of ansible-core {core}.",
        # Pylint takes as long as all others, and finds with each the same.
        ansible_test_params=[
            *("sanity", "--local", "--python", "default"),
            *(() if core == CORES[-1] else ("--skip-test", "pylint")),
        ],
        ansible_core_version=core,
        ansible_core_source="pypi",
        callback_before=provide_get_pip,
        # antsibull-nox copies tests/output back and stumbles over nested folders.
        callback_after=lambda: shutil.rmtree("tests/output/.tmp", ignore_errors=True),
        default=True,
    )


@nox.session(name="sanity-next", python=NEXT[1])
def sanity_next(session: nox.Session) -> None:
    """Run ansible-test sanity of the ansible-core that is to come. What it finds is shown, and fails nothing."""
    session.install("--compile-bytecode", f"ansible-core>={NEXT[0]}")
    provide_get_pip()
    with tempfile.TemporaryDirectory() as folder:  # antsibull-nox's own session takes no pre-releases
        # By force: on the path of collections that make sets, the checkout is an installed one.
        where = f"--collections-path={folder}"
        session.run("ansible-galaxy", "collection", "install", "--offline", "--force", where, ".")
        with session.chdir(f"{folder}/ansible_collections/nasops/cloudsync"):
            # Its pylint wants a package that is in no index.
            options = ["--local", "--python=default", "--skip-test=pylint"]
            session.run("ansible-test", "sanity", *options, *session.posargs, success_codes=range(256))


@nox.session(python=False, default=False)
def sanity(session: nox.Session) -> None:
    """Run ansible-test sanity of the oldest and the newest supported ansible-core."""
    for core in (CORES[0], CORES[-1]):
        session.notify(f"sanity-{core}")


@nox.session(name="sanity-between", python=False, default=False)
def sanity_between(session: nox.Session) -> None:
    """Run ansible-test sanity of the releases of ansible-core between them, and of the next."""
    for core in (*CORES[1:-1], "next"):
        session.notify(f"sanity-{core}")


@nox.session(python=False)
def code(session: nox.Session) -> None:
    """Check the style of all code, the types of the simulator, and the changelog's fragments."""
    session.run("ruff", "check")
    session.run("ruff", "format", "--check")
    session.run("antsibull-changelog", "lint")
    with session.chdir("tests"):
        session.run("mypy", "--config-file=../pyproject.toml", "--cache-dir=../.mypy_cache", "--package=simulator")


@nox.session(python=False, default=False)
def integration(session: nox.Session) -> None:
    """Run ansible-test integration against the simulator, in every way to a NAS."""
    session.run("python", "tests/integration", *session.posargs)


@nox.session(name="simulator-tests", python=False)
def simulator_tests(session: nox.Session) -> None:
    """Hold the simulator against what real NASes and Google do."""
    session.run("pytest", *WORKERS, "tests/simulator/tests", *session.posargs)


@nox.session(python=False)
def safety(session: nox.Session) -> None:
    """Run the tests of safety, which print their figures."""
    session.run("pytest", *WORKERS, "tests/safety", *session.posargs)


def add_tests(end: str, core: str, python: str, ways: tuple[str, ...]) -> None:
    """Add the sessions that run unit and integration tests with an ansible-core."""

    def install(session: nox.Session) -> None:
        session.install("--compile-bytecode", "--requirement=requirements-unit.txt", f"ansible-core~={core}.0")

    @nox.session(name=f"unit-{end}", python=python)
    def unit_with_core(session: nox.Session) -> None:
        install(session)
        tests = ["tests/unit"] if end == "oldest" else ON_ANSIBLE
        session.run("pytest", *WORKERS, *tests, *session.posargs)

    @nox.session(name=f"integration-{end}", python=python)
    def integration_with_core(session: nox.Session) -> None:
        install(session)
        session.run("python", "tests/integration", *(f"--way={way}" for way in ways), *session.posargs)


for end, (core, python, ways) in ENDS.items():
    add_tests(end, core, python, ways)


@nox.session(python=False)
def molecule(session: nox.Session) -> None:
    """Run the Molecule scenarios against the simulator."""
    with session.chdir("extensions"):
        session.run("molecule", "test", "--all", *session.posargs)


def require(session: nox.Session, package: str, *programs: str) -> None:
    """Fail unless one of the programs of a Debian package is there. Nothing is installed on a person's machine."""
    if not any(map(shutil.which, programs)):
        session.error(f"{programs[0]} is missing, so nothing was tested. Install it: apt-get install {package}")


@nox.session(python=False)
def browser(session: nox.Session) -> None:
    """Click through Google's consent page with Chromium."""
    require(session, "chromium", "chromium", "chromium-browser", "google-chrome")
    session.run("pytest", "tests/browser", *session.posargs)


@nox.session(python=False)
def monitoring(session: nox.Session) -> None:
    """Check metrics and alert rules with Prometheus's promtool."""
    require(session, "prometheus", "promtool")
    session.run("pytest", "tests/monitoring", *session.posargs)


@nox.session
def eda(session: nox.Session) -> None:
    """Run the rulebook with ansible-rulebook, which needs Java."""
    require(session, "default-jre-headless", "java")
    session.install("--compile-bytecode", "--requirement=requirements-unit.txt", "ansible-core", "ansible-rulebook")
    session.run("pytest", "tests/eda", *session.posargs)


@nox.session(python=False)
def guides(session: nox.Session) -> None:
    """Do what the guides and READMEs show, as a reader does it, against the simulator."""
    session.run("pytest", "tests/guides", *session.posargs)


@nox.session(python=False)
def package(session: nox.Session) -> None:
    """Install the built tarball offline and use it: ansible-doc, playbooks, ansible-runner, ansible-builder."""
    session.run("pytest", "tests/package", *session.posargs)


@nox.session(name="galaxy-importer", default=False)
def galaxy_importer(session: nox.Session) -> None:
    """Import the tarball as Galaxy does, without errors and, which antsibull-nox's session lets pass, warnings."""
    session.install("--compile-bytecode", "ansible-core", "galaxy-importer")
    folder = session.create_tmp()
    for old in Path(folder).glob("*.tar.gz"):
        old.unlink()
    session.run("ansible-galaxy", "collection", "build", f"--output-path={folder}", silent=True)
    (tarball,) = Path(folder).glob("*.tar.gz")
    with session.chdir(folder):
        printed = str(session.run("python", "-m", "galaxy_importer.main", tarball.name, silent=True))
    session.log(printed.splitlines()[-1])
    found = [line for line in printed.splitlines() if line.startswith(("WARNING:", "ERROR:"))]
    if found:
        session.error("\n".join(found))


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
        # anchors and variables. Any other reference without a target fails the build.
        configuration.write("intersphinx_mapping = {}\n")
        configuration.write(f"nitpick_ignore = {ELSEWHERE}\n")
        configuration.write("html_static_path = ['../docsite/static']\nhtml_css_files = ['narrow.css']\n")
        # The guides name pictures as they lie beside them in the repository; antsibull-docs copies the guides alone.
        configuration.write("import shutil\nshutil.copytree('../docsite/static', 'rst/static', dirs_exist_ok=True)\n")
    session.run(str(build / "build.sh"), external=True, silent=True)
    session.log(f"Open {build}/build/html/index.html")


@nox.session(python=False, default=False)
def release(session: nox.Session) -> None:
    """Release the version that galaxy.yml names: changelog, tarball, commit and tag."""

    def git(*words: str) -> str:
        return str(session.run("git", *words, external=True, silent=True)).strip()

    def read(path: str | Path) -> dict:
        return yaml.safe_load(Path(path).read_text(encoding="utf-8"))

    version = read("galaxy.yml")["version"]
    released = read("changelogs/changelog.yaml")["releases"]
    newest = max(released, key=Version)
    if git("status", "--porcelain"):
        session.error("Not everything is committed. Commit it or take it away")
    if git("tag", "--list", f"v{version}"):
        session.error(f"{version} has been released. Set the next version in galaxy.yml")
    if Version(version) < Version(newest):
        session.error(f"galaxy.yml says {version}, but the changelog has {newest} already")
    if version not in released and not any(
        "release_summary" in read(one) for one in Path().glob("changelogs/fragments/*.yml")
    ):
        session.error(f"The changelog has nothing about {version}. Add a fragment with a release_summary")
    session.run("antsibull-changelog", "lint")
    session.run("antsibull-changelog", "release", "--update-existing")
    session.run("ansible-galaxy", "collection", "build", "--force")
    git("add", "changelogs", "CHANGELOG.md")
    git("commit", "--allow-empty", f"--message=Release {version}")
    git("tag", f"--message={version}", f"v{version}")
    session.log(f"Now push the branch and v{version}, and publish nasops-cloudsync-{version}.tar.gz")
