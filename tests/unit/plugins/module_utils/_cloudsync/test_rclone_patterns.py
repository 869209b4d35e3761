# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Filter patterns are read as the real rclone reads them, and refused only where it cannot do what they are for."""

from __future__ import annotations

import subprocess
from concurrent.futures import ThreadPoolExecutor

import generate_rclone_flags
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.nasops.cloudsync.plugins.module_utils._cloudsync import filter_rules
from ansible_collections.nasops.cloudsync.plugins.module_utils._cloudsync.errors import OptionError
from ansible_collections.nasops.cloudsync.plugins.module_utils._cloudsync.rclone_patterns import (
    Filters,
    PatternError,
    regex,
)

PATH = "/mnt/tank/photos"
FILES = [
    "root.png", "notes.txt", ".DS_Store", "Makefile", "a,b.txt", "x}y.txt",
    "Family/1.png", "Family/2.JPG", "Family/.DS_Store", "Family/._1.png", "Family/[1].png", "Family/a b.png",
    "Private/2.png", "Private/deep/3.png", "Private/deep/Private/4.png", "deep/Private/5.png", "private.txt",
    "mnt/etc/fstab", "$RECYCLE.BIN/x/1.png", "!Best/1.png", "#recycle/1.png", "2026/Rome/1.heic", "2027/1.HEIC",
    "Z\u00fcrich/1.png", "Zu\u0308rich/1.png", "-x/1.png", "a.b/1.png", "A+B (1)/1.png", "tmp~",
]  # fmt: skip

# Right ones, as people write them: none is refused.
RIGHT = [
    "/Private/**",
    "Private/**",
    "/Private/",
    "Private/",
    "/Private/*",
    "Private/*",
    "/Private/deep/**",
    "**/Private/**",
    "/deep/Private/**",
    "*.png",
    "*.{png,txt}",
    "*.{{(?i)(png|jpe?g|heic)}}",
    "/*",
    "/*.txt",
    "/*/**",
    "**",
    "*",
    "*.tmp",
    ".DS_Store",
    "._*",
    ".*",
    ".*/**",
    "/.*",
    "Makefile",
    "/Makefile",
    "[!F]*",
    "[^F]*",
    "[FP]*/**",
    "[0-9]*/**",
    "20??/**",
    "/{Private,Family}/**",
    "{Private,deep}/**",
    "/2026/**",
    "202[67]/**",
    "\\[1\\].png",
    "*\\[*",
    "a\\,b.txt",
    "a,b.txt",
    "$RECYCLE.BIN/**",
    "!Best/**",
    "#recycle/**",
    "@eaDir/**",
    "~*",
    "*~",
    "Thumbs.db",
    "/mnt/**",
    "mnt/**",
    "-x/**",
    "Z\u00fcrich/**",
    "/Zu\u0308rich/**",
    "a b.png",
    "a.b/**",
    "A+B (1)/**",
    "{{.*\\.png}}",
    "{{[^/]*\\.(png|txt)}}",
    "/Family/*.{png,JPG}",
    "Family/**.png",
    "/**/1.png",
    "**.JPG",
    "{{x{1,3}}}*",
    "/tank/**",
    "{a,{b,c}}*",
    "*.png ",
    "[[:alpha:]]*.png",
    "x\\}y.txt",
    "[{]*",
    "[,]*",
    "*,*",
    "{,.}DS_Store",
    "{Trip (1),Trip (2)}/**",
    "{{a{1, 2}}}*",
    "C # lessons/**",
]

