r"""The datasets and roots that ``workbench.toml`` declares.

    [roots]
    share = ["S:\\ml", "/mnt/s/ml"]      # one place, by its name on each system

    [datasets.census]
    path = "share:census/*.parquet"      # a file, a folder or a pattern
    follow = true                        # a change is a new version by itself; so unless false
    copy = true                          # each version keeps its files; not so unless true
    read = { separator = ";" }           # how to read it, where that is not found out
    owner = "ana"                        # and every other field

What is misspelt is a fault with its line, and what stands beside it counts all the same: one
dataset written wrongly does not hide the others. Rules are handed on as they are written.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from difflib import get_close_matches
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final, NamedTuple

from workbench.datasets.fields import PERSONAL, Fields
from workbench.datasets.profile import ROLES
from workbench.datasets.versions.locating import ROOT_NAME, Roots
from workbench.ids import is_path_name
from workbench.settings import read_tables
from workbench.settings_lines import Lines, Place
from workbench.words import visible

TEXTS: Final = ("owner", "description", "source", "licence", "label", "time")
LISTS: Final = ("purposes", "sensitive", "key", "segments")
_OWN: Final = ("path", "follow", "copy", "read", "rules", "personal", "retention_until", "roles")
KEYS: Final = (*_OWN, *TEXTS, *LISTS)
_LONGEST: Final = 100_000
WRITTEN_AS_DAY: Final = re.compile(r"\d{4}-\d{2}-\d{2}\Z")


NO_FIELDS: Final = Fields()


class Fault(NamedTuple):
    """What is written wrongly, and where."""

    message: str
    line: int
    """From 1; 0 if unknown."""
    dataset: str = ""
    """The dataset it is about; empty where it is about none."""
    key: str = ""
    """What of the dataset: its key in the settings, the nearest one where it is misspelt; empty
    where it is all of it."""


@dataclass(frozen=True, slots=True)
class Declared:
    """A dataset as the settings say it."""

    name: str
    path: str = ""
    """A file, a folder or a pattern, written like the paths of a manifest; empty: only fields."""
    follow: bool = True
    options: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    """How to read it."""
    fields: Fields = NO_FIELDS
    rules: tuple[Mapping[str, Any], ...] = ()
    """As they are written; `workbench.datasets.rules` knows what they mean."""
    line: int = 0
    doubtful: bool = False
    """Something is misspelt that may have named sensitive columns."""
    copy: bool = False
    """Each version keeps its files in the workspace, so that its rows are there for ever."""


@dataclass(frozen=True, slots=True)
class Declaration:
    """All datasets and roots of a workspace."""

    datasets: Mapping[str, Declared]
    roots: Roots
    faults: tuple[Fault, ...] = ()
    lines: Lines | None = None
    """Where things stand in the settings; None without any."""

    def line(self, *place: str | int) -> int:
        """Return the line of a place such as ``("datasets", "census", "rules", 0)``; 0: unknown."""
        return self.lines.of(place) if self.lines else 0


NOTHING: Final = Declaration(MappingProxyType({}), MappingProxyType({}))


def read(root: Path) -> Declaration:
    """Return what the workspace's settings declare; nothing without settings.

    Raises:
        SettingsError: They cannot be read at all.
    """
    tables, text = read_tables(root)
    return _Reader(text).declaration(tables) if text else NOTHING


class _Reader:
    """One reading of the settings, collecting faults."""

    def __init__(self, text: str) -> None:
        self._lines = Lines(text)
        self._faults: list[Fault] = []

    def declaration(self, table: Mapping[str, Any]) -> Declaration:
        roots = self._roots(self._table(table.get("roots", {}), ("roots",)))
        datasets = {}
        for name, said in self._table(table.get("datasets", {}), ("datasets",)).items():
            if not is_path_name(name):
                self._wrong(("datasets", name), f"No dataset can be called {visible(name)[:80]!r}.")
            elif isinstance(said, dict):
                datasets[name] = self._dataset(name, said)
            else:
                self._wrong(("datasets", name), f"[datasets.{name}] must be a table.", name)
        return Declaration(
            MappingProxyType(datasets), MappingProxyType(roots), tuple(self._faults), self._lines
        )

    def _roots(self, said: Mapping[str, Any]) -> dict[str, tuple[str, ...]]:
        roots = {}
        for name, places in said.items():
            listed = [places] if isinstance(places, str) else places
            if not ROOT_NAME.match(name):
                self._wrong(
                    ("roots", name),
                    f"No root can be called {visible(name)[:80]!r}: write two small letters "
                    "or more.",
                )
            elif not _texts(listed) or not listed or not all(listed):
                self._wrong(("roots", name), f"[roots] {name} must be a path or a list of paths.")
            else:
                roots[name] = tuple(listed)
        return roots

    def _dataset(self, name: str, said: Mapping[str, Any]) -> Declared:
        place = ("datasets", name)
        self._unknown(said, KEYS, place, name)
        path = self._text(said, "path", place, name)
        return Declared(
            name,
            path.replace("\\", "/"),
            self._switch(said, "follow", place, name, otherwise=True),
            MappingProxyType(self._options(said.get("read", {}), place, name)),
            self._fields(said, place, name),
            tuple(self._rules(said.get("rules", []), place, name)),
            self._lines.of(place),
            doubtful=not set(said) <= set(KEYS) or not _texts_or_text(said.get("sensitive", [])),
            copy=self._switch(said, "copy", place, name, otherwise=False),
        )

    def _switch(
        self, said: Mapping[str, Any], key: str, place: Place, name: str, *, otherwise: bool
    ) -> bool:
        value = said.get(key, otherwise)
        if isinstance(value, bool):
            return value
        self._wrong((*place, key), f"{key} of {name} must be true or false.", name)
        return otherwise

    def _options(self, said: Any, place: Place, name: str) -> dict[str, str]:
        made = {}
        for key, value in self._table(said, (*place, "read"), name).items():
            if isinstance(value, bool):
                made[key] = "yes" if value else "no"
            elif isinstance(value, str):
                made[key] = value
            else:
                self._wrong((*place, "read", key), f"read.{key} of {name} must be text.", name)
        return made

    def _rules(self, said: Any, place: Place, name: str) -> Iterable[Mapping[str, Any]]:
        if isinstance(said, list) and all(isinstance(one, dict) for one in said):
            return said
        self._wrong(
            (*place, "rules"), f"Write each rule of {name} as [[datasets.{name}.rules]].", name
        )
        return ()

    def _fields(self, said: Mapping[str, Any], place: Place, name: str) -> Fields:
        values: dict[str, Any] = {key: self._text(said, key, place, name) for key in TEXTS}
        values |= {key: self._list(said, key, place, name) for key in LISTS}
        personal = self._text(said, "personal", place, name)
        if personal and personal not in PERSONAL:
            self._wrong(
                (*place, "personal"),
                f"personal of {name} must be one of {', '.join(PERSONAL)}, "
                f"not {visible(personal)[:40]!r}.",
                name,
            )
            personal = PERSONAL[-1]  # what nobody understands is treated as the strictest
        return Fields(
            **values,
            personal=personal,
            retention_until=self._day(said, place, name),
            roles=self._roles(said.get("roles", {}), place, name),
        )

    def _roles(self, said: Any, place: Place, name: str) -> dict[str, str]:
        roles = {}
        for column, role in self._table(said, (*place, "roles"), name).items():
            if role in ROLES:
                roles[column] = role
            else:
                self._wrong(
                    (*place, "roles", column),
                    f"The role of {visible(column)[:80]!r} must be one of {', '.join(ROLES)}.",
                    name,
                )
        return roles

    def _day(self, said: Mapping[str, Any], place: Place, name: str) -> str:
        value = said.get("retention_until", "")
        day = value.isoformat()[:10] if isinstance(value, date) else value
        if day == "" or is_day(day):
            return str(day)
        self._wrong(
            (*place, "retention_until"),
            f"retention_until of {name} must be a day such as 2027-03-31.",
            name,
        )
        return ""

    def _text(self, said: Mapping[str, Any], key: str, place: Place, name: str) -> str:
        value = said.get(key, "")
        if isinstance(value, str) and len(value) <= _LONGEST and "\0" not in value:
            return value
        self._wrong((*place, key), f"{key} of {name} must be text.", name)
        return ""

    def _list(self, said: Mapping[str, Any], key: str, place: Place, name: str) -> tuple[str, ...]:
        value = said.get(key, [])
        listed = [value] if isinstance(value, str) and value else value or []
        if _texts(listed):
            return tuple(listed)
        self._wrong((*place, key), f"{key} of {name} must be a list of texts.", name)
        return ()

    def _table(self, said: Any, place: Place, name: str = "") -> Mapping[str, Any]:
        if isinstance(said, dict):
            return said
        self._wrong(place, f"[{'.'.join(map(str, place))}] must be a table.", name)
        return {}

    def _unknown(
        self, said: Mapping[str, Any], known: tuple[str, ...], place: Place, name: str
    ) -> None:
        from workbench.datasets.reading.options import OPTIONS  # noqa: PLC0415 - seldom needed

        for key in said:
            if key not in known:
                reads = key in OPTIONS
                near = "read" if reads else next(iter(get_close_matches(key, known, n=1)), "")
                how = f"Write read = {{ {key} = … }}." if reads else f"Did you mean {near}?"
                meant = f" {how}" if near else ""
                message = f"A dataset has no {visible(key)[:80]!r}.{meant}"
                self._wrong((*place, key), message, name, near or key)

    def _wrong(self, place: Place, message: str, name: str = "", key: str = "") -> None:
        """Note a fault; its key is the third part of its place unless another was meant."""
        about = key or (str(place[2]) if name and len(place) > 2 else "")  # noqa: PLR2004
        self._faults.append(Fault(message, self._lines.of(place), name, about))


def is_day(value: object) -> bool:
    """Say whether a value is a day of the calendar, ``YYYY-MM-DD``."""
    if not isinstance(value, str) or not WRITTEN_AS_DAY.match(value):
        return False
    try:
        date.fromisoformat(value)
    except ValueError:
        return False
    return True


def _texts_or_text(value: Any) -> bool:
    return isinstance(value, str) or _texts(value)


def _texts(value: Any) -> bool:
    return isinstance(value, list | tuple) and all(isinstance(one, str) for one in value)
