"""What libraries print by themselves goes into a file while the screens are drawn."""

import os
import sys
from pathlib import Path

import pytest

from tests.building import write_workspace
from workbench.operations.session import open_session
from workbench.tui import app
from workbench.tui.native_messages import FILE, kept_off


@pytest.fixture(autouse=True)
def _real_streams(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have Python's standard error be the one of the process."""
    stream = open(2, "w", encoding="utf-8", closefd=False)  # noqa: SIM115 - a descriptor
    monkeypatch.setattr(sys, "__stderr__", stream)
    monkeypatch.setattr(sys, "stderr", stream)


def test_only_what_python_says_reaches_the_terminal(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    """The screens and errors do; afterwards all is as it was."""
    before = (sys.stderr, sys.__stderr__)
    with kept_off(tmp_path / "cache"):
        os.write(2, b"thread panicked\n")
        assert sys.__stderr__ is not None
        sys.__stderr__.write("drawn ")
        print("told", file=sys.stderr)
    os.write(2, b"after\n")
    assert capfd.readouterr().err == "drawn told\nafter\n"
    assert (tmp_path / "cache" / FILE).read_bytes() == b"thread panicked\n"
    assert (sys.stderr, sys.__stderr__) == before


def test_an_error_leaves_standard_error_as_it_was(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    """Who reads why the screens ended must see it."""
    with pytest.raises(KeyError), kept_off(tmp_path):
        raise KeyError
    os.write(2, b"after\n")
    assert capfd.readouterr().err == "after\n"


def test_without_a_place_for_them_messages_are_dropped(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    """The screen is not smeared for want of a file."""
    (tmp_path / "cache").write_text("")
    with kept_off(tmp_path / "cache"):
        os.write(2, b"thread panicked\n")
    assert capfd.readouterr().err == ""


def test_the_screens_run_with_messages_kept_off(
    tmp_path: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """From before the first paint until after the last."""
    monkeypatch.setattr(app.WorkbenchApp, "run", lambda _app: os.write(2, b"thread panicked\n"))
    session = open_session(write_workspace(tmp_path / "w"), in_memory=True)
    app.run_app(session)
    assert capfd.readouterr().err == ""
    assert (session.cache / FILE).read_bytes() == b"thread panicked\n"
