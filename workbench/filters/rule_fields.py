"""Whose value a name in a rule means: the version's that is asked about, or the champion's.

A rule is about one model version. What a filter calls attributes of a run it does not have, and
a bare name is looked up nowhere: it is a fact of the version, or a text beside an operator.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from difflib import get_close_matches
from typing import Final, cast

from workbench.errors import FilterError
from workbench.filters.fields import (
    DATA_FACTS,
    DATASET_NAMES,
    DRIFT_FACTS,
    GIT_FACTS,
    VERSION_ATTRIBUTES,
)
from workbench.filters.quoting import reads_as_number
from workbench.filters.tree import Field, Kind, Owner

OWNERS: Final = ("champion",)
_PREFIXES: Final[Mapping[str, Kind]] = {
    "metrics": "metric",
    "metric": "metric",
    "params": "param",
    "param": "param",
    "parameters": "param",
    "parameter": "param",
    "tags": "tag",
    "tag": "tag",
    "datasets": "dataset",
    "dataset": "dataset",
    "git": "git",
    "version": "version",
    "attributes": "version",
    "attribute": "version",
    "data": "data",
    "drift": "drift",
}
_OF_FILES: Final[Mapping[str, Iterable[str]]] = {"data": DATA_FACTS, "drift": DRIFT_FACTS}
"""Prefixes that file names begin with, such as ``data.csv``, and the facts that are meant else."""
_FIRST: Final = "|".join((*OWNERS, *(prefix for prefix in _PREFIXES if prefix not in _OF_FILES)))
# `a-b` is a name, and names of metrics have slashes: only what no name has by chance is taken for
# arithmetic somebody wrote without spaces.
_GLUED: Final = re.compile(rf"[-+*/](?=(?:{_FIRST})\.)|(?<=.)[-+*/]\Z|\A[-+*/](?=[A-Za-z])")
_KNOWN: Final[Mapping[Kind, Iterable[str]]] = {
    "dataset": DATASET_NAMES,
    "git": GIT_FACTS,
    "version": VERSION_ATTRIBUTES,
    "data": DATA_FACTS,
    "drift": DRIFT_FACTS,
}
_EXAMPLES: Final = "metrics., params., tags., datasets., data., drift., git. or champion."


def plain_rule_field(text: str, column: int, *, bare: bool) -> Field | None:
    """Return the field a name without quotes means, or None where it is a word or a number.

    Args:
        text: The name.
        column: Where it stands in the rule.
        bare: Whether a fact of the version goes by its bare name here.

    Raises:
        FilterError: It begins like a field and is none, or arithmetic lacks its spaces.
    """
    if reads_as_number(text):
        return None
    _refuse_glued(text, column)
    owner, rest = _owned(text)
    prefix, dot, name = rest.partition(".")
    if dot and prefix in _PREFIXES and not _is_file_name(prefix, name, owner):
        return _field(prefix, name, column, owner)
    if owner:
        return _fact(rest, column, owner)
    return Field("version", text, column=column) if bare and text in VERSION_ATTRIBUTES else None


def prefixed_rule_field(prefix: str, name: str, column: int) -> Field:
    """Return the field that a ``prefix``, with its owner, and a quoted ``name`` mean together."""
    owner, rest = _owned(f"{prefix}.")
    rest = rest.removesuffix(".")
    if owner and not rest:
        return _fact(name, column, owner)
    if rest not in _PREFIXES:
        _refuse_glued(f"{prefix}.", column)
        raise FilterError(
            f"'{prefix}.' is nothing a rule can ask about.",
            text="",
            column=column,
            hint=f"Write {_EXAMPLES} before the name.",
        )
    return _field(rest, name, column, owner)


def quoted_rule_field(name: str, column: int) -> Field:
    """Return the field that a name in backticks alone means."""
    if name in VERSION_ATTRIBUTES:
        return Field("version", name, column=column)
    raise no_field(name, column)


def no_field(text: str, column: int) -> FilterError:
    """Return the error for a word where a field must be."""
    close = get_close_matches(text, VERSION_ATTRIBUTES, n=1)
    hint = f"Say what it is: metrics.{text}, params.{text} or tags.{text}."
    prefix, dot, _ = text.partition(".")
    if dot and prefix in _OF_FILES:
        hint = f"Of {prefix} there is {', '.join(_OF_FILES[prefix])}."
    elif text in GIT_FACTS:
        hint = f"Write git.{text}."
    elif close:
        hint = f"Did you mean '{close[0]}'?"
    elif not re.fullmatch(r"[\w/-]+", text):
        hint = f"Write {_EXAMPLES} before a name."
    return FilterError(
        f"'{text}' is nothing a rule can ask about.", text="", column=column, hint=hint
    )


def glued_sign(text: str) -> str:
    """Return the sign in a word that may be meant as arithmetic, as in ``0.9-0.1``; or nothing."""
    found = re.search(r"(?<=.)(?<![eE])[-+*/]|[*/]", text)
    return found[0] if found else ""


def spaced(sign: str) -> str:
    """Return what to do about arithmetic without spaces."""
    return f"Put a space on both sides of '{sign}' to reckon; put names in backticks."


def _is_file_name(prefix: str, name: str, owner: Owner) -> bool:
    """Say whether ``data.csv`` is meant: beside an operator that is a text like any other."""
    return prefix in _OF_FILES and not owner and name not in _OF_FILES[prefix]


def _refuse_glued(text: str, column: int) -> None:
    found = _GLUED.search(text)
    if found and len(text) > 1:
        raise FilterError(
            f"'{text}' is one name as it stands.",
            text="",
            column=column,
            hint=spaced(found[0]),
        )


def _owned(text: str) -> tuple[Owner, str]:
    first, dot, rest = text.partition(".")
    return (cast("Owner", first), rest) if dot and first in OWNERS else ("", text)


def _fact(name: str, column: int, owner: Owner) -> Field:
    if name in VERSION_ATTRIBUTES:
        return Field("version", name, column=column, owner=owner)
    error = no_field(name or f"{owner}.", column)
    hint = f"Write {owner}.metrics.NAME, {owner}.params.NAME or {owner}.signature."
    raise FilterError(error.message, text="", column=column, hint=hint)


def _field(prefix: str, name: str, column: int, owner: Owner) -> Field:
    kind = _PREFIXES[prefix]
    if not name:
        raise FilterError(f"Expected a name after '{prefix}.'.", text="", column=column)
    known = _KNOWN.get(kind)
    if known is not None and name not in known:
        raise FilterError(
            f"There is no {prefix}.{name}.",
            text="",
            column=column,
            hint=f"Write one of {', '.join(known)}.",
        )
    found = Field(kind, DATASET_NAMES[name] if kind == "dataset" else name, column=column)
    return replace(found, part="last" if kind == "metric" else None, owner=owner)
