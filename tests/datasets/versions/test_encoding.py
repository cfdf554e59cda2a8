"""Manifests written and read back as a stranger's word."""

import json
from typing import Any

import pytest

from tests.dataset_building import SHA, manifest
from workbench.datasets.fields import Fields
from workbench.datasets.manifest import SchemaColumn
from workbench.datasets.versions.encoding import decode, encode
from workbench.errors import FormatError


def test_what_is_written_is_read_back() -> None:
    """Everything a manifest says survives."""
    made = manifest(
        version=3, read_as={"separator": ";"}, rows=7, run="01kb", dvc="0" * 32 + ".dir",
        columns=(SchemaColumn("ä\u202e", "text", "String"),),
        fields=Fields(owner="ana", sensitive=("ssn",), roles={"zip": "category"}),
    )  # fmt: skip
    assert decode(encode(made)) == made


def test_what_a_newer_program_adds_is_no_fault() -> None:
    """A field nobody knows is passed over."""
    said = json.loads(encode(manifest(version=1)))
    assert decode(json.dumps(said | {"colour": "red"}).encode()) == manifest(version=1)


FILE = {"path": "data/a", "size": 1, "sha256": SHA + "1"}


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"format": 2}, "newer program"),
        ({"version": 0}, "no version"),
        ({"dataset": "../x"}, "no version"),
        ({"hash": "sha256:abc"}, "no hash"),
        ({"time": 1e999}, "cannot be read|no time"),
        ({"time": 1e300}, "a time that is none"),
        ({"time": -1.0}, "a time that is none"),
        ({"size": -1}, "nobody can count"),
        ({"size": 2**64}, "nobody can count"),
        ({"rows": -1}, "nobody can count"),
        ({"rows": 2**63}, "nobody can count"),
        ({"files": [FILE, FILE]}, "there twice"),
        ({"files": [FILE | {"path": ""}]}, "cannot be"),
        ({"files": [FILE | {"path": "a\0b"}]}, "cannot be"),
        ({"files": [FILE | {"path": "data//etc/passwd"}]}, "not below its folder"),
        ({"files": [FILE | {"path": "other/a"}]}, "not below its folder"),
        ({"base": "", "files": [FILE | {"path": "/etc/passwd"}]}, "not below its folder"),
        ({"files": [FILE | {"size": -5}]}, "what cannot be"),
        ({"files": [FILE | {"sha256": "../../x"}]}, "what cannot be"),
        ({"files": [FILE | {"md5": "x"}]}, "what cannot be"),
        ({"dvc": "x"}, "DVC"),
        ({"columns": [{"name": "a", "type": "t", "dtype": "d"}] * 2}, "column twice"),
        ({"files": 3}, "cannot be read"),
        ({"rows": "many"}, "cannot be read"),
    ],
)
def test_what_cannot_be_is_refused_with_a_sentence(change: dict[str, Any], why: str) -> None:
    """Anyone who can write to the share can write a manifest."""
    said = json.loads(encode(manifest(version=1)))
    with pytest.raises(FormatError, match=why):
        decode(json.dumps(said | change).encode())


@pytest.mark.parametrize(
    "data", [b"", b"{", b"null", b"[]", b"\xff\xfe", b"[" * 100_000, b'{"a":' * 5000]
)
def test_no_bytes_raise_anything_else(data: bytes) -> None:
    """What is no manifest is a fault, however it is broken."""
    with pytest.raises(FormatError):
        decode(data)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b'{"dataset": "a"', "The manifest cannot be read: it is cut off or damaged ("),
        (b"\xff", "The manifest cannot be read: it is cut off or damaged ("),
        (b'{"dataset": 3}', "The manifest cannot be read: it holds what cannot stand there ("),
    ],
)
def test_damage_is_said_in_words_before_those_of_a_library(data: bytes, words: str) -> None:
    """Whoever finds a broken file reads what is so, then where."""
    with pytest.raises(FormatError) as raised:
        decode(data)
    assert raised.value.message.startswith(words)
