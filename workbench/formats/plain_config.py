"""Params from whatever configuration lies beside the metrics: YAML, JSON or TOML."""

import codecs
import json
import re
import tomllib
from collections.abc import Mapping
from functools import cache
from typing import Any

from workbench.errors import FormatError
from workbench.formats import signs
from workbench.formats.contract import Fault
from workbench.formats.flat_yaml import check_size
from workbench.formats.undecoded import RefusedError, reason_of
from workbench.opening import read_small
from workbench.runfolder import encode_number

_STEMS = ("config", "params", "hparams", "hyperparams", "hyperparameters", "args", "flags")
_ENDINGS = (".yaml", ".yml", ".json", ".toml")
NAMES = tuple(stem + ending for stem in _STEMS for ending in _ENDINGS)
"""In order: what an earlier file says counts."""
_LARGEST = 1 << 20
_MOST_VALUES = 5_000
_DEEPEST = 32
_FLOAT = re.compile(r"[-+]?[0-9]+(?:\.[0-9]*)?[eE][-+]?[0-9]+\Z")
_SETTLES_IN = 60.0
"""Seconds after which a file that was not changed is not one that is being written."""
_NUMBER_LAST = re.compile(rb"(?:^|[\s:=\[,-])[-+.]*[0-9][0-9A-Za-z_.:+-]*\Z|[:=][\s.+-]*\Z")
"""How a line ends whose number, or the beginning of one, would be another if it were longer."""


def read_params(
    folder: str, files: list[str], shown: str, now: float, faults: list[Fault]
) -> dict[str, Any]:
    """Return the flat params of the configuration ``files`` of a folder.

    Args:
        folder: Where they are.
        files: Their names; what an earlier one says counts.
        shown: How a fault calls that folder; empty for the root.
        now: The time on the file system that holds them.
        faults: Grows by what is wrong.
    """
    params: dict[str, Any] = {}
    for name in files:
        path = f"{folder}/{name}"
        try:
            facts, data = signs.facts_of(path), read_small(path, _LARGEST)
            fresh = facts is None or now - facts[2] / 1e9 < _SETTLES_IN
            found, problem = _with_its_end(name, data, fresh=fresh)
        except (FormatError, OSError) as error:
            found, problem = {}, f"cannot be read: {error}"
        if problem:
            faults.append(Fault(f"{shown}/{name}".lstrip("/"), problem))
        params = {**found, **params}
    return params


def _with_its_end(name: str, data: bytes, *, fresh: bool) -> tuple[dict[str, Any], str]:
    """Return the flat params of a file, and what is to be told of its end.

    YAML and TOML that were cut within a line may well decode: ``lr: 0.`` is what there was
    of ``lr: 0.01``. JSON does not. So a last line without an end is left out while somebody
    may be writing it. Later it counts, because people's own files often end so for good; only
    a number at the end is told of for ever, for none may be taken for right that is not.

    Raises:
        FormatError: It does not decode.
    """
    wide = data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    text = data.decode("utf-16", "replace").encode() if wide else data
    begin = max(text.rfind(b"\n"), text.rfind(b"\r")) + 1
    last = text[begin:]
    if name.endswith(".json") or not last.strip() or last.lstrip().startswith(b"#"):
        return flat(load(name, text)), ""
    if fresh:
        return flat(load(name, text[:begin])), "has no end of line: its last line is left out"
    may_be_cut = _NUMBER_LAST.search(last) and b" #" not in last  # a remark comes after a value
    told = "has no end of line: its last value may be cut" if may_be_cut else ""
    return flat(load(name, text)), told


