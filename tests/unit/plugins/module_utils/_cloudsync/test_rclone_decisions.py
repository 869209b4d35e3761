# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is refused among a task's arguments, what has to be agreed to, and what makes a dry run necessary."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from ansible_collections.nasops.cloudsync.plugins.module_utils._cloudsync import rclone_decisions as decisions

EXCLUDES = {"exclude": ["/Private/**"]}

RCLONE = Path(sys.executable).with_name("rclone")


def rclone(*arguments, cwd):
    """Run the real one as TrueNAS does; what it has printed."""
    done = subprocess.run(
        [RCLONE, "--config", "/dev/null", "-v", "--stats", "1s", *arguments],
        capture_output=True, check=False, cwd=cwd, text=True, timeout=20,
    )  # fmt: skip
    return done.stdout + done.stderr


@pytest.mark.parametrize(
    ("args", "message"),
    [
        ("sync --exclude", "args: the word 'sync' is not an option, so rclone takes it for its command"),
        ("move --exclude", "args: the word 'move' is not an option"),
        ("--fast-list purge", "args: the word 'purge' is not an option"),
        ("--fast-list --exclude", "args: --exclude has no value"),
        ("--exclude 'a", "args: its quotes cannot be read (No closing quotation)"),
        ("--tranfers 8", "args: rclone has no option --tranfers. Do you mean --transfers?"),
        ("--dry-run", "args: --dry-run is refused: it would turn the dry runs"),
        ("--dry-run=false", "args: --dry-run is refused: it would turn the dry runs"),
        ("-vn=false", "args: -n is refused: it would turn the dry runs"),
        ("-i", "args: -i is refused: it keeps rclone from doing the task's run"),
        ("--help", "args: --help is refused: it keeps"),
        ("-V", "args: -V is refused: it keeps"),
        ("--config /tmp/x", "args: --config is refused: it replaces the configuration"),
        ("--log-format pid", "args: --log-format is refused: it changes where or how rclone writes its log"),
        ("--log-file=/dev/null", "args: --log-file is refused: it changes where"),
        ("--use-json-log", "args: --use-json-log is refused"),
        ("--log-level ERROR", "args: --log-level is refused"),
        ("-q", "args: -q is refused"),
        ("-vP", "args: -P is refused"),
        ("--syslog", "args: --syslog is refused"),
        ("--stats 0", "args: --stats is refused: it changes"),
        ("--stats=0h0m0.0s", "args: --stats is refused"),
        ("--stats -1s", "args: --stats is refused"),
        ("--stats-one-line", "args: --stats-one-line is refused"),
        ("--verbose=0", "args: --verbose is refused"),
        ("-v=-1", "args: -v is refused"),
        ("--dump auth", "args: --dump is refused: it writes passwords and tokens into the log"),
        ("--dump headers,Bodies", "args: --dump is refused: it writes"),
        ("--dump=curl", "args: --dump is refused: it writes"),
        ("--dump-bodies", "args: --dump-bodies is refused: it writes"),
        ("--rc", "args: --rc is refused: it lets others control"),
        ("--rc-addr :5572", "args: --rc-addr is refused: it lets others control"),
        ("--metrics-addr :1", "args: --metrics-addr is refused"),
        ("--metadata-mapper 'sh -c x'", "args: --metadata-mapper is refused: it makes TrueNAS run another program"),
        ("--memprofile /mnt/tank/x", "args: --memprofile is refused: it makes rclone write a file"),
        ("--files-from /tmp/x", "args: --files-from is refused: it reads a file that can undo the filters"),
        ("--filter-from /tmp/x", "args: --filter-from is refused: it reads a file"),
        ("--crypt-no-data-encryption", "args: --crypt-no-data-encryption is refused: it changes how the task encrypts"),
        ("--crypt-directory-name-encryption=false", "args: --crypt-directory-name-encryption is refused"),
        ("--combined /tmp/x", "args: --combined is refused: rclone takes it behind its command only"),
        ("--max-delete -1", "args: --max-delete is refused: -1 is not a limit. Give the number of files"),
        ("--max-delete=-0x1", "args: --max-delete is refused: -0x1 is not a limit"),
        ("--max-delete ten", "args: --max-delete is refused: 'ten' is not a number of files. Give 0 or more."),
        ("--max-delete ²", "args: --max-delete is refused: '²' is not a number of files"),
        ("--max-delete 5 --max-delete -1", "args: --max-delete is refused: -1 is not a limit"),
    ],
)
def test_refused(args, message):
    found = decisions.refusal(args, {}, None)
    assert found.startswith(message)
    assert found.endswith((".", "?"))


