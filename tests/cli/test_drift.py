"""`drift` over a workspace in which a monitor has watched a year: list, show, acknowledge, mute."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from tests.drift_building import MONITOR, drift_workspace
from workbench.cli.main import program


def run(*words: str) -> Result:
    """Run a command where we are, without a terminal."""
    return CliRunner().invoke(program, list(words))


@pytest.fixture
def year(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A workspace with a report a month in which drift appears; the place where we are."""
    root = drift_workspace(tmp_path / "ws")
    monkeypatch.chdir(root)
    monkeypatch.setenv("COLUMNS", "200")
    return root


@pytest.mark.usefixtures("year")
def test_what_is_watched_is_a_line_each() -> None:
    """Verdict, worst columns, trend and open alerts; no word at all means the list."""
    done = run("drift")
    assert done.exit_code == 0, done.output
    (line,) = [one for one in done.stdout.splitlines() if "flights-month" in one]
    open_now = str(len(json.loads(run("drift", "alerts", "--json").stdout)))
    for word in ("D", "flights", "drift", "dest", "flights-train@1", open_now):
        assert word in line.split()
    assert done.stdout == run("drift", "ls").stdout


@pytest.mark.usefixtures("year")
def test_the_list_for_programs() -> None:
    """JSON with moments as ISO 8601 and the worst columns by name; CSV has a line each."""
    (one,) = json.loads(run("drift", "--json").stdout)
    assert (one["name"], one["verdict"]) == ("flights", "drift")
    assert one["alerts"] == len(json.loads(run("drift", "alerts", "--json").stdout)) > 0
    assert one["worst"][0]["column"] == "dest"
    assert one["checked"].endswith("+00:00")
    assert len(run("drift", "ls", "--csv").stdout.splitlines()) == 2
    assert run("drift", "ls", "--md").stdout.splitlines()[1].startswith("| ---")


def test_a_workspace_that_watches_nothing_says_how_to_begin(
    year: Path,
) -> None:
    """A sentence on stderr, nothing on stdout."""
    (year / "workbench.toml").write_text("", "utf-8")
    for report in (year / "reports").rglob("*.json.gz"):
        report.unlink()
    done = run("drift")
    assert (done.exit_code, done.stdout) == (0, "")
    assert "[monitor.NAME]" in done.stderr


@pytest.mark.usefixtures("year")
def test_the_strip_is_letters_by_column_and_chunk() -> None:
    """Columns in the order that matters, the newest chunk at the right and told below."""
    done = run("drift", "show", "flights")
    assert done.exit_code == 0, done.output
    rows = dict(line.split() for line in done.stdout.splitlines()[1:10])
    assert rows["label"] == "·····!!·····"
    assert rows["dest"] == "········DDDD"
    assert list(rows)[:2] == ["prediction", "label"]
    assert "columns by chunks, 2013-01 … 2013-12" in done.stdout
    assert "drift: 1 of 20 columns moved; flights-month@12" in done.stdout


@pytest.mark.usefixtures("year")
def test_one_chunk_is_told_by_its_name() -> None:
    """What was found then, not now; a wrong name is refused with what is near."""
    done = run("drift", "show", "flights", "--chunk", "2013-06")
    assert done.stdout.startswith("severe: 6 of 20 columns moved; flights-month@6")
    wrong = run("drift", "show", "flights", "--chunk", "2013-6")
    assert (wrong.exit_code, wrong.stdout) == (2, "")
    assert "Did you mean 2013-06?" in wrong.stderr


@pytest.mark.usefixtures("year")
def test_one_column_is_told_over_time_and_in_full() -> None:
    """Each chunk in a line, then measures and categories; drawn on request."""
    done = run("drift", "show", "flights", "--column", "dest", "--plot")
    assert done.exit_code == 0, done.output
    assert done.stdout.startswith("dest over time\n")
    for word in ("2013-09", "1.8 times the limit of tvd", "PVD", "new", "█ reference"):
        assert word in done.stdout
    one = json.loads(run("drift", "show", "flights", "--column", "dest", "--json").stdout)
    assert (one["name"], one["chunk"], one["verdict"]) == ("dest", "2013-12", "drift")
    assert run("drift", "show", "flights", "--column", "dest", "--md").stdout.count("## ") == 4
    wrong = run("drift", "show", "flights", "--column", "desk")
    assert (wrong.exit_code, "Did you mean dest?" in wrong.stderr) == (2, True)


def test_a_page_of_the_whole_series_is_written(year: Path) -> None:
    """One static file; with `-` nothing else is on stdout."""
    done = run("drift", "show", "flights", "--html", "page.html")
    assert done.exit_code == 0
    assert "2013-01" in (year / "page.html").read_text("utf-8")
    assert run("drift", "show", "flights", "--html", "-").stdout.lower().startswith("<!doctype")


