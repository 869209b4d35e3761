# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which sidecar belongs to which file of a folder. Pure. PRIVATE to the collection.

One folder at a time, with what all parts hold of it. Each rule is tried for all files before the next one; a sidecar is
given to one file only. What a rule leaves open is reported, never guessed. No rule compares bare beginnings of names.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from ansible_collections.nasops.cloudsync.plugins.module_utils._takeout import companions, sidecar_names
from ansible_collections.nasops.cloudsync.plugins.module_utils._takeout.sidecar_names import (
    SUFFIX,
    UNITS,
    Name,
    key,
    title_fits,
    units,
)

_SEVERAL_SIDECARS = "several sidecars may belong to it: {}"
_SEVERAL_FILES = "its sidecar may also belong to another file: {}"
_SEVERAL_STILLS = "several pictures have its name, so it is not known which it belongs to: {}"


@dataclass(frozen=True, slots=True)
class Sidecar:
    """A sidecar in the folder: a number to call it by, its file name, and the title in it."""

    id: int
    file: str
    title: str


@dataclass(slots=True)
class Matches:
    """What was found.

    Attributes:
        own: File to its own sidecar.
        borrowed: File to the sidecar of what it is a companion of.
        beside: The moving half of a live photo to its still.
        doubtful: File to why it gets no sidecar.
        spare: A second sidecar of a file, to the file.
        left: Sidecars without a file here.
    """

    own: dict[int, int] = field(default_factory=dict)
    borrowed: dict[int, int] = field(default_factory=dict)
    beside: dict[int, int] = field(default_factory=dict)
    doubtful: dict[int, str] = field(default_factory=dict)
    spare: dict[int, int] = field(default_factory=dict)
    left: list[int] = field(default_factory=list)


def match(files: Iterable[tuple[int, str]], sidecars: Iterable[Sidecar]) -> Matches:
    """Match the files of one folder, each a number to call it by and its name, with the sidecars of the folder."""
    return _Folder(dict(files), list(sidecars)).match()


def several(sidecars: str) -> str:
    """Say that several sidecars may belong to a file."""
    return _SEVERAL_SIDECARS.format(sidecars)


