"""Proposed rules as TOML that reads back to the same rules, to be pasted into the settings."""

import json
import re
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final

from workbench.datasets.rules.suggesting import Suggestion
from workbench.words import visible

_BARE: Final = re.compile(r"[A-Za-z0-9_-]+\Z")
_SURROGATE: Final = re.compile("[\ud800-\udfff]")


def toml_text(name: str, suggestions: Sequence[Suggestion]) -> str:
    """Return the rules of a dataset as TOML, each below what speaks for it.

    Args:
        name: Of the dataset; empty for a file of rules alone.
        suggestions: The rules.
    """
    header = f"[[datasets.{_key(name)}.rules]]" if name else "[[rules]]"
    return "\n".join(_block(header, one) for one in suggestions)


def _block(header: str, suggestion: Suggestion) -> str:
    why = visible(suggestion.why)
    comment = f"# weak: {why}" if suggestion.weak else f"# {why}"
    lines = [f"{_key(key)} = {value(said)}" for key, said in suggestion.table.items()]
    return "\n".join([comment, header, *lines, ""])


def _key(name: str) -> str:
    return name if _BARE.match(name) else text(name)


def value(said: Any) -> str:
    """Return a value as TOML."""
    match said:
        case bool():
            return "true" if said else "false"
        case int():
            return str(said)
        case float():
            return repr(said)
        case date():
            return said.isoformat()
        case str():
            return text(said)
        case Mapping():
            inner = ", ".join(f"{_key(key)} = {value(one)}" for key, one in said.items())
            return f"{{ {inner} }}"
    return f"[{', '.join(value(one) for one in said)}]"


def text(said: str) -> str:
    """Return a text as a TOML string on one line; half a character cannot be written."""
    whole = _SURROGATE.sub("\ufffd", said)
    # JSON escapes what TOML must have escaped, but for the character DEL.
    return json.dumps(whole, ensure_ascii=False).replace("\x7f", "\\u007f")
