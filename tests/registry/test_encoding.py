"""An event is one line that is whole or refused."""

import hashlib
import json
import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.building import BEGIN
from tests.registry.events import draft
from workbench.errors import FormatError, UsageError
from workbench.registry.encoding import decode, encode
from workbench.registry.event import KINDS, Draft, Event

WHOLE = encode(draft("promoted"), seq=3, model="churn", previous="ab" * 32)


def read(data: bytes) -> Event:
    """Decode the first event of a journal."""
    return decode(data, previous_effective=0.0)


def sealed(fields: Any) -> bytes:
    """Return a line with a right checksum, whatever it says."""
    body = json.dumps(fields).encode()[:-1]
    return body + b',"sha256":"' + hashlib.sha256(body).hexdigest().encode() + b'"}\n'


def changed(**fields: Any) -> bytes:
    """Return a whole event with other fields."""
    said = {name: value for name, value in json.loads(WHOLE).items() if name != "sha256"}
    return sealed({**said, **fields})


def test_an_event_is_one_line_of_json_that_ends_with_its_checksum() -> None:
    """Any program can read and check it."""
    fields = json.loads(WHOLE)
    assert list(fields) == [
        "format", "seq", "previous", "id", "kind", "model", "version", "stage", "saw", "actor",
        "host", "time", "reason", "details", "sha256",
    ]  # fmt: skip
    assert WHOLE.count(b"\n") == 1
    before = WHOLE[: WHOLE.rindex(b',"sha256":')]
    assert fields["sha256"] == hashlib.sha256(before).hexdigest()
    assert read(WHOLE).hash == hashlib.sha256(WHOLE).hexdigest()


@given(cut=st.integers(min_value=0, max_value=len(WHOLE) - 1))
def test_a_line_cut_anywhere_is_refused(cut: int) -> None:
    """Nothing shorter than the whole is an event."""
    with pytest.raises(FormatError):
        read(WHOLE[:cut])


@given(place=st.integers(min_value=0, max_value=len(WHOLE) - 1), bit=st.integers(0, 7))
def test_one_bit_changed_anywhere_is_refused(place: int, bit: int) -> None:
    """The checksum covers everything before it, and its own form is exact."""
    data = bytearray(WHOLE)
    data[place] ^= 1 << bit
    with pytest.raises(FormatError):
        read(bytes(data))


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text() |
    st.floats(allow_nan=False, allow_infinity=False),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)  # fmt: skip


@given(
    kind=st.sampled_from(sorted(KINDS)), reason=st.text(), actor=st.text(),
    details=st.dictionaries(st.text(), JSON, max_size=4),
    time=st.floats(min_value=0, max_value=253_402_300_799),
)  # fmt: skip
def test_what_is_written_is_read_again(
    kind: str, reason: str, actor: str, details: dict[str, Any], time: float
) -> None:
    """Whatever people type and measure comes back the same."""
    meant = draft(kind, reason=reason, actor=actor, details=details, saw=details, time=time)
    event = read(encode(meant, seq=1, model="churn", previous=""))
    assert Draft(**{name: getattr(event, name) for name in Draft.__slots__}) == meant


def test_numbers_that_json_does_not_have_are_words() -> None:
    """NaN and the infinities are written as in the lines of a run."""
    details = {"a": math.nan, "b": [math.inf, {"c": -math.inf}], "d": (1,)}
    event = read(encode(draft(details=details), seq=1, model="m", previous=""))
    assert event.details == {"a": "NaN", "b": ["Infinity", {"c": "-Infinity"}], "d": [1]}


def test_half_a_character_does_not_stop_an_event() -> None:
    """A name of a file that is no text, in a reason, becomes a question mark."""
    event = read(encode(draft(reason="a\udcff"), seq=1, model="m", previous=""))
    assert event.reason == "a?"


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "empty"),
        (b"\x00" * 4096, "cut short"),
        (b"{}\n", "cut short"),
        (b'{"a":"b"}\n', "no checksum"),
        (WHOLE + b"\n", "cut short"),
        (WHOLE + WHOLE, "checksum does not fit"),
        (sealed({}), "missing required field `format`"),
        (sealed({"format": 1, "deep": [[]]}), "missing required field"),
        (changed(seq="3"), "seq"),
        (changed(time=True), "time"),
        (changed(time=-1), "no date"),
        (changed(time=1e300), "no date"),
        (changed(version=0), "counted from 1"),
        (changed(version=None), "names no version"),
        (changed(stage=""), "names no stage"),
        (changed(kind="retired"), "names a stage"),
        (changed(stage="../../outside"), "'../../outside' cannot be the name of a stage"),
        (changed(stage="7"), "cannot be the name"),
        (changed(kind="blessed", stage="a/b"), "cannot be the name"),
        (changed(stage="\x1b[2J"), "cannot be the name"),
        (changed(details=[]), "details"),
        (changed(format=2), "newer than this program"),
    ],
)
def test_what_is_no_event_says_why(data: bytes, why: str) -> None:
    """The reason is one a person can act on."""
    with pytest.raises(FormatError, match=why):
        read(data)


def test_depth_without_end_is_refused() -> None:
    """Brackets inside brackets do not use up the stack."""
    body = b'{"format":1,"details":' + b"[" * 100_000 + b"]" * 100_000
    data = body + b',"sha256":"' + hashlib.sha256(body).hexdigest().encode() + b'"}\n'
    with pytest.raises(FormatError, match="not an event"):
        read(data)


def test_fields_of_a_later_version_are_left_alone() -> None:
    """A reader goes past what it does not know."""
    assert read(changed(mood="good", format=1)).kind == "promoted"


@pytest.mark.parametrize(
    "fields",
    [
        {"kind": "promoted", "version": None}, {"kind": "frozen", "stage": ""},
        {"time": math.nan}, {"kind": "frozen", "stage": "Live"},
    ],
)  # fmt: skip
def test_an_impossible_draft_is_refused_where_it_is_written(fields: dict[str, Any]) -> None:
    """Whoever makes it is told; no reader ever meets it."""
    with pytest.raises(ValueError, match=r"Its time|names no|cannot be"):
        encode(draft(**fields), seq=1, model="m", previous="")


def test_an_event_larger_than_readers_take_is_refused() -> None:
    """Nothing is written that could not be read."""
    with pytest.raises(UsageError, match="at most"):
        encode(draft(reason="x" * (17 << 20)), seq=1, model="m", previous="")


def test_effective_time_is_the_later_of_two() -> None:
    """An event is never before the one it follows."""
    data = encode(draft(time=BEGIN), seq=2, model="m", previous="")
    assert decode(data, previous_effective=BEGIN + 5).effective == BEGIN + 5
    assert decode(data, previous_effective=BEGIN - 5).effective == BEGIN