class _Folder:
    def __init__(self, files: dict[int, str], sidecars: list[Sidecar]) -> None:
        self.files = {file: sidecar_names.split(name) for file, name in files.items()}
        self.sidecars = {one.id: one for one in sidecars}
        self.found = Matches()
        self.free: dict[int, None] = dict.fromkeys(self.sidecars)
        self.whole: dict[str, list[int]] = defaultdict(list)
        self.bases: dict[tuple[str, str], list[int]] = defaultdict(list)  # without the rest of a cut suffix
        self.stems: dict[tuple[str, str], list[int]] = defaultdict(list)
        self.parts: dict[int, tuple[str, str]] = {}
        self.cut: dict[str, list[int]] = defaultdict(list)
        self.of_stills: dict[tuple[str, str], list[int]] = defaultdict(list)
        self.doubted: list[int] = []
        for one in sidecars:
            if names := sidecar_names.sidecar(one.file):
                whole, base, number = names
                self.whole[whole].append(one.id)
                self.parts[one.id] = (base, number)
                self.cut[base].append(one.id)
                for rest in sidecar_names.remains(base):
                    self.bases[rest, number].append(one.id)
        for file, name in self.files.items():
            self.stems[key(name.stem), name.number].append(file)

    def match(self) -> Matches:
        self._match_case_twins()
        self._claim(self._exact)
        self._claim(self._suffix_cut)
        self._match_shortened()
        self._claim(self._number_in_place)
        self._claim(self._title_without_extension)
        self._match_other_case()
        self._match_moving()
        self._match_copies()
        self._find_spare()
        self.found.left = [one for one in self.free if one not in self.found.spare] + self.doubted
        return self.found

    @property
    def _open(self) -> list[int]:
        return [file for file in self.files if file not in self.found.own and file not in self.found.doubtful]

    def _claim(self, rule: Callable[[Name], list[int]]) -> None:
        """Let each file claim by a rule; what two claim, or two of which one claims, is settled by title or left."""
        claims: dict[int, list[int]] = defaultdict(list)
        for file in self._open:
            name = self.files[file]
            candidates = [one for one in rule(name) if one in self.free]
            if len(candidates) > 1 and not self._alike(candidates):
                self.found.doubtful[file] = _SEVERAL_SIDECARS.format(self._called(candidates))
            elif candidates:
                claims[candidates[0]].append(file)
        for one, files in claims.items():
            if len(files) > 1:
                files = [file for file in files if title_fits(self.sidecars[one].title, self.files[file])]
            if len(files) == 1:
                self._own(files[0], one)
        for one, files in claims.items():
            if one in self.free:
                self._doubt(files, one)

    def _own(self, file: int, one: int) -> None:
        self.found.own[file] = one
        self.free.pop(one, None)

    def _doubt(self, files: list[int], one: int) -> None:
        for file in files:
            others = ", ".join(self.files[other].whole for other in files if other != file)
            self.found.doubtful[file] = _SEVERAL_FILES.format(others)
        self.free.pop(one, None)
        self.doubted.append(one)

    def _called(self, sidecars: list[int]) -> str:
        return ", ".join(self.sidecars[one].file for one in sidecars)

    def _alike(self, sidecars: list[int]) -> bool:
        """Whether they have one name, as the same sidecar in two parts has."""
        return len({self.sidecars[one].file for one in sidecars}) == 1

    def _exact(self, name: Name) -> list[int]:
        newer, older = sidecar_names.exact(name)
        found = self.whole.get(newer) or self.whole.get(older) or []
        if found and name.number:  # the number may be the user's own, and then the sidecar has it in place
            inside = self._exact(Name(name.stem + name.number, "", name.extension))
            return found + [one for one in inside if one in self.free]
        return found

    def _suffix_cut(self, name: Name) -> list[int]:
        """The name is whole, the suffix is not."""
        return self.bases.get((name.base, name.number), [])

    def _number_in_place(self, name: Name) -> list[int]:
        if not name.number:
            return []
        inside = Name(name.stem + name.number, "", name.extension)
        found = self._exact(inside) or self._suffix_cut(inside)
        if not found and units(inside.base) > UNITS:
            cut = [one for base in sidecar_names.shortened(inside) for one in self.whole.get(base, [])]
            found = [one for one in dict.fromkeys(cut) if title_fits(self.sidecars[one].title, inside)]
        return found

    def _title_without_extension(self, name: Name) -> list[int]:
        """The title has no extension, so the sidecar has none; a still goes before the moving half of its name."""
        if not name.extension:
            return []
        bare = Name(name.stem, name.number, "")
        found = self._exact(bare) or self._suffix_cut(bare)
        if not found:
            found = [one for base in sidecar_names.shortened(bare) for one in self.whole.get(base, [])]
        found = [one for one in found if one in self.free and title_fits(self.sidecars[one].title, bare)]
        if found and companions.is_moving(name):
            same = self.stems[key(name.stem), name.number]
            if sum(companions.is_still(self.files[file]) for file in same) == 1:
                return []
        return found

    def _match_shortened(self) -> None:
        """The name itself is cut in the sidecar's name, so that only the title tells apart names alike up to there."""
        groups: dict[str, list[int]] = defaultdict(list)
        for file in self._open:
            name = self.files[file]
            if units(name.base) > UNITS:
                groups[name.base].append(file)
        for base, files in groups.items():
            shortened = {one for text in (base + SUFFIX, base) for one in sidecar_names.cuts(text)}
            candidates = [one for text in sorted(shortened) for one in self.cut.get(text, []) if one in self.free]
            self._settle(files, candidates)

    def _settle(self, files: list[int], candidates: list[int]) -> None:
        """Give the files of one name, that differ in their number, the sidecars whose titles fit."""
        name = Name(self.files[files[0]].stem, "", self.files[files[0]].extension)
        fitting = [one for one in candidates if title_fits(self.sidecars[one].title, name)]
        unknown = [one for one in candidates if title_fits(self.sidecars[one].title, name) is None]
        fitting = fitting or unknown
        if not fitting:
            return
        by_number = {self.parts[one][1]: one for one in fitting}
        if len(by_number) < len(fitting):
            alone = len(files) == 1 and self._alike(fitting)
            pairs = {files[0]: fitting[0]} if alone else {}
        elif len(files) == len(fitting):
            order = sorted(fitting, key=lambda one: _count(self.parts[one][1]))
            pairs = dict(zip(sorted(files, key=lambda file: _count(self.files[file].number)), order, strict=True))
        else:
            pairs = {file: by_number[number] for file in files if (number := self.files[file].number) in by_number}
        for file in files:
            if file in pairs:
                self._own(file, pairs[file])
            else:
                self.found.doubtful[file] = _SEVERAL_SIDECARS.format(self._called(fitting))

    def _match_case_twins(self) -> None:
        """Files whose names differ in case alone share the name of their sidecars; only titles tell them apart."""
        groups: dict[tuple[str, str], list[int]] = defaultdict(list)
        for file, name in self.files.items():
            groups[key(name.base), name.number].append(file)
        twins = {base: files for (base, _number), files in groups.items() if len(self._names(files)) > 1}
        sidecars: dict[str, list[int]] = defaultdict(list)
        for one, (base, _number) in self.parts.items() if twins else ():
            for rest in {key(rest) for rest in sidecar_names.remains(base)} & twins.keys():
                sidecars[rest].append(one)
        for base, files in twins.items():
            for file in files:
                titles = {sidecar_names.mangled(self.sidecars[one].title): one for one in sidecars[base]}
                own = titles.get(self.files[file].base)
                if own in self.free and own is not None:
                    self._own(file, own)
            left = [one for one in sidecars[base] if one in self.free]
            for file in files if left else ():
                if file not in self.found.own:
                    self.found.doubtful[file] = several(self._called(left))

    def _names(self, files: list[int]) -> set[str]:
        return {self.files[file].whole for file in files}

    def _match_other_case(self) -> None:
        """Names that differ in case alone: by title, else if one file and one sidecar are left."""
        groups: dict[str, list[int]] = defaultdict(list)
        for file in self._open:
            groups[key(self.files[file].base)].append(file)
        spare: dict[str, set[int]] = defaultdict(set)
        for one in self.free:
            for base in sidecar_names.remains(self.parts[one][0]) if one in self.parts else ():
                if key(base) in groups:
                    spare[key(base)].add(one)
        for base, sidecars in spare.items():
            files = groups[base]
            for file in list(files):
                same = [one for one in sidecars if self.parts[one][1] == self.files[file].number]
                if len(same) == 1 and sum(self.files[one].number == self.files[file].number for one in files) == 1:
                    self._take(file, same[0], files, sidecars)
            if len(files) == len(sidecars) == 1 and not self.files[files[0]].number:
                self._take(files[0], next(iter(sidecars)), files, sidecars)

    def _take(self, file: int, one: int, files: list[int], sidecars: set[int]) -> None:
        self._own(file, one)
        files.remove(file)
        sidecars.remove(one)

    def _match_moving(self) -> None:
        """The moving half of a live or motion photo has the name of exactly one still."""
        self._index_stills()
        for file in self._open:
            name = self.files[file]
            for stem in companions.still_stems(name):
                stills = self._stills(stem, name)
                if len(stills) > 1:
                    called = ", ".join(self.files[still].whole for still in stills)
                    self.found.doubtful[file] = _SEVERAL_STILLS.format(called)
                    break
                if stills:
                    self._borrow(file, stills[0])
                    self.found.beside[file] = stills[0]
                    break
                if self._borrow_absent(file, stem, name.number):
                    break

    def _stills(self, stem: str, name: Name) -> list[int]:
        same = [one for one in self.stems.get((key(stem), name.number), []) if companions.is_still(self.files[one])]
        exact = [one for one in same if self.files[one].stem == stem]
        return exact or same

    def _borrow(self, file: int, original: int) -> bool:
        sidecar = self.found.own.get(original, self.found.borrowed.get(original))
        if sidecar is not None:
            self.found.borrowed[file] = sidecar
        return sidecar is not None

    def _borrow_absent(self, file: int, stem: str, number: str) -> bool:
        """The still is not in this folder, but exactly one sidecar of it is."""
        found = [one for one in self.of_stills.get((stem, number), []) if one in self.free]
        if len(found) == 1:
            self.found.borrowed[file] = found[0]
        return len(found) == 1

    def _index_stills(self) -> None:
        """Index the sidecars that are left by the stem of the still that they may belong to."""
        for one in self.free:
            base, number = self.parts.get(one, ("", ""))
            names = (sidecar_names.split(name) for name in sidecar_names.remains(base))
            for stem in {name.stem for name in names if companions.is_still(name)}:
                self.of_stills[stem, number].append(one)

    def _match_copies(self) -> None:
        """Edited copies and duplicates borrow from what they were made of."""
        for file in self._open:
            if file in self.found.borrowed:
                continue
            for original in companions.originals(self.files[file]):
                source = self._original(original)
                if source is not None and source != file and self._borrow(file, source):
                    break
                free = [one for one in self._exact(original) or self._suffix_cut(original) if one in self.free]
                if source is None and len(free) == 1:
                    self.found.borrowed[file] = free[0]
                    break

    def _original(self, name: Name) -> int | None:
        same = self.stems.get((key(name.stem), name.number), [])
        exact = [one for one in same if self.files[one].extension.casefold() == name.extension.casefold()]
        kind = companions.is_moving if companions.is_moving(name) else companions.is_still
        found = exact or [one for one in same if kind(self.files[one])]
        if len(found) > 1:
            found = [one for one in found if self.files[one] == name]
        return found[0] if len(found) == 1 else None

    def _find_spare(self) -> None:
        """A file may have a sidecar of the newer and of the older form, or the same one in two parts."""
        owners = {sidecar: file for file, sidecar in self.found.own.items()}
        titles: dict[tuple[str, str], list[int]] = defaultdict(list)
        for sidecar in owners:
            base, number = self.parts[sidecar]
            for name in sidecar_names.remains(base):
                titles[name, number].append(sidecar)
        for one in self.free:
            base, number = self.parts.get(one, ("", ""))
            twins = {
                owners[twin]
                for name in sidecar_names.remains(base)
                for twin in titles.get((name, number), [])
                if self.sidecars[twin].title == self.sidecars[one].title
            }
            if len(twins) == 1:
                self.found.spare[one] = twins.pop()


def _count(number: str) -> int:
    return int(number[1:-1]) if number else 0
