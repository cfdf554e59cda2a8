"""Which workspace is meant, and what its settings say."""

import json
import os
from pathlib import Path

import pytest

from workbench.errors import NotAllowedError, NotFoundError, SettingsError
from workbench.ids import is_id
from workbench.settings import (
    CARD,
    DEFAULTS,
    SETTINGS,
    VARIABLE,
    Settings,
    create_workspace,
    find_workspace,
    is_workspace,
    open_workspace,
    read_settings,
)


def settings(root: Path, text: str) -> Settings:
    """Return what a settings file says."""
    (root / "workbench.toml").write_text(text, encoding="utf-8")
    return read_settings(root)


def test_without_a_file_the_defaults_count(tmp_path: Path) -> None:
    """So do they for every part a file does not speak of, and for parts of later versions."""
    assert read_settings(tmp_path) == DEFAULTS
    assert settings(tmp_path, "") == DEFAULTS
    assert settings(tmp_path, "[stages]\nnames = ['x']\n[runs]\ncolour = 'red'\n") == DEFAULTS


def test_every_part_is_taken_over(tmp_path: Path) -> None:
    """Directions, folders to follow, seeds and the name of who acts."""
    text = """
        [metrics]
        "val/auc" = "max"
        [sources]
        folders = ["../mlruns"]
        [runs]
        seeds = ["s"]
        [user]
        name = "Ana"
        key = "~/.ssh/id_ed25519"
    """
    assert settings(tmp_path, text) == Settings(
        {"val/auc": "max"}, ("../mlruns",), ("s",), "Ana", key="~/.ssh/id_ed25519"
    )


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('[metrics]\nloss = "down"\n', '"loss" must be "min" or "max", not \'down\''),
        ("[metrics]\nloss = 1\n", "must be"),
        ("metrics = 3\n", r"\[metrics\] must be a table"),
        ("[sources]\nfolders = 'a'\n", "folders must be a list of texts"),
        ("[sources]\nfolders = [1]\n", "folders must be a list of texts"),
        ("[runs]\nseeds = {}\n", "seeds must be a list of texts"),
        ("[user]\nname = 3\n", "name must be text"),
        ("[user]\nkey = 3\n", "key must be a file below the home folder"),
        ("[user]\nkey = '/etc/key'\n", "key must be a file below the home folder"),
        ("[user]\nkey = '~/../key'\n", "key must be a file below the home folder"),
        ("[user]\nkey = '//host/share/key'\n", "key must be a file below the home folder"),
    ],
)
def test_a_value_of_the_wrong_kind_is_named(tmp_path: Path, text: str, said: str) -> None:
    """The sentence says which, and what it must be."""
    with pytest.raises(SettingsError, match=said) as refusal:
        settings(tmp_path, text)
    assert refusal.value.exit_code == 2


def test_a_file_that_is_no_toml_is_told_with_its_line(tmp_path: Path) -> None:
    """So that an editor can be opened at the place."""
    with pytest.raises(SettingsError, match="not valid TOML") as refusal:
        settings(tmp_path, '[metrics]\nloss = "min"\nbroken = = 1\n')
    assert refusal.value.line == 3
    assert refusal.value.path == str(tmp_path / "workbench.toml")


@pytest.mark.parametrize("data", [b"\xff\xfe", b"a = '" + b"x" * (1 << 20) + b"'"])
def test_a_file_that_is_no_text_or_too_large_is_told(tmp_path: Path, data: bytes) -> None:
    """It is not read half."""
    (tmp_path / "workbench.toml").write_bytes(data)
    with pytest.raises(SettingsError):
        read_settings(tmp_path)


def test_a_workspace_is_made_once(tmp_path: Path) -> None:
    """Making it again, from any program, gives the same one."""
    root = tmp_path / "deep" / "w"
    made = create_workspace(root, 1_795_000_000.0)
    assert create_workspace(root, 1_795_000_001.0) == made == open_workspace(root)
    assert is_id(made.id)
    assert is_workspace(root)
    assert json.loads((root / ".workbench/workspace.json").read_text("utf-8"))["format"] == 1