# pattern -> what the message has to say
NEVER = {
    "- /Private/**": "'/Private/**'",
    "- Private/**": "'Private/**'",
    "-  /Private/**": "'/Private/**'",
    "-/Private/**": "'/Private/**'",
    "/mnt/tank/photos/Private/**": "'/Private/**'",
    "mnt/tank/photos/Private/**": "'/Private/**'",
    "/tank/photos/Private/**": "'/Private/**'",
    "/mnt/tank/photos/Private/": "'/Private/'",
    "/mnt/tank/photos": "'/**'",
    "/mnt/tank/other/**": "not below the path of the task, /mnt/tank/photos",
    "/mnt/other/Private/**": "not below the path of the task, /mnt/tank/photos",
    "./Private/**": "'/Private/**'",
    "./Private": "'/Private'",
    "../photos/Private/**": "'/photos/Private/**'",
    "//Private/**": "'/Private/**'",
    "Private//**": "'Private/**'",
    "Private/./**": "'Private/**'",
    "/Private/../Family/**": "'..'",
    "- ./Private/**": "'/Private/**'",
    "- /mnt/tank/photos/Private/**": "'/Private/**'",
    '"/Private/**"': "'/Private/**'",
    "'/Private/**'": "'/Private/**'",
    "\u201c/Private/**\u201d": "'/Private/**'",
    "\u201e*.png\u201c": "'*.png'",
    "`*.png`": "'*.png'",
    "*.png,*.jpg": "['*.png', '*.jpg']",
    "*.png, *.jpg": "['*.png', '*.jpg']",
    "*.png *.jpg": "['*.png', '*.jpg']",
    "*.png;*.jpg": "['*.png', '*.jpg']",
    "*.png|*.jpg": "['*.png', '*.jpg']",
    "/Private/**, /Family/**": "['/Private/**', '/Family/**']",
    "*.(png|jpg)": "'*.{png,jpg}'",
    "(Private|deep)/**": "'{Private,deep}/**'",
    "*.@(png|jpg)": "'*.{png,jpg}'",
    "*.{tmp, png}": "'*.{tmp,png}'",
    "/{ Private, deep }/**": "'/{Private,deep}/**'",
    "202{6..7}/**": "'[6-7]'",
    "re:^Private": "{{EXPRESSION}}",
    "(?i)*.png": "{{EXPRESSION}}",
    "$HOME/Private/**": "{{EXPRESSION}}",
    "*.png,": "'*.png'",
    "*.png # pictures": "'*.png'",
    "\u2013 /Private/**": "'/Private/**'",
    "\\*.png": "'*.png'",
    "Private\\**": "'Private/**'",
    "/Private\\Family\\**": "'/Private/Family/**'",
    "\ufeff/Private/**": "invisible",
    "/Private/**\u200b": "invisible",
    "/Pri\u200bvate/**": "invisible",
    "/Private\u202e/**": "direction of text",
    " /Private/**": "'/Private/**'",
    "\u00a0Private/**": "'Private/**'",
    "Private\\**\\x": "backslash",
    "C:\\Photos\\Private": "/DIRECTORY/**",
    "C:/Photos/**": "/DIRECTORY/**",
    "\\\\nas\\photos\\Private": "/DIRECTORY/**",
    "smb://nas/photos/Private/**": "/DIRECTORY/**",
    "~/Private/**": "/DIRECTORY/**",
    "--exclude /Private/**": "pattern alone",
    "--exclude=*.tmp": "pattern alone",
    "# secret": "comment",
    "; secret": "comment",
    "^Private/.*": "{{Private/.*}}",
    ".*\\.png$": "{{.*\\\\.png}}",
    "*.tmp\n.DS_Store\n": "one pattern an entry",
    "*.tmp\r\n": "line end",
    "a\tb": "control character",
}
TO_THE_OTHER = {
    "exclude": {"+ /Family/**": "'/Family/**' in include"},
    "include": {"- /Private/**": "'/Private/**' in exclude"},
}
UNREADABLE = [
    "[bad",
    "bad]",
    "{open",
    "close}",
    "*.{jpg",
    "png}",
    "***",
    "a***b",
    "{{a",
    "a}}",
    "{{x}",
    "Private\\Family",
    "{{(?=x)}}",
    "{{(?!x)}}",
    "{{[}}",
    "[]",
    "[a-",
    "[z-a]",
    "{{(a|b}}",
    "[\\]x]",
    "[]a]",
    "{{*}}",
]


@pytest.fixture(scope="module")
def tree(tmp_path_factory):
    folder = tmp_path_factory.mktemp("tree")
    for name in FILES:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    return folder


