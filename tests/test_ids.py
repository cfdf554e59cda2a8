"""Ids sort by time, and any text has a path name of its own."""

import os

from hypothesis import given
from hypothesis import strategies as st

from workbench.ids import LONGEST_NAME, is_id, is_path_name, new_id, slug

MOMENTS = st.integers(0, 2**47).map(lambda ms: ms / 1000)
DEVICES = st.sampled_from(["con", "CON", "nul.txt", "com1", "Lpt9.a.b", "aux", "conx", "a.con"])
TEXTS = st.one_of(
    st.text(),
    st.text(st.sampled_from("abAB09._- /\\:*?é\0"), max_size=80),
    DEVICES,
    st.text(st.characters(codec=None)),
)


@given(MOMENTS, MOMENTS)
def test_ids_are_in_order_of_time(first: float, second: float) -> None:
    """An id of an earlier millisecond is smaller, as text and as a name in a listing."""
    one, other = new_id(first), new_id(second)
    assert is_id(one)
    assert is_path_name(one)
    assert one != other
    if int(first * 1000) != int(second * 1000):
        assert (one < other) == (first < second)


def test_ids_of_one_moment_are_told_apart() -> None:
    """Eighty random bits are not drawn twice."""
    assert len({new_id(1.0) for _ in range(1000)}) == 1000


def test_what_is_no_id() -> None:
    """Other lengths, capitals and the letters an id leaves out are not taken for one."""
    good = "01kb" + "0" * 22
    assert is_id(good)
    for bad in (good[:-1], good + "0", good.upper(), good[:-1] + "u", good + "\n", ""):
        assert not is_id(bad)


@given(TEXTS)
def test_every_text_has_a_path_name(text: str) -> None:
    """It is a name on every system, short, and names that fit stay as they are."""
    name = slug(text)
    assert is_path_name(name)
    assert slug(name) == name
    assert len(name) <= LONGEST_NAME
    assert name[0] != "."
    assert name[-1] != "."
    assert name.partition(".")[0] not in ("con", "nul", "aux", "prn", "com1", "lpt9")
    assert os.fsencode(name).isascii()


@given(TEXTS, TEXTS)
def test_different_texts_have_different_names(one: str, other: str) -> None:
    """Also where they differ in nothing but the case of their letters."""
    assert (slug(one).casefold() == slug(other).casefold()) == (one == other)
    assert (slug(one) == slug(one.upper())) == (one == one.upper())


def test_names_stay_readable() -> None:
    """What people typed can be recognised, with a mark behind it."""
    assert slug("churn-2_v1.5") == "churn-2_v1.5"
    assert slug("Churn Model (v2)").startswith("churn-model-v2-")
    assert len(slug("漢字")) == 8
    assert slug("x" * 100).startswith("x" * 55 + "-")