@pytest.mark.parametrize(
    "args",
    [
        "--webdav-pass hunter2",
        "--webdav-pass=hunter2",
        "--webdav-pass = hunter2",
        "--s3-secret-access-key=hunter2 hunter2",
        "--client-pass hunter2",
        "--webdav-url https://u:hunter2@example.com",
        "--http-proxy http://u:hunter2@example.com",
        "--header 'Authorization: hunter2'",
        "--header-upload=Cookie:hunter2",
        "--webdav-headers X-Auth-Token,hunter2",
        '--gphotos-token \'{"access_token":"hunter2"}\'',
    ],
)
def test_what_belongs_to_the_credential_is_refused_and_not_shown(args):
    found = decisions.refusal(args, {}, None)
    assert "is refused: it belongs to the cloud credential" in found
    assert "hunter2" not in found


@pytest.mark.parametrize(("dumped", "told"), [("headers", False), ("auth", True), ("bodies,auth", True)])
def test_a_dump_can_hold_what_the_credential_keeps(dumped, told, tmp_path):
    """With the real rclone: its log is the job's, which TrueNAS shows."""
    remote = ":webdav,url='http://127.0.0.1:9/',bearer_token=hunter2:"
    log = rclone("--dump", dumped, "--low-level-retries", "1", "--retries", "1", "lsf", remote, cwd=tmp_path)
    assert "PROPFIND" in log
    assert ("Bearer hunter2" in log) is told
    assert (decisions.refusal(f"--dump {dumped}", {}, None) is not None) is told


@pytest.mark.parametrize(
    "args",
    [
        "",
        "--fast-list --transfers 8 --checkers=16 -v",
        "--low-level-retries 3 --retries 1",
        "--stats 10s --stats-unit bits -vv",
        "--exclude '*.txt' --min-size 1k --max-age 24h -x",
        "--filter '- *.txt' --filter '+ *.jpg'",
        "--include *.jpg",
        "--max-delete 0 --max-delete-size 1G --backup-dir remote:old/x",
        "--max-delete 0x10 --max-delete 1_000",
        "--s3-storage-class GLACIER --drive-use-trash --b2-hard-delete",
        "--header 'X-Api-Version: 2' --http-proxy http://proxy:3128 --user-agent x",
        "--quiet=false --log-systemd=false --rc=false --interactive=false",
        "--crypt-show-mapping --crypt-strict-names",
        "--dump headers",
        "--dump filters,openfiles --dump-headers --dump-bodies=false",
    ],
)
def test_not_refused(args):
    assert decisions.refusal(args, {}, None) is None


@pytest.mark.parametrize(
    "args", ["--include *.jpg", "--include-from /mnt/tank/patterns", "--filter '+ *.jpg'", "-f='+ *.jpg'"]
)
def test_what_comes_before_the_excludes_of_the_task_is_refused_beside_them(args, tmp_path):
    """With the real rclone: the file of filters, which TrueNAS makes of the option exclude, is read last."""
    source = tmp_path / "source"
    (source / "Private").mkdir(parents=True)
    (source / "Private" / "a.jpg").write_text("x")
    (tmp_path / "filters").write_text("- /Private/**")
    (tmp_path / "patterns").write_text("*.jpg")
    real = [word.replace("/mnt/tank/patterns", "patterns") for word in shlex.split(args)]
    told = rclone("--dry-run", "--filter-from", "filters", *real, "copy", "source", "target", cwd=tmp_path)
    assert "Private/a.jpg: Skipped copy" in told
    told = rclone("--dry-run", "--filter-from", "filters", "--exclude", "*.txt", "copy", "source", "t", cwd=tmp_path)
    assert "Private/a.jpg" not in told
    assert "it would transfer files that exclude keeps back" in decisions.refusal(args, EXCLUDES, None)
    assert decisions.refusal("--exclude *.txt -f '- *.txt'", EXCLUDES, None) is None


