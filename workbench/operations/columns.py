"""The column a person means by a name, as in a filter: bare, prefixed, or a part of a metric."""

import csv
import re
from collections.abc import Iterable

from workbench.catalogue.expressions import ATTRIBUTES, PARTS
from workbench.catalogue.query import Column, Kind, Sort
from workbench.errors import UsageError
from workbench.filters import Names
from workbench.filters.fields import OTHER_NAMES, PREFIXES
from workbench.filters.names import closest

_CALL = re.compile(r"(\w+)\((.+)\)\Z", re.DOTALL)
_OWN_NAMES = {"git": "commit", "run": "name"}
_WRITTEN = {"attribute": "attributes", "param": "params", "metric": "metrics", "tag": "tags"}


def column(text: str, names: Names) -> Column:
    """Return the column ``text`` names: ``lr``, ``params.lr``, ``max(val/auc)``, ``started``.

    Args:
        text: As written.
        names: The names there are.

    Raises:
        UsageError: There is no such column, or the name is several things at once.
    """
    text = text.strip()
    call = _CALL.match(text)
    if call and call[1] in PARTS | {"best"}:
        return Column("metric", _named(_bare(call[2]), "metric", names), call[1])
    prefix, dot, rest = text.partition(".")
    kind = PREFIXES.get(prefix) if dot else None
    if kind in ("param", "metric", "tag", "attribute") and not names.kinds_of(text):
        return Column(kind, _named(_unquoted(rest), kind, names))
    return _looked_up(_unquoted(text), names)


def columns(text: str, names: Names) -> tuple[Column, ...]:
    """Return the columns of a list with commas; a name with a comma stands in double quotes.

    Raises:
        UsageError: One of them is not there.
    """
    return tuple(column(part, names) for part in _parts(text))


def order(text: str, names: Names) -> tuple[Sort, ...]:
    """Return the order of a list such as ``-val/auc,lr``; the minus sorts down.

    Raises:
        UsageError: One of the columns is not there.
    """
    return tuple(
        Sort(column(part.removeprefix("-"), names), part.startswith("-")) for part in _parts(text)
    )


def written(what: Column) -> str:
    """Return a column as it can be written here and in data: ``params.lr``, ``name``."""
    if what.kind == "attribute":
        return what.name
    name = f"{_WRITTEN[what.kind]}.{what.name}"
    return name if what.kind != "metric" or what.part == "last" else f"{what.part}({name})"


def _parts(text: str) -> list[str]:
    found = next(csv.reader([text], skipinitialspace=True), [])
    return [part.strip() for part in found if part.strip()]


def _unquoted(text: str) -> str:
    for mark in ('"', "`"):
        if len(text) > 1 and text[0] == text[-1] == mark:
            return text[1:-1]
    return text


def _bare(text: str) -> str:
    prefix, dot, rest = text.strip().partition(".")
    return _unquoted(rest if dot and prefix in ("metrics", "metric") else text.strip())


def _looked_up(name: str, names: Names) -> Column:
    attribute = _attribute(name)
    if attribute:
        return Column("attribute", attribute)
    kinds = names.kinds_of(name)
    if not kinds:
        known = {*ATTRIBUTES, *names.params, *names.metrics, *names.tags}
        raise _unknown("column", name, known)
    if len(kinds) > 1:
        choices = " or ".join(f"{_WRITTEN[kind]}.{name}" for kind in kinds)
        listed = " and ".join(f"a {kind}" for kind in kinds)
        raise UsageError(f"{name!r} is {listed}.", hint=f"Write {choices}.")
    return Column(_stored(kinds[0]), name)


def _named(name: str, kind: str, names: Names) -> str:
    """Return a name of a kind that is there."""
    if kind == "attribute":
        found = _attribute(name)
        if found:
            return found
        raise _unknown(kind, name, ATTRIBUTES)
    known = {"param": names.params, "metric": names.metrics, "tag": names.tags}[kind]
    if name not in known:
        raise _unknown(kind, name, known)
    return name


def _attribute(name: str) -> str | None:
    name = OTHER_NAMES.get(name, name)
    name = _OWN_NAMES.get(name, name)
    return name if name in ATTRIBUTES else None


def _stored(kind: str) -> Kind:
    kinds: dict[str, Kind] = {"param": "param", "metric": "metric", "tag": "tag"}
    return kinds[kind]


def _unknown(what: str, name: str, known: Iterable[str]) -> UsageError:
    close = closest(name, known)
    hint = f"Did you mean {' or '.join(close)}?" if close else ""
    return UsageError(f"There is no {what} called {name!r}.", hint=hint)