@pytest.fixture(scope="module")
def kept(tree, tmp_path_factory):
    """What the real rclone lists with filters as TrueNAS writes them; `None` where it refuses them."""
    files = tmp_path_factory.mktemp("filters")

    def run(number, include, exclude):
        rules = [f"- {one}" for one in (".zfs", ".zfs/**", *exclude)]
        rules += [*(f"+ {one}" for one in include), "- *"] if include else []
        (files / str(number)).write_text("\n".join(rules))
        done = subprocess.run(
            [generate_rclone_flags.RCLONE, "--config", "/dev/null", "lsf", "-R", "--files-only", "--filter-from",
             files / str(number), tree],
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        return None if done.returncode else sorted(done.stdout.splitlines())

    def all_of(filters):
        with ThreadPoolExecutor(2) as pool:
            return list(pool.map(lambda one: run(*one), [(number, *one) for number, one in enumerate(filters)]))

    return all_of


def foretold(include, exclude):
    filters = Filters(include, exclude)
    if not filters.known:
        return None

    def looked_at(path):
        above = path.split("/")[:-1]
        return all(filters.enter("/".join(above[:depth])) for depth in range(1, len(above) + 1))

    return sorted(path for path in FILES if filters.keep(path) and looked_at(path))


def test_right_patterns_are_taken_and_fit_what_they_fit_in_the_real_rclone(kept):
    filter_rules.check_patterns("exclude", RIGHT, PATH)
    filters = [([], [pattern]) for pattern in RIGHT]
    filters += [([pattern], []) for pattern in RIGHT if not pattern.endswith("/")]
    filters.append((["*.{{(?i)(png|heic)}}"], ["._*", "/*", "Private/**"]))
    for one, real in zip(filters, kept(filters), strict=True):
        assert real is not None, one
        assert foretold(*one) in (real, None), one
    unknown = [one for one in filters if foretold(*one) is None]
    assert len(unknown) == 2, unknown  # classes of characters


@pytest.mark.parametrize("option", ["exclude", "include"])
@pytest.mark.parametrize(("pattern", "words"), NEVER.items())
def test_a_pattern_that_can_never_match_is_refused_with_the_right_spelling(option, pattern, words):
    with pytest.raises(OptionError) as error:
        filter_rules.check_patterns(option, ["*.ok", pattern], PATH)
    assert str(error.value).startswith(f"{option}: {pattern!r}")
    assert words in str(error.value)


def test_the_real_rclone_never_matches_them_either(kept):
    patterns = [one for one in NEVER if "\n" not in one and "\r" not in one]
    for pattern, real in zip(patterns, kept([([], [one]) for one in patterns]), strict=True):
        assert real in (sorted(FILES), None), pattern


@pytest.mark.parametrize(
    ("option", "pattern"), [(option, one) for option, all_ in TO_THE_OTHER.items() for one in all_]
)
def test_a_pattern_for_the_other_option_is_sent_there(option, pattern):
    with pytest.raises(OptionError, match=TO_THE_OTHER[option][pattern].replace("*", r"\*")):
        filter_rules.check_patterns(option, [pattern], PATH)


def test_what_the_real_rclone_cannot_read_is_refused(kept):
    for pattern, real in zip(UNREADABLE, kept([([], [one]) for one in UNREADABLE]), strict=True):
        assert real is None, pattern
    for pattern in UNREADABLE:
        with pytest.raises(OptionError, match=r"^exclude: .*is not a pattern that rclone can read"):
            filter_rules.check_patterns("exclude", [pattern])


def test_a_directory_alone_includes_nothing(kept):
    (real,) = kept([(["Family/"], [])])
    assert real == []
    with pytest.raises(OptionError, match=r"Write 'Family/\*\*'"):
        filter_rules.check_patterns("include", ["Family/"])


@pytest.mark.parametrize("pattern", ["", " ", "/", "!"])
@pytest.mark.parametrize("option", ["exclude", "include"])
def test_an_entry_that_is_nothing_is_refused(option, pattern):
    with pytest.raises(OptionError, match=f"^{option}: "):
        filter_rules.check_patterns(option, [pattern])


def test_without_the_path_only_what_needs_it_is_let_through():
    filter_rules.check_patterns("exclude", ["/mnt/tank/photos/Private/**"])
    with pytest.raises(OptionError):
        filter_rules.check_patterns("exclude", ["./Private/**"])


@pytest.mark.parametrize("pattern", ["Private", "/Private", "Private "])
def test_the_name_of_a_directory_fits_none_of_its_files(pattern, kept):
    assert kept([([], [pattern])]) == [sorted(FILES)]
    with pytest.raises(OptionError, match=r"^exclude: .*Write '/?Private/\*\*'"):
        filter_rules.check_against("exclude", [pattern], {"Family", "Private"})
    assert filter_rules.check_against("exclude", [pattern], {"Family"}) == []


@pytest.mark.parametrize(
    ("pattern", "right"),
    [
        ("/private/**", "'/Private/**'"),
        ("private/**", "'Private/**'"),
        ("/Zu\u0308rich/**", "'/Z\u00fcrich/**'"),
        ("private", "'Private/**'"),
    ],
)
def test_a_name_that_differs_in_case_or_unicode_form_is_warned_of(pattern, right):
    (warning,) = filter_rules.check_against("exclude", [pattern], {"Family", "Private", "Z\u00fcrich"})
    assert right in warning


def test_right_patterns_are_not_warned_of():
    there = {path.partition("/")[0] for path in FILES if "/" in path}
    assert filter_rules.check_against("exclude", RIGHT, there) == []
    assert filter_rules.check_against("exclude", ["private.txt", "Future/**", "makefile"], there) == []


@given(st.text("ab*?[]{}\\/.,!^-(|)", max_size=9))
def test_any_pattern_is_read_or_refused(pattern):
    try:
        compiled = regex(pattern)
    except PatternError as error:
        assert str(error)  # noqa: PT017
        return
    assert compiled is None or compiled.search("a/b") is None or set("ab*?[{") & set(pattern)
