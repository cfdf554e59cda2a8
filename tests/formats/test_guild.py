"""Guild's runs: what its hidden folder says, and the event file in it."""

import shutil
from pathlib import Path

import pytest

from tests.formats.checking import (
    LATER,
    SPECIMENS,
    damaged,
    expected,
    figures,
    folder_cards,
    told,
)
from workbench.errors import FormatError
from workbench.formats.artifacts import files_below
from workbench.formats.guild import GuildReader
from workbench.formats.points import summarise
from workbench.runfolder import FAILED, FINISHED, KILLED, RUNNING, STALE, UNKNOWN

DATA = SPECIMENS / "guild" / "data"
READER = GuildReader()
_STATUS = {"finished": FINISHED, "failed": FAILED, "killed": KILLED}


def a_run(root: Path, **attrs: str) -> Path:
    """Return a run below ``root`` with attributes as YAML."""
    home = root / "1a2b" / ".guild"
    (home / "attrs").mkdir(parents=True)
    (home / "opref").write_text("guildfile:/data/guild.yml 12ab '' train")
    for name, text in attrs.items():
        (home / "attrs" / name).write_text(f"{text}\n")
    return home


def test_every_run_of_the_specimen_is_found_with_all_that_guild_says_of_it() -> None:
    """Names, status, times, flags, tags, comments, figures and files are those expected."""
    before = sorted(map(str, DATA.rglob("*")))
    cards = folder_cards(READER, DATA)
    wanted = {run["path"]: run for run in expected("guild")["runs"]}
    assert cards.keys() == wanted.keys()
    for key, run in wanted.items():
        card = cards[key]
        assert (card.run_id, card.name, card.experiment) == (
            run["id"], run["name"], run["operation"],
        )  # fmt: skip
        assert (card.status, card.inferred) == (_STATUS[run["status"]], False)
        assert card.facts["raw_status"] == run["raw_status"]
        assert card.facts["exit_status"] == run["exit_status"]
        assert (card.started, card.ended) == (run["started_us"] / 1e6, run["stopped_us"] / 1e6)
        assert card.params == run["params"]
        assert list(card.tags) == run["tags"]
        assert card.note == "\n\n".join(run["comments"])
        assert told(card.metrics, run["metrics"]) == figures(run["metrics"])
        files = files_below(str(DATA / key), enter=lambda path: not path.endswith(".guild"))
        assert [file.path for file in files] == run["artifacts"]
        assert card.faults == ()
        assert READER.texts(DATA, key)["console"].name == "output"
        assert bool(card.error) == (run["status"] == "failed")
    assert sorted(map(str, DATA.rglob("*"))) == before


def test_a_run_that_failed_shows_the_end_of_its_output() -> None:
    """The traceback is the error."""
    failed = next(c for c in folder_cards(READER, DATA).values() if c.status == FAILED)
    assert failed.error[-1] == "RuntimeError: out of memory (simulated)"


def test_curves_are_what_the_summaries_say() -> None:
    """The points of every run, summarised, are the metrics of its card."""
    for key, card in folder_cards(READER, DATA).items():
        found = READER.points(DATA, key, None, None).points
        summaries = {n: summarise(p.values, [int(s) for s in p.steps]) for n, p in found.items()}
        assert repr(sorted(summaries.items())) == repr(sorted(card.metrics.items()))


@pytest.mark.parametrize(
    ("marks", "status", "inferred", "word"),
    [
        (("LOCK",), RUNNING, True, "running"),
        (("PENDING",), UNKNOWN, False, "pending"),
        (("STAGED",), UNKNOWN, False, "staged"),
        ((), UNKNOWN, True, "error"),
    ],
)
def test_a_run_without_an_end_is_told_by_its_marks(
    tmp_path: Path, marks: tuple[str, ...], status: str, inferred: bool, word: str
) -> None:
    """What Guild says by files of a name, and what follows from when they changed."""
    home = a_run(tmp_path, started="1700000000000000")
    for mark in marks:
        (home / mark).write_text("123")
    at = (home / "opref").stat().st_mtime
    card = READER.read(tmp_path, "1a2b", b"", at + 60).card
    assert (card.status, card.inferred, card.facts["raw_status"]) == (status, inferred, word)
    assert (card.name, card.started) == ("train 1a2b", 1700000000.0)


