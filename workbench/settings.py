"""The workspace a person means, and what they wrote in its ``workbench.toml``.

Standard library only: a training script asks here where to write.
"""

import os
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any, NamedTuple

from workbench.durable import write_once
from workbench.errors import FormatError, NotAllowedError, NotFoundError, SettingsError
from workbench.ids import new_id
from workbench.opening import read_small

VARIABLE = "WORKBENCH_WORKSPACE"
USER_VARIABLE = "WORKBENCH_USER"
"""Who acts, of one's own; ``[user] name`` is read by everybody who opens the workspace."""
FALLBACK = "workbench_data"
"""What a script run outside any workspace creates beside itself."""
CARD = ".workbench/workspace.json"
SETTINGS = "workbench.toml"
FORMAT = 1
MOST_SETTINGS_BYTES = 256 << 10
_MOST_CARD_BYTES = 64 << 10
_MOST_DOTS = 200


class Workspace(NamedTuple):
    """A workspace folder and its identity."""

    root: Path
    id: str


class Settings(NamedTuple):
    """What ``workbench.toml`` says; everything has a default."""

    goals: Mapping[str, str]
    """Direction by metric name: ``min`` or ``max``. ``[metrics]`` of the file."""
    sources: tuple[str, ...]
    """Folders of other tools to follow, relative to the workspace. ``[sources] folders``."""
    seeds: tuple[str, ...]
    """Names of params that are seeds. ``[runs] seeds``."""
    user: str
    """Who acts where nobody says so of their own: the workspace of one person. ``[user] name``."""
    tolerances: Mapping[str, float] = MappingProxyType({})
    """How far a metric may be off for a run to count as reproduced, by metric name."""
    key: str = ""
    """Where each person's own SSH key is, below their home: ``~/...``. ``[user] key``."""


DEFAULTS = Settings({}, (), ("seed", "random_state", "random_seed"), "")


def is_workspace(folder: Path) -> bool:
    """Say whether ``folder`` is the root of a workspace."""
    return (folder / CARD).is_file()


def open_workspace(root: Path) -> Workspace:
    """Return the workspace at ``root``.

    Raises:
        NotFoundError: There is none.
        SettingsError: Its card cannot be read.
    """
    import json  # noqa: PLC0415 - after the cheap checks

    card = root / CARD
    try:
        fields = json.loads(read_small(str(card), _MOST_CARD_BYTES))
        return Workspace(root.resolve(), str(fields["id"]))
    except FileNotFoundError:
        raise NotFoundError(
            f"{root} is not a workspace.", hint="Create one with: workbench init DIR"
        ) from None
    except (
        OSError, ValueError, TypeError, KeyError, RecursionError, FormatError,
    ) as error:  # fmt: skip
        raise SettingsError(
            f"The workspace card {card} cannot be read: {error}.",
            path=str(card),
            hint='Write {"format": 1, "id": "any-unique-name"} into it.',
        ) from None


def create_workspace(root: Path, now: float) -> Workspace:
    """Return the workspace at ``root``, made if it is not there yet.

    Raises:
        NotAllowedError: The folder cannot be written.
    """
    import json  # noqa: PLC0415

    text = json.dumps({"format": FORMAT, "id": new_id(now), "created": now}) + "\n"
    try:
        write_once(root / CARD, text.encode(), temp=root / ".workbench/tmp")
    except FileExistsError:
        pass  # somebody else made it at the same moment: theirs counts
    except OSError as error:
        raise NotAllowedError(
            f"No workspace can be made at {root}: {error.strerror or error}.",
            hint="Choose a folder you may write to.",
        ) from None
    return open_workspace(root)


def find_workspace(start: Path, environment: Mapping[str, str] = os.environ) -> Path | None:
    """Return the root of the workspace meant: the variable's, else the nearest at or above.

    The variable's folder is returned even when there is no workspace in it yet.
    """
    chosen = environment.get(VARIABLE)
    if chosen:
        return Path(chosen).expanduser()
    start = start.absolute()
    for folder in (start, *start.parents):
        if is_workspace(folder):
            return folder
        if is_workspace(folder / FALLBACK):
            return folder / FALLBACK
    return None


def read_settings(root: Path) -> Settings:
    """Return what the workspace's ``workbench.toml`` says, or the defaults without one.

    Raises:
        SettingsError: It cannot be read, or a value is not of the kind it must be.
    """
    path = root / SETTINGS
    try:
        text = read_small(str(path), MOST_SETTINGS_BYTES).decode("utf-8-sig")
    except FileNotFoundError:
        return DEFAULTS
    except (OSError, UnicodeDecodeError, FormatError) as error:
        raise SettingsError(f"{path} cannot be read: {error}.", path=str(path)) from None
    return _parse(text, str(path))


