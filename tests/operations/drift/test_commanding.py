"""The command that hears of alerts: whose it is, how it is started, and what it may not do."""

import json
import os
import sys
from pathlib import Path

import pytest

from workbench.errors import SettingsError
from workbench.operations.drift import commanding
from workbench.operations.drift.alerts import Alert
from workbench.operations.drift.commanding import Command, found_program, own_command, run
from workbench.operations.places import CONFIG
from workbench.operations.session import open_session

posix = os.name != "nt"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A workspace's folder."""
    folder = tmp_path / "ws"
    folder.mkdir()
    return folder


@pytest.fixture
def config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """This person's own settings, which nobody else can write."""
    home = tmp_path / "home"
    home.mkdir(mode=0o700)
    monkeypatch.setenv(CONFIG, str(home / "config.toml"))
    return home / "config.toml"


def python(code: str) -> Command:
    """Return a command that is a line of Python."""
    return Command((sys.executable, "-c", code), 20.0)


def test_without_own_settings_nothing_is_started(config: Path, root: Path) -> None:
    """No file, no table and an empty command all mean that nobody is to hear of it."""
    assert own_command(root) is None
    for text in ("", "[alerts]\n", "[alerts]\ncommand = []\n", "[user]\nname = 'ana'\n"):
        config.write_text(text, "utf-8")
        assert own_command(root) is None


def test_the_command_is_read_from_own_settings(config: Path, root: Path) -> None:
    """Its words as they stand; half a minute where nothing is said of time."""
    config.write_text('[alerts]\ncommand = ["send", "--to", "a b"]\n', "utf-8")
    assert own_command(root) == Command(("send", "--to", "a b"), 30.0)
    config.write_text('[alerts]\ncommand = ["send"]\ntimeout = 2.5\n', "utf-8")
    assert own_command(root) == Command(("send",), 2.5)


def test_a_command_in_the_workspace_is_never_read(root: Path, config: Path) -> None:
    """Whoever may write to the share cannot have a colleague's machine start anything."""
    (root / "workbench.toml").write_text('[alerts]\ncommand = ["evil"]\n', "utf-8")
    (root / "config.toml").write_text('[alerts]\ncommand = ["evil"]\n', "utf-8")
    assert own_command(root) is None
    assert not config.exists()


def test_own_settings_in_the_workspace_do_not_count(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A variable that points into the share does not make the share one's own."""
    (root / "config.toml").write_text('[alerts]\ncommand = ["evil"]\n', "utf-8")
    monkeypatch.setenv(CONFIG, str(root / "config.toml"))
    with pytest.raises(SettingsError, match="is in the workspace"):
        own_command(root)


def test_a_link_into_the_workspace_does_not_count(config: Path, root: Path) -> None:
    """Where the file really is counts, not what it is called."""
    (root / "shared.toml").write_text('[alerts]\ncommand = ["evil"]\n', "utf-8")
    try:
        config.symlink_to(root / "shared.toml")
    except OSError:
        config.write_text((root / "shared.toml").read_text("utf-8"), "utf-8")
        root = config.parent  # a system without links: the file itself is inside
    with pytest.raises(SettingsError, match="is in the workspace"):
        own_command(root)


if posix:

    def test_settings_that_others_can_write_do_not_count(config: Path, root: Path) -> None:
        """A file that anybody may change says what anybody wants."""
        config.write_text('[alerts]\ncommand = ["send"]\n', "utf-8")
        config.chmod(0o666)
        with pytest.raises(SettingsError, match="can be written by others"):
            own_command(root)
        config.chmod(0o600)
        config.parent.chmod(0o777)
        with pytest.raises(SettingsError, match="can be written by others"):
            own_command(root)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("[alerts\n", "cannot be read"),
        ("alerts = 3\n", "must be a table"),
        ('[alerts]\ncommand = "send --all"\n', "must be a list of texts"),
        ('[alerts]\ncommand = ["send", 3]\n', "must be a list of texts"),
        ('[alerts]\ncomand = ["send"]\n', "has no 'comand'"),
        ('[alerts]\ncommand = ["send"]\ntimeout = 0\n', "timeout must be seconds"),
        ('[alerts]\ncommand = ["send"]\ntimeout = true\n', "timeout must be seconds"),
        ('[alerts]\ncommand = ["send"]\ntimeout = inf\n', "timeout must be seconds"),
        ('[alerts]\ncommand = ["send"]\ntimeout = nan\n', "timeout must be seconds"),
    ],
)
def test_settings_that_cannot_be_meant_are_said(
    config: Path, root: Path, text: str, says: str
) -> None:
    """One sentence with the path of the file; nothing is started on a guess."""
    config.write_text(text, "utf-8")
    with pytest.raises(SettingsError, match=says) as told:
        own_command(root)
    assert str(config) in told.value.message


