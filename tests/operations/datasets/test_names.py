"""Names of versions as people write them."""

from pathlib import Path

import pytest

from tests.dataset_building import claim
from workbench.errors import FormatError, NotFoundError, UsageError
from workbench.operations.datasets.names import Ref, check_name, is_ref, parse, resolve
from workbench.operations.registry.rooted import Here


@pytest.mark.parametrize(
    ("text", "ref"),
    [
        ("census", Ref("census")),
        (" census@4 ", Ref("census", 4)),
        ("datasets:/census", Ref("census")),
        ("datasets:/census@4", Ref("census", 4)),
        ("datasets:/census/4", Ref("census", 4)),
        ("a.b-c_1@12", Ref("a.b-c_1", 12)),
    ],
)
def test_all_ways_to_write_a_name_are_understood(text: str, ref: Ref) -> None:
    """And its short form is read back."""
    assert parse(text) == ref
    assert parse(str(ref)) == ref
    assert is_ref(text)


@pytest.mark.parametrize(
    "text",
    ["", "@", "@3", "census@", "census@x", "census@0", "census@-1", "census@1.0", "census/4",
     "../x", "Census", "census@٣", "census@" + "9" * 12, "models:/census@1", "a\x1b[31m"],
)  # fmt: skip
def test_what_names_nothing_is_refused(text: str) -> None:
    """With what to write instead, and no control character in the sentence."""
    with pytest.raises(UsageError) as told:
        parse(text)
    assert str(told.value).isprintable()
    assert not is_ref(text)


def test_a_name_is_the_newest_version_or_that_one(tmp_path: Path) -> None:
    """What cannot be read is passed over for the newest, and said for itself."""
    for content in (1, 2, 3):
        claim(tmp_path, content=content)
    (tmp_path / "datasets/census/3/manifest.json").write_bytes(b"{")
    assert resolve(Here(tmp_path), Ref("census")).version == 2
    assert resolve(Here(tmp_path), Ref("census", 1)).version == 1
    with pytest.raises(FormatError):
        resolve(Here(tmp_path), Ref("census", 3))


def test_what_is_not_there_names_what_is_near(tmp_path: Path) -> None:
    """A typing error is answered with the name that was meant."""
    claim(tmp_path)
    with pytest.raises(NotFoundError, match="Did you mean census"):
        resolve(Here(tmp_path), Ref("cenus"))
    with pytest.raises(NotFoundError, match="versions up to 1"):
        resolve(Here(tmp_path), Ref("census", 7))
    with pytest.raises(NotFoundError, match="workbench datasets"):
        resolve(Here(tmp_path), Ref("zzz"))
    (tmp_path / "datasets/empty").mkdir()
    with pytest.raises(NotFoundError, match="no version that can be read"):
        resolve(Here(tmp_path), Ref("empty"))


@pytest.mark.parametrize("name", ["", "Census", "a b", "-x", ".x", "con", "x" * 65, 3, None])
def test_a_name_that_cannot_be_is_answered_with_one_that_can(name: object) -> None:
    """The hint itself is a name."""
    with pytest.raises(UsageError) as told:
        check_name(name)
    assert check_name(told.value.hint.split("'")[1])


def test_of_what_cannot_be_read_the_reason_is_said(tmp_path: Path) -> None:
    """There is a version: whoever registered it must not believe it gone."""
    claim(tmp_path, "census", 1)
    (tmp_path / "datasets/census/1/manifest.json").write_text('{"size": NaN}')
    with pytest.raises(NotFoundError) as raised:
        resolve(Here(tmp_path), parse("census"))
    assert raised.value.message.startswith("No version of census can be read; of census@1: ")
    assert "datasets/census/1/manifest.json" in raised.value.hint