def read_tables(root: Path) -> tuple[dict[str, Any], str]:
    """Return the tables of the workspace's settings and their text; nothing without settings.

    For whoever reads a part of them: what is wrong within it is told there, with its line.

    Raises:
        SettingsError: They cannot be read at all.
    """
    path = root / SETTINGS
    try:
        text = read_small(str(path), MOST_SETTINGS_BYTES).decode("utf-8-sig")
        return toml_of(text), text
    except FileNotFoundError:
        return {}, ""
    except (OSError, UnicodeDecodeError, FormatError, ValueError, RecursionError) as error:
        raise SettingsError(f"{path} cannot be read: {error}.", path=str(path)) from None


def _parse(text: str, path: str) -> Settings:
    try:
        table = toml_of(text)
    except RecursionError:
        raise SettingsError(f"{path} is nested too deeply.", path=path) from None
    except ValueError as error:
        raise SettingsError(
            f"{path} is not valid TOML: {error}.",
            path=path,
            line=_line_of(str(error)),
            hint="Correct that line; until then the defaults count.",
        ) from None
    goals, tolerances = _metrics(_table(table, "metrics", path), path)
    sources = _texts(_table(table, "sources", path).get("folders", []), "[sources] folders", path)
    seeds = _texts(_table(table, "runs", path).get("seeds", DEFAULTS.seeds), "[runs] seeds", path)
    who = _table(table, "user", path)
    user = who.get("name", "")
    if not isinstance(user, str):
        raise _wrong("[user] name must be text", path)
    return Settings(goals, sources, seeds, user, tolerances, _key(who.get("key", ""), path))


def _key(said: object, path: str) -> str:
    """Return where a person's key is: below their own home, as others write this file too."""
    if said == "":
        return ""
    inside = isinstance(said, str) and said.startswith("~/") and ".." not in said.split("/")
    if not inside or "\\" in str(said) or "\0" in str(said):
        raise _wrong('[user] key must be a file below the home folder, such as "~/.ssh/id"', path)
    return str(said)


def toml_of(text: str) -> dict[str, Any]:
    """Return the tables of a TOML text, in time that grows with its length alone.

    Raises:
        ValueError: It is no TOML; the message names the line. A line with more dots than
            anybody writes is refused: the parser's time grows with the square of a key's parts.
        RecursionError: It is nested too deeply.
    """
    import tomllib  # noqa: PLC0415 - most scripts have no settings file

    for number, line in enumerate(text.splitlines(), 1):
        if line.count(".") > _MOST_DOTS:
            raise ValueError(f"more than {_MOST_DOTS} dots (at line {number}, column 1)")
    return tomllib.loads(text)


def _metrics(table: Mapping[str, Any], path: str) -> tuple[Mapping[str, str], Mapping[str, float]]:
    """Return directions and tolerances; a metric is ``"max"`` or ``{goal = …, tolerance = …}``."""
    goals, tolerances = {}, {}
    for metric, said in table.items():
        parts = said if isinstance(said, dict) else {"goal": said}
        if not set(parts) <= {"goal", "tolerance"}:
            raise _wrong(f'[metrics] "{metric}" takes goal and tolerance', path)
        if "goal" in parts:
            if parts["goal"] not in ("min", "max"):
                what = f'[metrics] "{metric}" must be "min" or "max", not {parts["goal"]!r}'
                raise _wrong(what, path)
            goals[metric] = parts["goal"]
        if "tolerance" in parts:
            tolerances[metric] = _tolerance(metric, parts["tolerance"], path)
    return goals, tolerances


def _tolerance(metric: str, said: object, path: str) -> float:
    if isinstance(said, int | float) and not isinstance(said, bool) and 0 <= said < float("inf"):
        return float(said)
    raise _wrong(f'[metrics] "{metric}" tolerance must be a number from 0 up', path)


def _table(table: Mapping[str, Any], name: str, path: str) -> Mapping[str, Any]:
    value = table.get(name, {})
    if not isinstance(value, dict):
        raise _wrong(f"[{name}] must be a table", path)
    return value


def _texts(value: object, where: str, path: str) -> tuple[str, ...]:
    if not isinstance(value, list | tuple) or not all(isinstance(item, str) for item in value):
        raise _wrong(f"{where} must be a list of texts", path)
    return tuple(value)


def _wrong(what: str, path: str) -> SettingsError:
    return SettingsError(f"{path}: {what}.", path=path, hint="Correct it; the defaults count.")


def _line_of(message: str) -> int:
    import re  # noqa: PLC0415

    found = re.search(r"line (\d+)", message)
    return int(found[1]) if found else 0