def test_the_message_is_on_the_input_and_in_no_argument(tmp_path: Path) -> None:
    """A name in the data that looks like an option or a shell's word stays a text of JSON."""
    out = tmp_path / "out.json"
    code = (
        "import json, sys; given = json.load(sys.stdin); "
        f"json.dump([sys.argv[1:], given], open({str(out)!r}, 'w'))"
    )
    message = {"columns": ["--exec", "$(touch x)", "; rm -rf ~", "\ud800", "née"]}
    assert run(python(code), message) == ""
    arguments, heard = json.loads(out.read_text())
    assert arguments == []
    assert heard["columns"] == message["columns"]


def test_no_shell_reads_the_words_of_the_command(tmp_path: Path) -> None:
    """An argument with a shell's signs reaches the program as it is."""
    out = tmp_path / "out.txt"
    code = f"import sys; open({str(out)!r}, 'w').write(sys.argv[1])"
    assert run(Command((sys.executable, "-c", code, "$HOME; echo *"), 20.0), {}) == ""
    assert out.read_text() == "$HOME; echo *"


def test_it_is_not_started_in_the_workspace(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A program or module that lies on the share is not found by its bare name."""
    monkeypatch.chdir(root)
    (root / "json.py").write_text("raise SystemExit(9)", "utf-8")
    assert run(python("import json, sys; json.load(sys.stdin)"), {"a": 1}) == ""


@pytest.mark.parametrize(
    ("code", "says"),
    [
        ("raise SystemExit(3)", "exit code 3."),
        ("import sys; print('no route\\x1b[31m'); sys.exit(1)", "exit code 1: no route␛[31m."),
    ],
)
def test_a_failure_is_told_in_a_sentence(code: str, says: str) -> None:
    """The exit code and the last thing it said, nothing of which steers a terminal."""
    assert run(python(code), {}).endswith(says)


def test_a_program_that_is_not_there_is_told() -> None:
    """A misspelt command is a sentence, not a traceback."""
    assert run(Command(("no-such-program-anywhere",)), {}) == (
        "There is no program no-such-program-anywhere."
    )
    assert run(Command((str(Path.home() / "no-such-program"),)), {}) != ""


def test_a_command_that_reads_nothing_is_no_failure() -> None:
    """However long the alert is, a command that does not ask for it keeps nobody waiting."""
    assert run(python("pass"), {"words": "x" * 1_000_000}) == ""


def test_a_command_that_hangs_is_ended() -> None:
    """After its time it is killed, also where it left something that holds its output."""
    code = (
        "import subprocess, sys, time; "
        "subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)']); time.sleep(600)"
    )
    said = run(Command((sys.executable, "-c", code), 0.5), {})
    assert said == "It took longer than 0.5 seconds and was ended."


def test_a_bare_name_is_looked_for_on_the_path_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Never in the current folder, even where the path says so with an empty or relative entry."""
    here, there = tmp_path / "here", tmp_path / "there"
    for folder in (here, there):
        folder.mkdir()
        (folder / "notify").write_text("#!/bin/sh\n", "utf-8")
        (folder / "notify").chmod(0o755)
    monkeypatch.chdir(here)
    monkeypatch.setenv("PATH", os.pathsep.join(["", ".", "../here"]))
    assert found_program("notify") is None
    assert found_program("./notify") is None
    monkeypatch.setenv("PATH", os.pathsep.join([".", str(there)]))
    assert found_program("notify") == str(there / "notify")


def test_a_run_starts_so_many_commands_and_says_how_many_wait(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is over is told by the next run: no file can start thousands of programs."""
    started = list[str]()

    def run(_command: Command, said: dict[str, str]) -> str:
        started.append(said["id"])
        return ""

    monkeypatch.setattr(commanding, "run", run)
    monkeypatch.setattr(commanding, "MOST_STARTED", 2)
    many = [
        Alert(f"id{k}", "m", str(k), 0.0, "drift", (), "", "note", "", None, "k") for k in range(3)
    ]
    with open_session(root, in_memory=True) as session:
        (said,) = commanding.tell(session, commanding.Command(("x",)), many)
        assert said.startswith("1 more alerts are told by the next runs")
        assert commanding.tell(session, commanding.Command(("x",)), many) == []
    assert started == ["id0", "id1", "id2"]
