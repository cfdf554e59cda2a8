"""Pointers: what is in one, and what is never taken for one."""

import json
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.registry.events import promote, register, registered, roll_back, state_of
from workbench.errors import FormatError
from workbench.registry import pointer as pointers
from workbench.registry.pointer import LARGEST, Pointer

ONE = Pointer(
    "churn", "production", 3, "ab" * 32, "3", 12, "01kb", 1_795_000_000.5, "ana@lab",
    'It is "better"\n\u202eby far', "01kw",
)  # fmt: skip


def sealed(fields: dict[str, object]) -> bytes:
    """Return bytes that carry a right checksum over whatever is in them."""
    body = json.dumps(fields).encode()[:-1]
    return body + b',"sha256":"' + sha256(body).hexdigest().encode() + b'"}\n'


def fields(**changes: object) -> dict[str, object]:
    """Return the fields of a pointer as JSON has them, some of them otherwise."""
    said = json.loads(pointers.encode(ONE))
    del said["sha256"]
    return {**said, **changes}


def test_comes_back() -> None:
    """What was written is read again, whatever a reason holds."""
    assert pointers.decode(pointers.encode(ONE)) == ONE


def test_emptied() -> None:
    """A pointer may say that nothing holds the stage."""
    empty = replace(ONE, version=None, manifest="", path="")
    assert pointers.decode(pointers.encode(empty)) == empty


@given(st.text(), st.text())
def test_any_words(actor: str, reason: str) -> None:
    """Names and reasons are kept to the last character."""
    one = replace(ONE, actor=actor, reason=reason)
    assert pointers.decode(pointers.encode(one)) == one


def test_one_line_of_json() -> None:
    """Any tool that reads JSON reads a pointer; it is one line."""
    data = pointers.encode(ONE)
    assert data.count(b"\n") == 1
    assert json.loads(data)["version"] == 3


def test_every_torn_end() -> None:
    """However a pointer is cut, it is refused."""
    data = pointers.encode(ONE)
    for length in range(len(data)):
        with pytest.raises(FormatError):
            pointers.decode(data[:length])


def test_every_changed_byte() -> None:
    """A pointer with one byte changed is refused, wherever the byte is."""
    data = pointers.encode(ONE)
    for place in range(len(data)):
        with pytest.raises(FormatError):
            pointers.decode(data[:place] + bytes([data[place] ^ 1]) + data[place + 1 :])


@pytest.mark.parametrize(
    "changes",
    [
        {"version": "3"}, {"version": True}, {"seq": None}, {"seq": 1.5}, {"model": 7},
        {"manifest": None}, {"format": 2}, {"format": None}, {"time": "now"}, {"reason": ["x"]},
    ],
)  # fmt: skip
def test_wrong_kinds(changes: dict[str, object]) -> None:
    """A value of another kind, or another format, is refused though the checksum fits."""
    with pytest.raises(FormatError):
        pointers.decode(sealed(fields(**changes)))


@pytest.mark.parametrize("path", ["../9", "/etc", "a/../../b", "..\\x", "c:/x", "//server/x"])
def test_leads_out(path: str) -> None:
    """A path that leads out of its folder is refused on every system."""
    with pytest.raises(FormatError, match="leads out"):
        pointers.decode(sealed(fields(path=path)))


@pytest.mark.parametrize(("stage", "model"), [("../..", "churn"), ("", "churn"), ("live", "../x")])
def test_names_that_lead_out(stage: str, model: str) -> None:
    """No pointer lies where a name would lead out of its folder."""
    with pytest.raises(FormatError, match="has no pointer"):
        pointers.pointer_path(stage, model)


def test_unknown_field() -> None:
    """A field a later program adds is no reason to refuse."""
    assert pointers.decode(sealed(fields(colour="red"))) == ONE


def test_no_file(tmp_path: Path) -> None:
    """No pointer is nothing, not an error."""
    assert pointers.read(tmp_path / "none.json") is None


def test_bounded(tmp_path: Path) -> None:
    """A file that claims to be huge is not read."""
    path = tmp_path / "huge.json"
    with path.open("wb") as file:
        file.truncate(LARGEST + 1)
    with pytest.raises(FormatError, match="bytes"):
        pointers.read(path)


def test_of_a_promotion() -> None:
    """A pointer says who put which version there, by which event."""
    journal = registered(2)
    promote(journal, 1)
    state = promote(journal, 2, reason="better")
    found = pointers.of(state, "production", "w")
    event = state.events[-1]
    assert found == Pointer(
        "churn", "production", 2, f"{2:064x}", f"registry/churn/files/{2:064x}",
        4, event.id, event.time, "ana@lab", "better", "w",
    )  # fmt: skip


def test_stays_while_others_happen() -> None:
    """An event that does not touch the stage leaves its pointer as it is, to the byte."""
    journal = registered(1)
    before = pointers.of(promote(journal, 1), "production", "w")
    register(journal)
    promote(journal, 2, "staging")
    assert pointers.of(state_of(journal), "production", "w") == before


def test_of_an_emptied_stage() -> None:
    """An emptied stage has a pointer that says so."""
    journal = registered(1)
    promote(journal, 1)
    found = pointers.of(roll_back(journal, None), "production", "w")
    assert found is not None
    assert (found.version, found.manifest, found.path, found.seq) == (None, "", "", 3)


def test_of_nothing() -> None:
    """A stage nothing ever happened to has no pointer."""
    assert pointers.of(state_of(registered(1)), "production", "w") is None