@pytest.mark.parametrize("args", ["--include *.jpg", "--filter '+ *.jpg'"])
def test_what_comes_before_the_includes_of_the_task_is_refused_beside_them(args, tmp_path):
    """With the real rclone: what the option include does not name is transferred too."""
    (tmp_path / "source" / "Private").mkdir(parents=True)
    (tmp_path / "source" / "Private" / "a.jpg").write_text("x")
    (tmp_path / "filters").write_text("+ /Family/**\n- *")
    for more, sent in (((), False), (shlex.split(args), True)):
        told = rclone("--dry-run", "--filter-from", "filters", *more, "copy", "source", "target", cwd=tmp_path)
        assert ("Private/a.jpg: Skipped copy" in told) is sent
    found = decisions.refusal(args, {"include": ["/Family/**"]}, None)
    assert "it would transfer files that include does not name" in found
    assert decisions.refusal("--exclude *.txt", {"include": ["/Family/**"]}, None) is None


@pytest.mark.parametrize(
    ("args", "taken"),
    [
        ("--include *.jpg", True),
        ("--include **/A/**", True),
        ("--include-from patterns", True),
        ("--filter '+ *.jpg'", True),
        ("-f='+ *.{jpg,png}'", True),
        ("--include /.zfs/**", True),
        ("--include /*/a.jpg", False),
        ("--include /A/**", False),
        ("--filter '+ /A/**' --filter '- *'", False),
        ("--exclude *.txt", False),
    ],
)
def test_what_comes_before_the_filters_of_truenas_itself(args, taken, tmp_path):
    """With the real rclone: files of a snapshot are transferred although TrueNAS leaves them out."""
    source = tmp_path / "source"
    for place in (".zfs/snapshot/daily/A", "A"):
        (source / place).mkdir(parents=True)
        (source / place / "a.jpg").write_text("x")
    (tmp_path / "filters").write_text("- .zfs\n- .zfs/**")
    (tmp_path / "patterns").write_text("*.jpg")
    told = rclone("--dry-run", "--filter-from", "filters", *shlex.split(args), "copy", "source", "target", cwd=tmp_path)
    assert (".zfs/snapshot/daily/A/a.jpg: Skipped copy" in told) is taken
    flag = decisions.takes_what_truenas_leaves_out(args)
    assert flag == (shlex.split(args)[0].partition("=")[0] if taken or "/*/" in args else None)


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (
            "--exclude /mnt/tank/photos/Private/**",
            "args: --exclude is refused: '/mnt/tank/photos/Private/**' can never",
        ),
        ("--fast-list --exclude '- /Private/**'", "args: --exclude is refused: '- /Private/**' can never match"),
        ("--include ./Family/**", "args: --include is refused: './Family/**' can never match"),
        ("-f '- /mnt/tank/photos/Private/**'", "args: -f is refused: '/mnt/tank/photos/Private/**' can never match"),
        ("--filter '+ [bad'", "args: --filter is refused: '[bad' is not a pattern that rclone can read"),
        ("--filter *.tmp", "args: --filter is refused: '*.tmp' is not a rule of a filter, and every run would fail."),
        ("--filter=-/x", "args: --filter is refused: '-/x' is not a rule of a filter"),
        ("--filter '# x'", "args: --filter is refused: '# x' is not a rule"),
        ("--exclude \u201c*.tmp\u201d", "args: --exclude is refused: '\u201c*.tmp\u201d' can never match"),
    ],
)
def test_a_filter_among_the_arguments_is_read_as_those_of_the_options(args, message):
    found = decisions.wrong_filter(args, "/mnt/tank/photos")
    assert found.startswith(message)
    assert found.endswith(".")
    assert not found.endswith("..")


