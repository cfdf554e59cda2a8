"""`drift check` over real files: what it prints, where it writes, and how it ends."""

import json
import os
import subprocess
import sys
from io import StringIO
from pathlib import Path
from xml.etree import ElementTree as ET

import numpy as np
import pytest
from click.testing import CliRunner, Result

from workbench.cli import main
from workbench.cli.lazy import OF_DRIFT, OF_MONITOR
from workbench.datasets.drift.report import DriftReport


def rows(n: int, *, moved: bool, seed: int) -> str:
    """Return a CSV file; where it moved, ages are higher and a city is new."""
    draw = np.random.default_rng(seed)
    cities = ("Bonn", "Ulm", "Köln", "Trier") if moved else ("Bonn", "Ulm", "Köln")
    lines = [
        f"{draw.normal(55 if moved else 40, 10):.1f};{draw.choice(cities)};{draw.normal():.4f}"
        f";2026-0{1 + k * 3 // n}-1{k % 9}"
        for k in range(n)
    ]
    return "age;city;noise;day\n" + "\n".join(lines) + "\n"


@pytest.fixture
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that is no workspace, with a reference, one like it and one that moved."""
    folder = tmp_path / "files"
    folder.mkdir()
    (folder / "ref.csv").write_text(rows(900, moved=False, seed=1), "utf-8")
    (folder / "same.csv").write_text(rows(600, moved=False, seed=2), "utf-8")
    (folder / "moved.csv").write_text(rows(600, moved=True, seed=3), "utf-8")
    monkeypatch.chdir(folder)
    return folder


def check(current: str, *words: str) -> Result:
    """Check a file against the reference."""
    if "--reference" not in words:
        words = ("--reference", "ref.csv", *words)
    return CliRunner().invoke(main.program, ["drift", "check", current, *words])


@pytest.mark.parametrize(
    ("group", "name"),
    [*(("drift", one) for one in OF_DRIFT), *(("monitor", one) for one in OF_MONITOR)],
)
def test_every_command_has_help(group: str, name: str) -> None:
    """Each command says what it does in a line that fits the list."""
    done = CliRunner().invoke(main.program, [group, name, "--help"])
    assert done.exit_code == 0, done.output
    assert len(done.stdout.splitlines()[2].strip()) <= 64


@pytest.mark.parametrize("words", [("drift", "check"), ("monitor", "run"), ("drift",)])
def test_help_loads_no_heavy_library(words: tuple[str, ...]) -> None:
    """A person who asks what there is has it at once."""
    code = (
        f"import sys; from workbench.cli.main import run; run([*{words!r}, '--help']); "
        "heavy = ('duckdb', 'polars', 'numpy', 'scipy', 'sklearn', 'plotext'); "
        "print([n for n in heavy if n in sys.modules], file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stderr.strip() == "[]"


@pytest.mark.usefixtures("files")
def test_two_files_without_a_workspace() -> None:
    """One line says the verdict, then what moved in a sentence each; exit code 3."""
    done = check("moved.csv", "--exclude", "day")
    assert done.exit_code == 3, done.output
    first, *rest = done.stdout.splitlines()
    assert first.startswith("severe: 2 of 3 columns moved; moved.csv (600 rows)")
    assert any(line.split()[:2] == ["!", "age"] and "median" in line for line in rest)
    assert any("Trier" in line for line in rest)
    assert done.stderr == ""


class _Closed(StringIO):
    """What is written to somebody who has gone."""

    def write(self, text: str) -> int:  # noqa: ARG002 - nobody reads it
        raise BrokenPipeError


@pytest.mark.usefixtures("files")
@pytest.mark.parametrize(("current", "code"), [("moved.csv", 3), ("same.csv", 0)])
def test_how_it_ends_does_not_depend_on_who_reads_it(
    current: str, code: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where whoever reads the output has gone, the exit code tells of the data all the same."""
    monkeypatch.setattr(sys, "stdout", _Closed())
    assert main.run(["drift", "check", current, "--reference", "ref.csv"]) == code


@pytest.mark.usefixtures("files")
def test_data_that_did_not_move_end_with_0() -> None:
    """Drawn from the same place, nothing is raised."""
    done = check("same.csv", "--exclude", "day")
    assert (done.exit_code, done.stdout.startswith("stable: none of 3 columns moved")) == (0, True)


def test_too_few_rows_end_with_5(files: Path) -> None:
    """What cannot be told is neither a pass nor an alarm, and says why."""
    (files / "few.csv").write_text(rows(12, moved=True, seed=4), "utf-8")
    done = check("few.csv")
    assert done.exit_code == 5
    assert done.stdout.startswith("too few: nothing could be judged")


