"""What models are for, as ``workbench.toml`` and the tags of their versions say it.

    [models.churn]
    purpose = "keeping customers"        # or a list of several

Whether data may be used for that is told by what its dataset says; what nobody has said is not
known, and never allowed by that.
"""

from collections.abc import Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Any, Final

from workbench.errors import SettingsError
from workbench.settings import SETTINGS, read_tables
from workbench.settings_lines import Lines, Place
from workbench.words import visible

PURPOSE: Final = "purpose"
"""The key in the settings and the tag of a version; commas part several."""
_LONGEST: Final = 200
_MOST: Final = 50


def purposes_of(said: Mapping[str, tuple[str, ...]], model: str, tag: str) -> tuple[str, ...]:
    """Return what a version of a model is for; none where nobody has said.

    What the settings say of the model and the tag of the version add up: data must be allowed
    for all of it.

    Args:
        said: What the settings say, by model.
        model: Its name.
        tag: The version's tag; empty without one.
    """
    return tuple(dict.fromkeys((*said.get(model, ()), *_parts(tag))))


def read_purposes(root: Path) -> dict[str, tuple[str, ...]]:
    """Return what the workspace's settings say models are for, by name.

    Raises:
        SettingsError: They cannot be read, or a key is misspelt; it knows the line.
    """
    tables, text = read_tables(root)
    return _models(tables.get("models", {}), str(root / SETTINGS), text)


def _models(said: Any, path: str, text: str) -> dict[str, tuple[str, ...]]:
    if not isinstance(said, dict):
        raise _wrong(("models",), "models must be tables", "Write [models.NAME].", path, text)
    found = {}
    for name, table in said.items():
        place: Place = ("models", name)
        if not isinstance(table, dict):
            what = f"models.{name} must be a table"
            raise _wrong(place, what, f"Write [models.{name}].", path, text)
        for key in table:
            if key != PURPOSE:
                hint = "Write purpose." if not _near(key) else "Did you mean 'purpose'?"
                what = f"a model has no '{key[:_LONGEST]}'"
                raise _wrong((*place, key), what, hint, path, text)
        purpose = table.get(PURPOSE, ())
        if not _fits(purpose):
            what = "purpose must be text, or a list of texts"
            raise _wrong((*place, PURPOSE), what, 'Write purpose = "...".', path, text)
        found[name] = _parts(purpose) if isinstance(purpose, str) else tuple(map(str, purpose))
    return found


def _near(key: str) -> bool:
    return bool(get_close_matches(key.casefold()[:_LONGEST], (PURPOSE,)))


def _fits(said: Any) -> bool:
    if isinstance(said, str):
        return len(said) <= _LONGEST
    texts = isinstance(said, list | tuple) and all(isinstance(one, str) for one in said)
    return texts and len(said) <= _MOST and all(one.strip() for one in said)


def _parts(text: str) -> tuple[str, ...]:
    return tuple(part for one in text.split(",") if (part := one.strip()))


def _wrong(place: Place, what: str, hint: str, path: str, text: str) -> SettingsError:
    line = Lines(text).of(place, str(place[-1]))
    at = f", line {line}" if line else ""
    said = visible(f"{path}{at}: {what}.")
    return SettingsError(said, path=path, line=line, hint=hint)