@pytest.mark.parametrize("rule", ["*.tmp", "-/x", "# x", " - x", "-\tx", ". x"])
def test_the_real_rclone_does_not_read_what_is_no_rule(rule, tmp_path):
    assert "malformed rule" in rclone("--filter", rule, "lsf", ".", cwd=tmp_path)
    assert decisions.wrong_filter(shlex.join(["--filter", rule]), None)


@pytest.mark.parametrize(
    "args",
    [
        "",
        "--exclude *.tmp --exclude /Private/** -f '- *.raw'",
        "--filter '+ /A/**' --filter !",
        "--exclude-if-present .x",
    ],
)
def test_right_filters_among_the_arguments(args):
    assert decisions.wrong_filter(args, "/mnt/tank/photos") is None


def test_a_file_of_filters_can_undo_those_of_the_task(tmp_path):
    source = tmp_path / "source"
    source.mkdir()
    (source / "a.jpg").write_text("x")
    (tmp_path / "filters").write_text("- *")
    (tmp_path / "mine").write_text("!")
    told = rclone(
        *("--dry-run", "--filter-from", "filters", "--filter-from", "mine", "copy", "source", "t"), cwd=tmp_path
    )
    assert "a.jpg: Skipped copy" in told


@pytest.mark.parametrize(
    ("args", "kind", "flag"),
    [
        ("--delete-excluded", ("PUSH", "SYNC"), "--delete-excluded"),
        ("--delete-excluded", ("PULL", "SYNC"), "--delete-excluded"),
        ("--delete-excluded", ("PUSH", "COPY"), None),
        ("--delete-excluded", ("PUSH", "MOVE"), None),
        ("--delete-excluded=false", ("PUSH", "SYNC"), None),
        ("--ignore-errors", ("PUSH", "SYNC"), "--ignore-errors"),
        ("--ignore-errors", ("PUSH", "MOVE"), None),
        ("--ignore-checksum", ("PUSH", "MOVE"), "--ignore-checksum"),
        ("--ignore-checksum", ("PULL", "MOVE"), "--ignore-checksum"),
        ("--ignore-checksum", ("PUSH", "SYNC"), None),
        ("--local-no-check-updated", ("PUSH", "MOVE"), "--local-no-check-updated"),
        ("--local-no-check-updated", ("PUSH", "SYNC"), None),
        ("--s3-no-head", ("PUSH", "MOVE"), "--s3-no-head"),
        ("--s3-no-head", ("PUSH", "COPY"), None),
        ("--ftp-no-check-upload", ("PUSH", "MOVE"), "--ftp-no-check-upload"),
        ("--dropbox-batch-mode async", ("PUSH", "MOVE"), "--dropbox-batch-mode"),
        ("--dropbox-batch-mode async", ("PULL", "MOVE"), None),
        ("--dropbox-batch-mode async", ("PUSH", "SYNC"), None),
        ("--dropbox-batch-mode sync", ("PUSH", "MOVE"), None),
        ("--drive-use-trash=false", ("PUSH", "SYNC"), "--drive-use-trash"),
        ("--drive-use-trash=false", ("PULL", "MOVE"), "--drive-use-trash"),
        ("--drive-use-trash=false", ("PULL", "SYNC"), None),
        ("--drive-use-trash=false", ("PUSH", "COPY"), None),
        ("--drive-use-trash", ("PUSH", "SYNC"), None),
        ("--b2-hard-delete", ("PUSH", "SYNC"), "--b2-hard-delete"),
        ("--b2-hard-delete=0", ("PUSH", "SYNC"), None),
        ("--fast-list --max-delete 3 --exclude x", ("PUSH", "SYNC"), None),
    ],
)
def test_what_deletes_needs_agreement(args, kind, flag):
    found = decisions.danger(args, dict(zip(("direction", "transfer_mode"), kind, strict=True)), None)
    assert (found and found.spelled) == flag