def test_nothing_is_left_behind(files: Path) -> None:
    """A check of two files writes what it was asked to, and nothing else anywhere near."""
    before = sorted(files.rglob("*"))
    check("moved.csv")
    check("same.csv", "--json")
    assert sorted(files.rglob("*")) == before


@pytest.mark.usefixtures("files")
def test_json_has_the_fields_of_a_report() -> None:
    """All of them, and how the command ends."""
    done = check("moved.csv", "--json", "--exclude", "day")
    fields = json.loads(done.stdout)
    assert set(fields) == {*DriftReport.__struct_fields__, "exit_code"}
    assert (fields["verdict"], fields["exit_code"], done.exit_code) == ("severe", 3, 3)
    assert fields["left_out"] == [{"name": "day", "reason": "left out as asked"}]


def test_files_for_ci_and_for_people_are_written(files: Path) -> None:
    """JUnit and a page beside the text; each in one step, and no temporary file stays."""
    done = check("moved.csv", "--junit", "out.xml", "--html", "out.html")
    assert done.exit_code == 3
    suites = ET.parse(files / "out.xml").getroot()  # noqa: S314 - our own
    assert int(suites.get("failures") or 0) >= 3
    page = (files / "out.html").read_text("utf-8")
    assert "<script" not in page
    assert "moved.csv" in page
    assert not list(files.glob("*.tmp"))
    assert check("moved.csv", "--junit", "-").stdout.startswith("<?xml")


@pytest.mark.usefixtures("files")
def test_markdown_and_plots() -> None:
    """A note for a merge request, its plots in a block; plots below the text otherwise."""
    note = check("moved.csv", "--md", "--plot")
    assert note.stdout.startswith("# Drift: moved")
    assert note.stdout.count("```") % 2 == 0
    assert "█ reference" in note.stdout
    assert "█ reference" in check("moved.csv", "--plot").stdout
    assert "\x1b" not in note.stdout


@pytest.mark.usefixtures("files")
def test_chunks_and_limits_are_as_asked() -> None:
    """Three months are three chunks; a limit that was raised is in the report."""
    asked = ("--chunks", "month", "--time", "day", "--threshold", "psi=0.3", "--json")
    fields = json.loads(check("moved.csv", *asked).stdout)
    assert [one["label"] for one in fields["chunks"]] == ["2026-01", "2026-02", "2026-03"]
    assert fields["thresholds"]["psi"] == 0.3
    assert all(one["name"] != "day" for part in fields["chunks"] for one in part["columns"])


@pytest.mark.usefixtures("files")
def test_names_with_commas_stand_in_quotes() -> None:
    """Lists are written with commas, and repeated as one likes."""
    fields = json.loads(check("same.csv", "--columns", "age,city", "--columns", "noise",
                              "--json").stdout)  # fmt: skip
    names = {one["name"] for one in fields["chunks"][0]["columns"]}
    assert names == {"age", "city", "noise"}
    done = check("same.csv", "--columns", '"age,city"')
    assert "There is no column 'age,city'" in done.stderr


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("--threshold", "pssi=0.2"), "Did you mean psi?"),
        (("--threshold", "psi"), "is not written NAME=NUMBER"),
        (("--threshold", "psi=x"), "must be a number"),
        (("--threshold", "psi=-1"), "must be above 0"),
        (("--threshold", "q=nan"), "must be a number"),
        (("--threshold", "fewest=2.5"), "must be a whole number"),
        (("--measure", "energi"), "Did you mean energy?"),
        (("--opinion", "pcaa"), "Did you mean pca?"),
        (("--role", "age"), "is not written COLUMN=ROLE"),
        (("--role", "age=categry"), "Did you mean category?"),
        (("--role", "agee=category"), "Did you mean age?"),
        (("--columns", "agee"), "Did you mean age?"),
        (("--exclude", "citty"), "Did you mean city?"),
        (("--segments", "citty"), "Did you mean city?"),
        (("--segments", "age,city,noise"), "up to 2"),
        (("--chunks", "fortnight"), "'1000 rows'"),
        (("--chunks", "1000000 parts"), "10,000"),
        (("--chunks", "month", "--time", "dai"), "Did you mean day?"),
        (("--reference", "training"), "model"),
        (("--reference", "none.csv"), "none.csv"),
        (("--reference", "previous"), "chunks"),
        (("--reference", "census@4"), "workspace"),
        (("--model", "churn@production"), "workspace"),
        (("--json", "--junit", "-"), "both go to stdout"),
        (("--json", "--plot"), "Leave one out."),
        (("--format", "nope"), "parquet"),
    ],
)
def test_what_cannot_be_meant_is_said_and_nothing_is_written(
    files: Path, words: tuple[str, ...], says: str
) -> None:
    """One sentence and what to do, exit code 2, an empty stdout and no new file."""
    before = sorted(files.rglob("*"))
    done = check("same.csv", *words)
    assert done.exit_code == 2, done.output
    assert says in done.stderr
    assert done.stdout == ""
    assert sorted(files.rglob("*")) == before


