"""YAML as tools write it for themselves: one ``key: value`` a line.

The safe loader takes a quarter of a millisecond for such a file, which is a
quarter of all the time a run may take. So lines that can mean only one thing are
read directly, and the loader gets every file that holds any other.
"""

import re
from collections.abc import Mapping
from typing import Any

from workbench.errors import FormatError
from workbench.formats.undecoded import RefusedError, reason_of

_BRACKETS = re.compile(rb"[\[\]{}]")
_DEEPEST = 100
_INDENTED = re.compile(rb"^[ \t?:-]{200}", re.MULTILINE)
"""How a line begins that lies a hundred levels deep without a bracket."""
_MOST_NODES = 20_000
"""Names and values of a document with every alias written out."""
_LINE = re.compile(rb"([A-Za-z_][A-Za-z0-9_]*): (.*)\Z")
_WHOLE = re.compile(rb"(?:0|-?[1-9][0-9]{0,17})\Z")
_WORDS = re.compile(rb"[A-Za-z_/](?:[A-Za-z0-9_/.+%@=~()-]|[: ](?=[A-Za-z0-9_/.+%@=~()-]))*\Z")
"""What begins with a letter is no number, and text if no colon or sharp in it means more."""
_HEX = re.compile(rb"(?=[0-9]*[a-f])(?!0b)[0-9a-f]{32}\Z")
_QUOTED = re.compile(rb"'[ -&(-~]*'\Z")
_SPECIAL = frozenset([b"true", b"false", b"yes", b"no", b"on", b"off", b"null", b"y", b"n"])
_OPEN = (b"'", b'"', b"|", b">", b"[", b"{", b"&", b"*", b"!", b"%", b"@", b"`", b"?", b"-", b"#")


def read_flat(data: bytes, wanted: frozenset[str]) -> dict[str, Any]:
    """Return at least the ``wanted`` keys of a YAML mapping that are there.

    Raises:
        FormatError: It is not YAML, or not a mapping.
    """
    found = _directly(data, frozenset(key.encode() for key in wanted))
    return found if found is not None else load_mapping(data)


def load_mapping(data: bytes) -> dict[str, Any]:
    """Return a YAML mapping by the safe loader; nothing in it is ever made an object.

    Raises:
        FormatError: It is not YAML, or not a mapping.
    """
    import yaml  # noqa: PLC0415 - most files do not need it

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        check_size(data)
        found = yaml.load(data, Loader=loader)  # noqa: S506, TID251 - the safe loader, in C
    except (yaml.YAMLError, ValueError, RecursionError) as problem:
        raise FormatError(f"This does not decode: {reason_of(problem, 'YAML')}.") from None
    if found is None:
        return {}
    if not isinstance(found, Mapping):
        raise FormatError(f"This holds {type(found).__name__}, not names with values.")
    return {str(key): value for key, value in found.items()}


def check_size(data: bytes) -> None:
    """See that a document is neither deep nor, with its aliases written out, endless.

    The loader calls itself for every level, in C: a deep document would end the process.

    Raises:
        RefusedError: It is.
    """
    depth = 0
    for sign in _BRACKETS.findall(data):
        depth = depth + 1 if sign in b"[{" else max(0, depth - 1)
        if depth > _DEEPEST:
            raise RefusedError("it is nested too deep")
    if _INDENTED.search(data):
        raise RefusedError("it is nested too deep")
    if b"*" in data:
        _check_aliases(data)


def _check_aliases(data: bytes) -> None:
    import yaml  # noqa: PLC0415

    sizes: dict[str, int] = {}
    parts: list[tuple[str | None, int]] = [(None, 0)]
    for event in yaml.parse(data, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader)):
        anchor = getattr(event, "anchor", None)
        size = 1
        if isinstance(event, yaml.CollectionStartEvent):
            parts.append((anchor, 1))
            continue
        if isinstance(event, yaml.CollectionEndEvent):
            anchor, size = parts.pop()
        elif isinstance(event, yaml.AliasEvent):
            anchor, size = None, sizes.get(str(anchor), 1)
        if anchor:
            sizes[anchor] = size
        parts[-1] = (parts[-1][0], parts[-1][1] + size)
        if parts[-1][1] > _MOST_NODES:
            raise RefusedError("its aliases hold too much")


def _directly(data: bytes, wanted: frozenset[bytes]) -> dict[str, Any] | None:
    found: dict[str, Any] = {}
    for line in data.splitlines():
        match = _LINE.match(line)
        if match is None:
            return None
        key, text = match.groups()
        if key not in wanted:
            if text[:1] in _OPEN and text not in (b"''", b"[]", b"{}"):
                return None
            continue
        try:
            found[key.decode()] = _scalar(text)
        except ValueError:
            return None
    return found


def _scalar(text: bytes) -> str | int | None:
    """Return what ``text`` can only mean.

    Raises:
        ValueError: It may mean something else.
    """
    if text == b"null":
        return None
    if _WHOLE.match(text):
        return int(text)
    if _QUOTED.match(text):
        return text[1:-1].decode("ascii")
    if (_WORDS.match(text) and text.lower() not in _SPECIAL) or _HEX.match(text):
        return text.decode("ascii")
    raise ValueError