@pytest.mark.parametrize(
    ("args", "hides"),
    [
        ("--fast-list --size-only --max-delete 2", False),
        ("--one-file-system=false", False),
        *((args, True) for args in ("--exclude *.txt", "--include *", "-f '- *'", "--exclude-from x", "-x", "-vx")),
        *((args, True) for args in ("--min-size 1k", "--max-age 1d", "--max-depth 1", "--exclude-if-present .x")),
        *((args, True) for args in ("--hash-filter 1/2", "--skip-links", "--metadata-exclude x=y", "--ignore-case")),
        *((args, True) for args in ("--drive-root-folder-id x", "--s3-version-at 1d", "--drive-trashed-only")),
        *((args, True) for args in ("--backup-dir x", "--name-transform all,lowercase", "--no-unicode-normalization")),
        *((args, True) for args in ("-L", "--copy-links", "-l", "--local-links")),
        ("--copy-links=false", False),
        ("not understood", True),
    ],
)
def test_what_makes_a_push_be_tried_out(args, hides):
    assert decisions.hides_what_a_push_deletes(args) is hides


@pytest.mark.parametrize("args", ["--size-only", "--ignore-size", "--update", "-u"])
def test_what_makes_a_move_delete_a_file_that_was_not_sent(args, tmp_path):
    source, target = tmp_path / "source", tmp_path / "target"
    source.mkdir()
    target.mkdir()
    (target / "a").write_text("theirs")
    (source / "a").write_text("mine ")
    if args == "--size-only":
        (source / "a").write_text("mine  ")
    os.utime(source / "a", (1, 1))
    if args == "--ignore-size":  # compares the times only
        os.utime(target / "a", (1, 1))
    rclone(args, "move", "source", "target", cwd=tmp_path)
    assert not (source / "a").exists()
    assert (target / "a").read_text() == "theirs"
    assert decisions.compares_less(args)


def test_what_compares_no_less():
    assert not decisions.compares_less("--ignore-existing --fast-list --size-only=false")


@pytest.mark.parametrize("args", ["-L", "--copy-links"])
def test_links_that_are_followed_lead_to_files_elsewhere(args, tmp_path):
    """With the real rclone: a sync deletes what is behind a link."""
    for name in ("empty", "mirror", "elsewhere"):
        (tmp_path / name).mkdir()
    (tmp_path / "elsewhere" / "a.jpg").write_text("x")
    (tmp_path / "mirror" / "link").symlink_to("../elsewhere")
    rclone("sync", "empty", "mirror", cwd=tmp_path)
    assert (tmp_path / "elsewhere" / "a.jpg").exists()
    rclone(args, "sync", "empty", "mirror", cwd=tmp_path)
    assert not (tmp_path / "elsewhere" / "a.jpg").exists()


@pytest.mark.parametrize(
    ("args", "limit"),
    [
        ("", None),
        ("--max-delete 0", 0),
        ("--fast-list --max-delete=25", 25),
        ("--max-delete 0x10", 16),
        ("--max-delete 010", 8),
        ("--max-delete +5", 5),
        ("--max-delete 1_000", 1000),
        ("--max-delete 5 --max-delete 7", 7),
        ("--max-delete -1", None),
        ("--max-delete x", None),
        ("--max-delete 08", None),
        ("--suffix --max-delete", None),
        ("--exclude=--max-delete 0", None),
        ("sync --max-delete 0", None),
    ],
)
def test_the_limit_that_rclone_keeps(args, limit):
    assert decisions.limit(args) == limit


@pytest.mark.parametrize("value", ["0x10", "010", "+5", "1_000", "0o17", "0b11", "x", "08", "1__0", "²", "-1", "0_7"])
def test_numbers_are_read_as_rclone_reads_them(value, tmp_path):
    taken = "invalid argument" not in rclone("--max-delete", value, "lsf", str(tmp_path), cwd=tmp_path)
    refused = decisions.refusal(f"--max-delete={value}", {}, None) or ""
    assert taken is ("is not a number" not in refused)
