"""Sentences about a side that is not there."""

import pytest

from tests.operations.drift.watched import Watched, frame
from workbench.errors import NotFoundError
from workbench.operations.drift.references import version_named


@pytest.mark.parametrize(
    ("name", "spoil", "words"),
    [
        ("month", True, "No version of month can be read"),
        ("no-version", False, "There is neither a dataset nor a file no-version."),
        ("can-be-read", False, "There is neither a dataset nor a file can-be-read."),
    ],
)
def test_why_a_name_means_no_version_is_known_and_not_read_off_a_sentence(
    watched: Watched, name: str, words: str, *, spoil: bool
) -> None:
    """Of a dataset that is there its own reason is told, whatever any name looks like."""
    watched.add("month", frame())
    if spoil:
        (watched.root / "datasets/month/1/manifest.json").write_bytes(b"{")
    manifest, missing = version_named(watched.ana, name)
    assert manifest is None
    assert isinstance(missing, NotFoundError)
    assert missing.message.startswith(words)