def test_a_file_in_place_of_a_command_is_one_to_check(files: Path) -> None:
    """The word that was forgotten is named."""
    done = CliRunner().invoke(main.program, ["drift", "same.csv"])
    assert (done.exit_code, files.is_dir()) == (2, True)
    assert "drift check same.csv`?" in done.stderr


def test_no_reference_at_all_is_said(files: Path) -> None:
    """With what could be one."""
    done = CliRunner().invoke(main.program, ["drift", "check", str(files / "same.csv")])
    assert (done.exit_code, "reference" in done.stderr) == (2, True)


@pytest.mark.parametrize("broken", ["current", "reference"])
@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("missing.csv", None),
        ("empty.csv", b""),
        ("empty.parquet", b""),
        ("broken.parquet", b"PAR1 this is no parquet file PAR1"),
        ("noise.csv", bytes(range(256)) * 40),
        ("other.csv", b"x,y\n1,2\n"),
    ],
)
def test_a_file_that_cannot_be_read_is_one_sentence(
    files: Path, broken: str, name: str, content: bytes | None
) -> None:
    """Exit code 2 for either side, the file named, no report written."""
    if content is not None:
        (files / name).write_bytes(content)
    current, reference = (name, "ref.csv") if broken == "current" else ("same.csv", name)
    done = check(current, "--reference", reference, "--html", "out.html")
    assert done.exit_code == 2, done.output
    assert name in done.stderr
    assert len(done.stderr.strip().splitlines()) <= 2
    assert not (files / "out.html").exists()


def test_a_folder_of_mixed_files_is_refused(files: Path) -> None:
    """It is no table; a folder of files of one table is."""
    mixed, parts = files / "mixed", files / "parts"
    for folder in (mixed, parts):
        folder.mkdir()
        (folder / "a.csv").write_text(rows(400, moved=False, seed=5), "utf-8")
    (mixed / "b.jsonl").write_text('{"age": 3}\n', "utf-8")
    (parts / "b.csv").write_text(rows(400, moved=False, seed=6), "utf-8")
    assert check("mixed").exit_code == 2
    done = check("parts", "--chunks", "file", "--exclude", "day", "--json")
    assert (done.exit_code, len(json.loads(done.stdout)["chunks"])) == (0, 2)


if hasattr(os, "mkfifo"):

    def test_a_pipe_is_refused_and_waits_for_nobody(files: Path) -> None:
        """What has no end is not read."""
        os.mkfifo(files / "pipe.csv")
        assert check("pipe.csv").exit_code == 2


def test_a_place_that_is_not_there_is_said_before_any_work(files: Path) -> None:
    """Nobody waits for a check whose result cannot be kept."""
    for words in (("--junit", "none/out.xml"), ("--html", ".")):
        done = check("missing.csv", *words)
        assert (done.exit_code, "cannot be written" in done.stderr) == (4, True)
    assert not (files / "none").exists()


def test_names_in_a_file_cannot_steer_the_terminal(files: Path) -> None:
    """A column or a value with an escape sequence is shown, not obeyed."""
    text = rows(600, moved=True, seed=7).replace("age;", "a\x1b[31mge;").replace("Trier", "\x1b[2J")
    (files / "evil.csv").write_text(text, "utf-8")
    for words in ((), ("--md",), ("--plot",)):
        assert "\x1b" not in check("evil.csv", *words).output
    assert "\x1b" not in check("evil.csv", "--json").stdout


def test_a_workspace_says_of_files_too_what_is_sensitive(
    files: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever names the file of a dataset sees no more of it than of the dataset."""
    root = tmp_path / "ws"
    runner = CliRunner()
    assert runner.invoke(main.program, ["init", str(root)]).exit_code == 0
    place = json.dumps(str(files / "moved.csv"))
    (root / "workbench.toml").write_text(
        f'[datasets.people]\npath = {place}\nsensitive = ["city"]\n', "utf-8"
    )
    assert "Trier" in check("moved.csv", "--json").stdout
    named = check("moved.csv", "--json", "-w", str(root))
    assert named.exit_code == 3, named.output
    assert "Trier" not in named.stdout
    both = [str(files / "moved.csv"), "--json", "--reference", str(files / "ref.csv")]
    monkeypatch.chdir(root)
    assert "Trier" not in check(*both).stdout
