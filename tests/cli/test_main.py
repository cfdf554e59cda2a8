"""Errors become one sentence and a code, and help costs nothing."""

import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from tests.cli.conftest import Run
from workbench.cli import main
from workbench.cli.lazy import COMMANDS, with_open
from workbench.errors import ConflictError, NotAllowedError, WorkbenchError

HEAVY = ("duckdb", "textual", "polars", "numpy", "lark", "msgspec", "pandas", "plotext", "rich")


def test_help_loads_no_heavy_library() -> None:
    """A person who asks for help has it at once."""
    code = (
        "import sys; from workbench.cli.main import run; run(['--help']); "
        f"print([name for name in {HEAVY!r} if name in sys.modules], file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stderr.strip() == "[]"
    assert "restore" in done.stdout


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_help(name: str) -> None:
    """Each command says what it does in a line that fits the list."""
    done = CliRunner().invoke(main.program, [name, "--help"])
    assert done.exit_code == 0
    assert len(done.stdout.splitlines()[2].strip()) <= 64


@pytest.mark.parametrize(
    ("error", "code", "words"),
    [
        (WorkbenchError("It is so.", hint="Do this."), 1, "It is so.\nDo this.\n"),
        (NotAllowedError("You may not."), 4, "You may not.\n"),
        (ConflictError("Somebody\x1b[2J was first."), 6, "Somebody␛[2J was first.\n"),
        (KeyboardInterrupt(), 130, "Stopped.\n"),
        (BrokenPipeError(), 141, ""),
    ],
)
def test_an_error_is_a_sentence_and_a_code(
    error: BaseException, code: int, words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What went wrong is said on stderr, without control characters, and nothing else is."""
    monkeypatch.setattr(main, "_run", _raising(error))
    done = CliRunner().invoke(main.program, ["runs"])
    assert (done.exit_code, done.stderr, done.stdout) == (code, words, "")


def test_the_unforeseen_is_kept_whole_in_a_file(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of an unexpected error one sentence is shown and the traceback is kept."""
    monkeypatch.setattr(main, "_run", _raising(ZeroDivisionError("by zero")))
    done = CliRunner().invoke(main.program, ["runs"])
    assert done.exit_code == 1
    assert done.stderr.startswith("Unexpected ZeroDivisionError: by zero.")
    kept = Path(done.stderr.strip().removesuffix(".").rpartition(" is in ")[2])
    assert "Traceback" in kept.read_text()
    assert "Traceback" not in done.stderr


def test_debug_shows_the_traceback(run: Run) -> None:
    """``--debug`` works before and after the command."""
    for words in (("--debug", "show", "nobody"), ("show", "nobody", "--debug")):
        done = run(*words)
        assert done.exit_code == 2
        assert "Traceback" in done.stderr


def test_wrong_words_are_usage_errors(run: Run) -> None:
    """An unknown command, option or filter ends with 2 and says what was meant."""
    assert (done := run("rusn")).exit_code == 2
    assert "workbench runs" in done.stderr
    assert run("runs", "--nope").exit_code == 2
    done = run("runs", "-f", "loss >")
    assert done.exit_code == 2
    assert "^" in done.stderr


def test_one_form_is_printed_at_a_time(run: Run) -> None:
    """Two forms asked for together are wrong words, whatever their order and command."""
    for words in (("runs",), ("plot", "good", "-m", "loss"), ("formats",)):
        done = run(*words, "--csv", "--json")
        assert done.exit_code == 2
        assert done.stdout == ""
        assert "cannot be given together" in done.stderr
    assert run("runs", "--json", "--json").exit_code == 0


def test_the_reader_may_stop_reading(workspace: Path) -> None:
    """A pipe that is closed early ends the program quietly, and as pipes do."""
    process = subprocess.Popen(
        [sys.executable, "-m", "workbench", "runs", str(workspace), "--json"],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdout.close()
    assert process.stderr.read() == b""
    process.stderr.close()
    assert process.wait() == main.UNREAD


def test_no_word_and_a_folder_mean_open(tmp_path: Path) -> None:
    """``workbench`` and ``workbench PATH`` open; a command's name is never a path."""
    assert with_open([]) == ["open"]
    assert with_open([str(tmp_path)]) == ["open", str(tmp_path)]
    assert with_open(["-w", "x"]) == ["open", "-w", "x"]
    assert with_open(["--debug", str(tmp_path)]) == ["--debug", "open", str(tmp_path)]
    assert with_open(["runs"]) == ["runs"]
    assert with_open(["--help"]) == ["--help"]


def test_where_nothing_is_the_choices_are_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without a workspace or runs the exact commands to go on with are offered."""
    monkeypatch.chdir(tmp_path)
    done = CliRunner().invoke(main.program, [])
    assert done.exit_code == 2
    for words in ("workbench demo", "workbench open PATH", "workbench init DIR"):
        assert words in done.stderr


def test_without_a_terminal_open_prints_the_table(run: Run) -> None:
    """Bare ``workbench`` in a pipe gives the runs, not a screen."""
    done = run()
    assert done.exit_code == 0
    assert "good" in done.stdout


def _raising(error: BaseException):
    def fail(*_: object) -> int:
        raise error

    return fail


def test_ctrl_c_in_the_middle_of_a_query_is_ctrl_c(monkeypatch: pytest.MonkeyPatch) -> None:
    """DuckDB tells it as an error of its own; the exit code says what it was."""

    def interrupted(*_: object) -> int:
        raise RuntimeError("Query interrupted")

    monkeypatch.setattr(main, "_run", interrupted)
    assert main.run(["runs"]) == 130
