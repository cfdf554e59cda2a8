"""What models are for, as the settings say it."""

from pathlib import Path

import pytest

from workbench.errors import SettingsError
from workbench.registry.purposes import purposes_of, read_purposes


def read(folder: Path, text: str) -> dict[str, tuple[str, ...]]:
    """Return what settings with this text say."""
    (folder / "workbench.toml").write_text(text, "utf-8")
    return read_purposes(folder)


def test_without_settings_nobody_has_said_anything(tmp_path: Path) -> None:
    """There is no such file."""
    assert read_purposes(tmp_path) == {}


def test_a_purpose_is_a_text_or_a_list(tmp_path: Path) -> None:
    """In a text commas part several, in a list they do not."""
    said = '[models.a]\npurpose = "x, y"\n[models.b]\npurpose = ["x, y", "z"]\n[models.c]\n'
    assert read(tmp_path, said) == {"a": ("x", "y"), "b": ("x, y", "z"), "c": ()}


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ('\n[models.a]\npurposes = "x"', 3, "a model has no 'purposes'"),
        ("[models.a]\npurpose = 3", 2, "purpose must be text"),
        ('[models.a]\npurpose = ["x", ""]', 2, "purpose must be text"),
        ("[models]\na = 3", 2, "models.a must be a table"),
        ("models = 3", 1, "models must be tables"),
    ],
)
def test_what_is_misspelt_is_an_error_with_its_line(
    tmp_path: Path, text: str, line: int, words: str
) -> None:
    """A purpose that is not read would be one that nobody has said."""
    with pytest.raises(SettingsError, match=words) as caught:
        read(tmp_path, text)
    assert caught.value.line == line


def test_a_near_word_is_suggested(tmp_path: Path) -> None:
    """As everywhere in the settings."""
    with pytest.raises(SettingsError) as caught:
        read(tmp_path, '[models.a]\npurpse = "x"')
    assert caught.value.hint == "Did you mean 'purpose'?"


@pytest.mark.parametrize("text", ["[models", "\x00", "a = " + "[" * 5000])
def test_what_is_no_settings_file_is_an_error(tmp_path: Path, text: str) -> None:
    """It is never taken for one that says nothing."""
    with pytest.raises(SettingsError, match="cannot be read"):
        read(tmp_path, text)


def test_what_is_said_of_model_and_version_adds_up() -> None:
    """Once each, the model's first; another model's is nothing to it."""
    said = {"churn": ("pricing",), "fraud": ("fines",)}
    assert purposes_of(said, "churn", "marketing, pricing") == ("pricing", "marketing")
    assert purposes_of(said, "leads", "") == ()