def test_a_place_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    """A file where the folder should be, for one."""
    (tmp_path / "file").write_text("", "utf-8")
    with pytest.raises(NotAllowedError, match="No workspace can be made"):
        create_workspace(tmp_path / "file" / "w", 1.0)


@pytest.mark.parametrize("card", ["", "{", "[]", "{}", "3", "null"])
def test_a_card_that_cannot_be_read_is_told(tmp_path: Path, card: str) -> None:
    """With the file to repair, and how."""
    path = tmp_path / ".workbench" / "workspace.json"
    path.parent.mkdir()
    path.write_text(card, encoding="utf-8")
    with pytest.raises(SettingsError, match="cannot be read") as refusal:
        open_workspace(tmp_path)
    assert refusal.value.path == str(path)
    with pytest.raises(NotFoundError, match="is not a workspace"):
        open_workspace(tmp_path / "other")


def test_the_nearest_workspace_above_is_meant(tmp_path: Path) -> None:
    """Or the one a script made beside itself; the variable comes before all."""
    inner = tmp_path / "w" / "src" / "deep"
    inner.mkdir(parents=True)
    assert find_workspace(inner, {}) is None
    create_workspace(tmp_path / "w", 1.0)
    assert find_workspace(inner, {}) == tmp_path / "w"
    create_workspace(tmp_path / "w" / "src" / "workbench_data", 1.0)
    assert find_workspace(inner, {}) == tmp_path / "w" / "src" / "workbench_data"
    assert find_workspace(tmp_path / "w", {}) == tmp_path / "w"
    assert find_workspace(inner, {VARIABLE: "/not/there"}) == Path("/not/there")
    assert find_workspace(inner, {VARIABLE: ""}) == tmp_path / "w" / "src" / "workbench_data"


def test_a_metric_may_carry_a_tolerance(tmp_path):
    """Direction and tolerance stand together, either may be left out."""
    (tmp_path / "workbench.toml").write_text(
        '[metrics]\nauc = "max"\nloss = {goal = "min", tolerance = 0.01}\nf1 = {tolerance = 1}\n',
        encoding="utf-8",
    )
    found = read_settings(tmp_path)
    assert dict(found.goals) == {"auc": "max", "loss": "min"}
    assert dict(found.tolerances) == {"loss": 0.01, "f1": 1.0}


@pytest.mark.parametrize("said", ["-1", "true", "inf", '"0.1"', "nan"])
def test_a_tolerance_is_a_number_from_zero(tmp_path, said):
    """What is no tolerance is refused with the name of the metric."""
    text = f"[metrics]\nloss = {{tolerance = {said}}}\n"
    (tmp_path / "workbench.toml").write_text(text, encoding="utf-8")
    with pytest.raises(SettingsError, match='"loss" tolerance must be a number'):
        read_settings(tmp_path)


def test_a_metric_takes_nothing_else(tmp_path):
    """A word that means nothing is refused, not ignored."""
    text = '[metrics]\nloss = {gaol = "min"}\n'
    (tmp_path / "workbench.toml").write_text(text, encoding="utf-8")
    with pytest.raises(SettingsError, match="takes goal and tolerance"):
        read_settings(tmp_path)


def test_settings_of_a_stranger_cost_bounded_time(tmp_path: Path) -> None:
    """A key of fifty thousand parts, a pipe and a huge card are refused before they are read."""
    (tmp_path / SETTINGS).write_text("a" + ".a" * 50_000 + "=1")
    with pytest.raises(SettingsError) as raised:
        read_settings(tmp_path)
    assert (raised.value.line, "dots" in str(raised.value)) == (1, True)
    (tmp_path / SETTINGS).write_text("x" * (300 << 10))
    with pytest.raises(SettingsError):
        read_settings(tmp_path)
    (tmp_path / CARD).parent.mkdir()
    with (tmp_path / CARD).open("wb") as card:
        card.truncate(10 << 30)
    with pytest.raises(SettingsError):
        open_workspace(tmp_path)


def test_a_pipe_is_no_settings_file(tmp_path: Path) -> None:
    """Nobody waits for whoever never writes into it."""
    os.mkfifo(tmp_path / SETTINGS)
    with pytest.raises(SettingsError):
        read_settings(tmp_path)