@pytest.mark.parametrize("command", [("show",), ("alerts",), ("mute",)])
@pytest.mark.usefixtures("year")
def test_a_monitor_nobody_knows_is_refused(command: tuple[str, ...]) -> None:
    """Not taken for one that found nothing."""
    more = ("dest", "--until", "2030-01-01", "--reason", "x") if command == ("mute",) else ()
    done = run("drift", *command, "fligts", *more)
    assert done.exit_code == 2, done.output
    assert "fligts" in done.stderr


def test_a_monitor_that_was_never_checked_says_what_to_run(year: Path) -> None:
    """It is watched, and there is nothing to show yet."""
    text = MONITOR + '[monitor.new]\ndata = "flights-month"\nreference = "previous"\n'
    (year / "workbench.toml").write_text(text, "utf-8")
    done = run("drift", "show", "new")
    assert (done.exit_code, "workbench monitor run new" in done.stderr) == (2, True)


@pytest.mark.usefixtures("year")
def test_an_alert_is_acknowledged_with_a_note() -> None:
    """It goes from the list, stays under --all with who and why, and the exit code follows."""
    before = json.loads(run("drift", "alerts", "--json").stdout)
    assert run("drift", "alerts").exit_code == 3
    one = before[0]
    done = run("drift", "acknowledge", one["id"][:6], "--note", "season, ticket 12")
    assert done.exit_code == 0, done.output
    after = json.loads(run("drift", "alerts", "--json").stdout)
    assert [each["id"] for each in after] == [each["id"] for each in before[1:]]
    everything = run("drift", "alerts", "flights", "--all")
    assert "season, ticket 12" in everything.stdout
    for each in after:
        run("drift", "acknowledge", each["id"], "--note", "seen")
    last = run("drift", "alerts")
    assert (last.exit_code, last.stdout) == (0, "")


@pytest.mark.usefixtures("year")
def test_an_acknowledgement_is_taken_back() -> None:
    """The alert waits for somebody again, also one that a colleague acknowledged."""
    before = run("drift", "alerts", "--json").stdout
    one = json.loads(before)[0]["id"]
    assert run("drift", "acknowledge", one, "--note", "season").exit_code == 0
    again = run("drift", "acknowledge", one, "--note", "twice")
    assert again.exit_code == 0
    assert "It was before, by " in again.stderr
    assert again.stderr.endswith(": season.\n")
    done = run("drift", "acknowledge", one[:8], "--undo")
    assert (done.exit_code, done.stderr) == (
        0, "It waits for somebody again: flights, 2013-12.\n"
    )  # fmt: skip
    assert run("drift", "alerts", "--json").stdout == before
    again = run("drift", "acknowledge", one, "--undo")
    assert (again.exit_code, again.stderr) == (2, "Nobody acknowledged that alert.\n")
    assert run("drift", "acknowledge", one, "--undo", "--note", "x").exit_code == 2


@pytest.mark.usefixtures("year")
def test_what_cannot_be_acknowledged_is_refused() -> None:
    """An id nobody has, and a note that says nothing."""
    assert run("drift", "acknowledge", "zzzz", "--note", "x").exit_code == 2
    one = json.loads(run("drift", "alerts", "--json").stdout)[0]["id"]
    assert run("drift", "acknowledge", one, "--note", "  ").exit_code == 2
    assert run("drift", "acknowledge", one).exit_code == 2


@pytest.mark.usefixtures("year")
def test_a_column_is_muted_until_a_day_and_alerts_again() -> None:
    """The mute is seen in the list; taken back, all is as before."""
    done = run("drift", "mute", "flights", "dest", "--until", "2999-12-31", "--reason", "timetable")
    assert done.exit_code == 0, done.output
    assert "muted: dest" in run("drift").stdout
    assert "muted until 2999-12-31" in run("drift", "show", "flights").stdout
    assert run("drift", "unmute", "flights", "dest").exit_code == 0
    assert "muted" not in run("drift").stdout
    assert run("drift", "unmute", "flights", "dest").exit_code == 2


@pytest.mark.parametrize(
    "words",
    [
        ("dest", "--until", "soon", "--reason", "x"),
        ("dest", "--until", "2001-01-01", "--reason", "x"),
        ("dest", "--until", "2999-12-31", "--reason", ""),
        ("desk", "--until", "2999-12-31", "--reason", "x"),
        ("dest", "--until", "2999-12-31"),
        ("dest", "--reason", "x"),
    ],
)
def test_a_mute_needs_a_column_a_day_and_a_reason(year: Path, words: tuple[str, ...]) -> None:
    """Exit code 2, and no file."""
    done = run("drift", "mute", "flights", *words)
    assert (done.exit_code, done.stdout) == (2, "")
    assert not list((year / "alerts").rglob("*.json"))
