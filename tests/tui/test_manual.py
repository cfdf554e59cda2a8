"""The manual's tables of keys are the ones the program has."""

from pathlib import Path

import pytest

from workbench.tui.keys import KEYS
from workbench.tui.manual import key_tables, renewed

PAGE = Path(__file__).parents[2] / "docs" / "screens-and-keys.md"


def test_the_manual_is_fresh():
    """The page holds what the key table says; `python -m workbench.tui.manual PAGE` renews it."""
    text = PAGE.read_text("utf-8")
    assert renewed(text) == text


def test_every_key_is_in_the_manual():
    """No key is left out."""
    tables = key_tables()
    assert all(f"`{key.id}`" in tables for key in KEYS)


def test_a_page_without_a_place_is_refused():
    """Nothing is written into a page that was not made for it."""
    with pytest.raises(ValueError, match="lacks the line"):
        renewed("# Another page\n")
