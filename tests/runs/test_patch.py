"""Patches as git writes them are read and put on exactly, or refused."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.runs.patch import Kind, PatchError, apply, files, lines_of, seen
from workbench.runs.unified import difference, side

TEXTS = st.lists(
    st.sampled_from([b"a\n", b"b\n", b"\n", b"c\r\n", b"-- x\n", b"++ y\n"]), max_size=30
)
ENDS = st.sampled_from([b"", b"end", b"\\ no"])


@given(old=TEXTS, new=TEXTS, old_end=ENDS, new_end=ENDS)
def test_a_difference_that_is_written_can_be_put_on(
    old: list[bytes], new: list[bytes], old_end: bytes, new_end: bytes
) -> None:
    """Written, read and applied, a difference turns one text into the other; to the last byte."""
    before, after = b"".join(old) + old_end, b"".join(new) + new_end
    found = difference(side("f", before), side("f", after))
    if before == after:
        assert found is None
        return
    assert found is not None
    (read,) = files(found.patch)
    assert apply(before, read) == after
    assert (found.added, found.removed) == (read.added, read.removed)


def test_a_text_too_alike_to_match_is_replaced_as_a_block() -> None:
    """Thousands of equal lines are not matched one by one, and the patch still fits."""
    before = b"".join(b"%d\n" % (n % 2) for n in range(3000))
    after = b"".join(b"%d\n" % (n % 3) for n in range(3000)) + b"0\n"
    found = difference(side("f", before), side("f", after))
    assert found is not None
    assert apply(before, files(found.patch)[0]) == after


CHANGED = Kind.CHANGED
HEADS = [
    (b"diff --git a/x.py b/x.py\nindex 1..2 100755\n", "x.py", "x.py", CHANGED, "100755"),
    (b"diff --git x.py x.py\nindex 1..2 100644\n", "x.py", "x.py", CHANGED, "100644"),
    (b"diff --git c/a b.py w/a b.py\nindex 1..2 100644\n", "a b.py", "a b.py", CHANGED, "100644"),
    (b'diff --git "a/t\\303\\244\\t\\"s" "b/t\\303\\244\\t\\"s"\n', 'tä\t"s',
     'tä\t"s', CHANGED, ""),
    (b"diff --git a/n b/n\nnew file mode 100644\n", None, "n", Kind.NEW, "100644"),
    (b"diff --git a/n b/n\ndeleted file mode 100644\n", "n", None, Kind.DELETED, ""),
    (b"diff --git a/o b/p\nsimilarity index 90%\nrename from o\nrename to p\n",
     "o", "p", Kind.RENAMED, ""),
    (b"diff --git a/o b/p\ncopy from o\ncopy to p\n", "o", "p", Kind.COPIED, ""),
    (b"diff --git a/x b/x\nold mode 100644\nnew mode 100755\n", "x", "x", CHANGED, "100755"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "old", "new", "kind", "mode"), HEADS)
def test_heads_of_all_kinds_are_read(
    text: bytes, old: str | None, new: str | None, kind: Kind, mode: str
) -> None:
    """Names with and without prefixes and quotes; new, deleted, renamed and copied files."""
    (found,) = files(text)
    assert (found.old, found.new, found.kind, found.new_mode) == (old, new, kind, mode)


def test_a_line_that_looks_like_a_head_is_a_line() -> None:
    """Only the counts of a hunk say where it ends."""
    text = (
        b"diff --git a/x b/x\n--- a/x\n+++ b/x\n@@ -1,2 +1,3 @@ def f():\n"
        b"--- a/y\n+diff --git a/z b/z\n+@@ -1 +1 @@\n \n"
    )
    (found,) = files(text)
    assert apply(b"-- a/y\n\n", found) == b"diff --git a/z b/z\n@@ -1 +1 @@\n\n"


def test_an_empty_line_may_have_lost_its_space() -> None:
    """Some settings write an empty line of context without the space before it."""
    (found,) = files(b"diff --git a/x b/x\n@@ -1,3 +1,3 @@\n\n-a\n+b\n\n")
    assert apply(b"\na\n\n", found) == b"\nb\n\n"


def test_a_patch_that_does_not_fit_is_an_error() -> None:
    """Neither another line, nor the right line elsewhere, nor a hunk out of order will do."""
    (found,) = files(b"diff --git a/x b/x\n@@ -2 +2 @@\n-a\n+b\n")
    for text in (b"x\ny\n", b"a\n", b"", b"x\nz\na\n"):
        with pytest.raises(PatchError):
            apply(text, found)
    (twice,) = files(b"diff --git a/x b/x\n@@ -2 +2 @@\n-a\n+b\n@@ -1 +1 @@\n-x\n+y\n")
    with pytest.raises(PatchError):
        apply(b"x\na\n", twice)


def test_what_is_cut_or_binary_is_not_put_on() -> None:
    """Half a hunk is no change, and bytes a patch does not hold are not made up."""
    (cut,) = files(b"diff --git a/x b/x\n@@ -1,2 +1,2 @@\n-a\n+b\n")
    assert not cut.whole
    (binary,) = files(b"diff --git a/x b/x\nindex 1..2 100644\nBinary files a/x and b/x differ\n")
    assert binary.binary
    for patch in (cut, binary):
        with pytest.raises(PatchError):
            apply(b"a\nz\n", patch)


@given(st.binary(max_size=300))
def test_anything_can_be_read_as_a_patch(noise: bytes) -> None:
    """A captured patch may hold any bytes; reading them raises nothing."""
    for one in files(b"diff --git a/x b/x\n@@ -1,9 +1,9 @@\n" + noise):
        assert isinstance(one.path, str)
    files(b"diff --git " + noise)


def test_huge_positions_cost_nothing() -> None:
    """A line number is a number anybody can write; it reserves no memory."""
    (far,) = files(b"diff --git a/x b/x\n@@ -999999999 +999999999 @@\n-a\n+b\n")
    with pytest.raises(PatchError):
        seen([far])
    assert files(b"diff --git a/x b/x\n@@ -99999999999 +1 @@\n-a\n+b\n")[0].hunks == ()


def test_lines_end_at_newlines_only() -> None:
    """A carriage return or a form feed ends no line."""
    assert lines_of(b"a\rb\x0c\r\nc") == [b"a\rb\x0c\r\n", b"c"]


def test_binary_files_are_said_to_differ() -> None:
    """Bytes that are no text are not printed."""
    found = difference(side("m.bin", b"\0\1"), side("m.bin", b"\0\2"))
    assert found is not None
    assert b"Binary files a/m.bin and b/m.bin differ\n" in found.patch


@pytest.mark.parametrize("pairs", [0, 50, 6_000_000])
def test_however_little_is_matched_the_patch_fits(monkeypatch, pairs):
    """Where matching would take too long, more lines are replaced than need be; all fit."""
    monkeypatch.setattr("workbench.runs.unified._MOST_PAIRS", pairs)
    old = [b"%d\n" % (at % 7) for at in range(40)]
    new = [*old[:9], b"new\n", *old[12:30], b"other\n", *old[30:]]
    found = difference(side("x", b"".join(old)), side("x", b"".join(new)))
    (patch,) = files(found.patch)
    assert apply(b"".join(old), patch) == b"".join(new)
    assert (found.added, found.removed) == ((2, 3) if pairs > 50 else (20, 21))


def test_shuffled_lines_are_compared_in_bounded_time():
    """A table whose rows are in another order is not matched row by row for hours."""
    lines = [b"%d\n" % at for at in range(60_000)]
    found = difference(side("x", b"".join(lines)), side("x", b"".join(lines[::2] + lines[1::2])))
    assert found.added == found.removed > 50_000