def load(name: str, data: bytes) -> Mapping[str, Any]:
    """Return what a configuration file says, by the ending of its name; never what it could run.

    Tags of YAML that a safe loader does not know are left away and their data stays; what JSON
    has not (NaN, the infinities) is taken, as Python writes it. Nothing in it is an empty mapping.

    Raises:
        FormatError: It does not decode, or holds no names with values.
    """
    kind = {"json": "JSON", "toml": "TOML"}.get(name.rpartition(".")[2], "YAML")
    try:
        if kind == "JSON":
            found = load_json(data)
        elif kind == "TOML":
            found = tomllib.loads(data.decode("utf-8"))
        else:
            found = load_yaml(data)
    except (ValueError, RecursionError) as problem:
        raise FormatError(f"it does not decode: {reason_of(problem, kind)}") from None
    if found is None:
        return {}
    if not isinstance(found, Mapping):
        raise FormatError(f"it holds {type(found).__name__}, not names with values")
    return found


def load_json(data: bytes) -> Any:
    """Return a JSON document; NaN and the infinities are taken, half a character is replaced.

    Raises:
        ValueError: It is none.
        RecursionError: It is nested too deep.
    """
    found = json.loads(data)
    if b"\\ud" in data or b"\\uD" in data:  # perhaps half a pair, which no file can hold again
        found = json.loads(json.dumps(found, ensure_ascii=False).encode("utf-8", "replace"))
    return found


def load_yaml(data: bytes) -> Any:
    """Return a YAML document of any kind, by the safe loader of `load`.

    Raises:
        RefusedError: It is none; in words for people.
        RecursionError: It is nested too deep.
    """
    import yaml  # noqa: PLC0415 - only where there is any

    try:
        check_size(data)
        return yaml.load(data, Loader=_loader())  # noqa: S506, TID251 - a safe loader, see below
    except (yaml.YAMLError, LookupError, TypeError, ValueError, AttributeError, OverflowError) as e:
        # The others are the loader's own: it meets ``!!int ""``, ``!!bool x`` and the like so.
        raise RefusedError(reason_of(e, "YAML")) from None


@cache
def _loader() -> Any:
    """Return a safe loader that takes ``1e-3`` for a number and unknown tags for their data."""
    import yaml  # noqa: PLC0415

    class Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
        pass

    def data_of(loader: Any, _tag: str, node: Any) -> Any:
        if isinstance(node, yaml.MappingNode):
            return loader.construct_mapping(node, deep=True)
        if isinstance(node, yaml.SequenceNode):
            return loader.construct_sequence(node, deep=True)
        return loader.construct_scalar(node)

    Loader.add_multi_constructor("", data_of)
    Loader.add_implicit_resolver("tag:yaml.org,2002:float", _FLOAT, list("-+0123456789"))
    return Loader


def flat(found: Mapping[str, Any]) -> dict[str, Any]:
    """Return nested names as one level with dots, and only values JSON has.

    Raises:
        FormatError: There are too many values, or they are nested too deep.
    """
    params: dict[str, Any] = {}
    room = [_MOST_VALUES]
    _flatten(found, "", params, room, _DEEPEST)
    return params


def _flatten(
    found: Mapping[Any, Any], prefix: str, params: dict[str, Any], room: list[int], depth: int
) -> None:
    for name, value in found.items():
        if isinstance(value, Mapping) and value and depth:
            _flatten(value, f"{prefix}{name}.", params, room, depth - 1)
        else:
            params[f"{prefix}{name}"] = _plain(value, room, depth)


def _plain(value: Any, room: list[int], depth: int) -> Any:
    """Return ``value`` as JSON has it; aliases may make a small file an endless one."""
    room[0] -= 1
    if room[0] < 0 or depth < 0:
        raise FormatError(f"it holds more than {_MOST_VALUES:,} values or is nested too deep")
    if value is None or isinstance(value, bool | int | str):
        return value
    if isinstance(value, float):
        return encode_number(value)
    if isinstance(value, Mapping):
        return {str(name): _plain(one, room, depth - 1) for name, one in value.items()}
    if isinstance(value, list | tuple | set):
        return [_plain(one, room, depth - 1) for one in value]
    return str(value)
