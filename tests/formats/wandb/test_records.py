"""Items taken apart: quickly where they are as nearly all, else byte by byte, and alike."""

from hypothesis import given
from hypothesis import strategies as st

from tests.formats.wandb.encoding import text, varint, whole
from workbench.formats import wire
from workbench.formats.wandb import records

parts = st.lists(
    st.one_of(st.binary(max_size=8), st.sampled_from([b"loss", b"\x82\x01\x03", b"\n", b"v/acc"])),
    min_size=1, max_size=3,
)  # fmt: skip
values = st.one_of(
    st.floats().map(lambda number: repr(number).encode()),
    st.integers().map(lambda number: str(number).encode()),
    st.binary(max_size=12),
    st.binary(min_size=120, max_size=140),
)
items = st.lists(st.tuples(st.sampled_from([1, 2]), parts, values), max_size=8)


def slowly(body: bytes) -> list[tuple[str, bytes]]:
    """Return names and values as the protocol alone says them."""
    found = []
    for number, item in wire.fields(body):
        if number == 1 and not isinstance(item, int):
            said = [(n, v) for n, v in wire.fields(item) if not isinstance(v, int)]
            names = [wire.text(v) for n, v in said if n == 2] or [
                wire.text(v) for n, v in said if n == 1
            ]
            kept = names if said[0][0] == 2 else names[-1:]
            found.append((".".join(kept), bytes(said[-1][1])))
    return found


@given(wanted=items, step=st.integers(0, 2**40))
def test_both_ways_give_the_same(wanted: list[tuple[int, list[bytes], bytes]], step: int) -> None:
    """Names of any bytes, also such as look like signs, with values of any kind."""
    body = b""
    for field, names, value in wanted:
        named = names if field == 2 else names[:1]
        body += text(1, b"".join(text(field, name) for name in named) + text(16, value))
    found = records.history(memoryview(body + text(2, whole(1, step))))
    assert [(records.name_of(raw), value) for raw, value in found.items] == slowly(body)
    assert found.step == step


def test_a_body_of_very_many_odd_items_is_bounded() -> None:
    """What is not as nearly all items are costs each item once, not once for all that follow."""
    body = text(1, text(2, b"a")) * 200_000
    found, rest = records.items_of(body)
    assert (len(found), rest) == (200_000, len(body))
    assert set(found) == {(b"\x12\x01a", b"null")}
    assert records.items_of(b"\n" + varint(3) + b"\x12\x01a")[1] == 5