def test_a_locked_run_without_a_sign_of_life_is_stale(tmp_path: Path) -> None:
    """A process that was killed leaves its lock behind."""
    home = a_run(tmp_path)
    (home / "LOCK").write_text("123")
    at = (home / "LOCK").stat().st_mtime
    assert READER.read(tmp_path, "1a2b", b"", at + 3600).card.status == STALE


def test_a_project_with_guilds_folder_is_no_run(tmp_path: Path) -> None:
    """Guild keeps other things in folders of this name."""
    (tmp_path / ".guild" / "runs").mkdir(parents=True)
    assert folder_cards(READER, tmp_path) == {}


def test_what_guild_adds_is_read_on(tmp_path: Path) -> None:
    """An event file that grew gives its new points, and the card says the same."""
    source = next((DATA / "runs").glob("53b1*"))
    shutil.copytree(source, tmp_path / "run")
    path = next((tmp_path / "run" / ".guild").glob("events*"))
    data = path.read_bytes()
    path.write_bytes(data[: len(data) // 2])
    half, progress = READER.read(tmp_path, "run", b"", LATER)
    curves = READER.points(tmp_path, "run", None, None)
    path.write_bytes(data)
    card, _ = READER.read(tmp_path, "run", progress, LATER)
    assert card.metrics["loss"].count == 4 > half.metrics["loss"].count
    more = READER.points(tmp_path, "run", None, curves.progress)
    assert not more.restarted
    counts = [len(c.points["loss"].values) for c in (curves, more)]
    assert sum(counts) == 4


@pytest.mark.parametrize(
    "name",
    ["opref", "output", "attrs/flags", "attrs/exit_status", "attrs/label", "attrs/started",
     "attrs/tags", "attrs/comments", "attrs/id"],
)  # fmt: skip
def test_damage_is_a_fault_or_less_and_the_rest_is_read(tmp_path: Path, name: str) -> None:
    """Cut or with a byte flipped, one file spoils at most what it says itself."""
    source = next((DATA / "runs").glob("53b1*"))
    shutil.copytree(source, tmp_path / "run")
    whole = READER.read(tmp_path, "run", b"", LATER).card
    path = tmp_path / "run" / ".guild" / name
    data = path.read_bytes()
    for what, broken in damaged(data):
        path.write_bytes(broken)
        card, progress = READER.read(tmp_path, "run", b"", LATER)
        assert card.metrics == whole.metrics, what
        if name != "attrs/flags":
            assert card.params == whole.params, what
        assert card.status in (whole.status, UNKNOWN), what
        assert card.started in (whole.started, 1795296226.947724), what
        path.write_bytes(data)
        assert READER.read(tmp_path, "run", progress, LATER).card == whole


def test_hostile_attributes_are_faults(tmp_path: Path) -> None:
    """Objects, endless documents and wrong kinds end in a fault or in nothing."""
    home = a_run(
        tmp_path, flags="[" * 5000, label="!!python/object/apply:os.system [echo]",
        started="9" * 400, tags="{a: 1}", comments="- 3\n- {body: kept}\n", exit_status="true",
        id="[1]", cmd="!!int ''", host="a: &a [*a]",
    )  # fmt: skip
    (home / "attrs" / "user").symlink_to("/etc/passwd")
    card = READER.read(tmp_path, "1a2b", b"", LATER).card
    assert (card.run_id, card.started, card.note, card.params) == ("", None, "kept", {})
    assert {f.path for f in card.faults} >= {"1a2b/.guild/attrs/flags", "1a2b/.guild/attrs/cmd"}
    assert "root" not in str(card.facts)
    with pytest.raises(FormatError):
        READER.read(tmp_path, "1a2b/.guild", b"", LATER)
