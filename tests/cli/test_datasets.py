"""Datasets from the command line: each command over real files and a real workspace."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from tests.cli.conftest import Run
from workbench.cli import main
from workbench.cli.lazy import OF_DATASETS

ROWS = "id;income;city;email\n1;1,5;Köln;a@b.c\n2;2,25;Bonn;\n3;4;Köln;c@d.e\n"


@pytest.fixture
def census(workspace: Path) -> Path:
    """A CSV file as Excel writes it where the comma is the decimal sign."""
    file = workspace / "data" / "census.csv"
    file.parent.mkdir()
    file.write_text(ROWS, "utf-8")
    return file


def added(run: Run, *words: str) -> str:
    """Register and return the version that is printed."""
    done = run("datasets", "add", "census", "data/census.csv", *words)
    assert done.exit_code == 0, done.output
    return done.stdout.strip()


@pytest.mark.parametrize("name", OF_DATASETS)
def test_every_command_has_help(name: str) -> None:
    """Each command says what it does in a line that fits the list."""
    done = CliRunner().invoke(main.program, ["datasets", name, "--help"])
    assert done.exit_code == 0, done.output
    assert len(done.stdout.splitlines()[2].strip()) <= 64


def test_help_of_the_group_loads_no_heavy_library() -> None:
    """A person who asks what there is has it at once."""
    code = (
        "import sys; from workbench.cli.main import run; run(['datasets', 'add', '--help']); "
        "print([n for n in ('duckdb', 'polars', 'numpy') if n in sys.modules], file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stderr.strip() == "[]"


def test_a_file_becomes_a_version_once(run: Run, census: Path) -> None:
    """The number is printed; the same bytes add nothing, other bytes are the next version."""
    assert [added(run), added(run)] == ["census@1", "census@1"]
    census.write_text(ROWS + "4;5;Ulm;\n", "utf-8")
    assert added(run) == "census@2"
    done = run("datasets", "ls", "census", "--json")
    assert [(one["number"], one["rows"]) for one in json.loads(done.stdout)] == [(2, 4), (1, 3)]


def test_how_a_file_was_read_is_said(run: Run, census: Path) -> None:
    """Separator and decimal sign that were found out are told, and can be said instead."""
    done = run("datasets", "add", "census", str(census))
    assert "3 rows, 4 columns" in done.stderr
    assert "separator ;" in done.stderr
    assert "decimal ," in done.stderr
    shown = json.loads(run("datasets", "show", "census", "--json").stdout)
    (income,) = [one for one in shown["profile"]["columns"] if one["name"] == "income"]
    assert (income["type"], income["numbers"]["max"]) == ("float", 4.0)


def test_a_file_that_cannot_be_read_leaves_the_version_before(run: Run, census: Path) -> None:
    """One sentence, no new number, and what stood before stands."""
    added(run)
    census.write_bytes(b"PAR1 this is no parquet file PAR1")
    done = run("datasets", "add", "census", str(census))
    assert done.exit_code == 1
    assert len(done.stderr.strip().splitlines()) <= 2
    lines = json.loads(run("datasets", "--json").stdout)
    assert [(one["name"], one["version"]) for one in lines] == [("census", 1)]


def test_a_file_that_is_not_there_is_said(run: Run) -> None:
    """Nothing is registered, and the sentence names the path."""
    done = run("datasets", "add", "census", "data/none.csv")
    assert done.exit_code == 2
    assert "data/none.csv" in done.stderr
    assert run("datasets").stderr.startswith("No dataset is registered.")


@pytest.mark.usefixtures("census")
def test_everything_of_a_version_is_shown(run: Run) -> None:
    """What it is, what people say, its files, and every column of its profile."""
    added(run, "--owner", "anna", "--label", "income")
    text = run("datasets", "show", "census@1").stdout
    for word in ("census@1", "anna", "data/census.csv", "rows", "income"):
        assert word in text
    column = run("datasets", "show", "census", "--column", "city").stdout
    assert "Köln" in column
    assert run("datasets", "show", "census", "--column", "cit").exit_code == 2
    assert "Did you mean city?" in run("datasets", "show", "census", "--column", "cit").stderr


def test_sensitive_values_are_shown_only_when_asked(run: Run, census: Path) -> None:
    """What a single row of a sensitive column holds is masked, in every form of the page."""
    census.write_text(ROWS + "4;9;Köln;x@y.z\n" * 9, "utf-8")
    added(run, "--sensitive", "email", "--sensitive", "income")
    masked = run("datasets", "show", "census", "--column", "email").stdout
    assert "x@y.z" not in masked
    assert "•••" in masked
    assert "x@y.z" in run("datasets", "show", "census", "--column", "email", "--unmask").stdout
    line = next(one for one in run("datasets", "show", "census", "--csv").stdout.splitlines()
                if one.startswith("income"))  # fmt: skip
    assert "1.5" not in line


@pytest.mark.parametrize("when", ["at once", "later"])
def test_json_masks_what_the_page_masks(run: Run, census: Path, when: str) -> None:
    """Asked, it holds what was stored: less of a column that was sensitive from the beginning."""
    rows = "".join(f"{k};{k},5;Köln;x@y.z\n" for k in range(10, 60))
    census.write_text(ROWS + rows + "99;4711,25;Köln;rare@y.z\n", "utf-8")
    said = ("--sensitive", "email", "--sensitive", "income")
    added(run, *(said if when == "at once" else ()))
    run("datasets", "edit", "census", *said)
    for asked in ((), ("--column", "email"), ("--column", "income")):
        for form in ((), ("--json",)):
            told = run("datasets", "show", "census", *asked, *form).stdout
            assert "•••" in told or asked[-1:] == ("income",)
            assert not [value for value in ("x@y.z", "rare@y.z", "4711.25") if value in told]
    whole = run("datasets", "show", "census", "--json", "--unmask").stdout
    assert "x@y.z" in whole
    assert [value in whole for value in ("rare@y.z", "4711.25")] == [when == "later"] * 2


@pytest.mark.usefixtures("census")
def test_only_what_is_masked_is_said_to_be(run: Run) -> None:
    """A list that is replaced says what is shown from now on."""
    added(run, "--sensitive", "email", "--sensitive", "city")
    done = run("datasets", "edit", "census", "--sensitive", "city")
    assert "email is no longer masked" in done.stderr
    done = run("datasets", "rows", "census")
    assert "city masked" in done.stderr
    assert "a@b.c" in done.stdout


@pytest.mark.usefixtures("census")
def test_what_people_say_is_changed_and_forgotten(run: Run) -> None:
    """An edit counts before the settings, and forgetting it lets them speak again."""
    Path("workbench.toml").write_text('[datasets.census]\nowner = "anna"\n', "utf-8")
    added(run)
    assert run("datasets", "edit", "census", "--owner", "bob").exit_code == 0
    assert json.loads(run("datasets", "--json").stdout)[0]["owner"] == "bob"
    assert run("datasets", "edit", "census", "--forget", "owner").exit_code == 0
    assert json.loads(run("datasets", "--json").stdout)[0]["owner"] == "anna"
    nothing = run("datasets", "edit", "census")
    assert (nothing.exit_code, nothing.stderr.startswith("Nothing to change.")) == (2, True)


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("--personal", "yes"), "none, pseudonymous, personal"),
        (("--retention-until", "soon"), "no day"),
        (("--role", "zip"), "COLUMN=ROLE"),
        (("--role", "city=colour"), "category"),
        (("--forget", "color"), "roles.COLUMN"),
        (("--sensitive", "city,email"), "city and email"),
        (("--key", "nokey"), "nokey"),
    ],
)
@pytest.mark.usefixtures("census")
def test_a_wrong_field_is_said_and_nothing_changes(
    run: Run, words: tuple[str, ...], says: str
) -> None:
    """One sentence names what may be said."""
    added(run)
    done = run("datasets", "edit", "census", *words)
    assert done.exit_code == 2
    assert says in done.stderr
    assert not list(Path("edits").rglob("*.json"))


@pytest.mark.usefixtures("census")
def test_an_archived_dataset_says_so_and_comes_back(run: Run) -> None:
    """Putting away hides nothing for good."""
    added(run)
    run("datasets", "edit", "census", "--archive")
    assert json.loads(run("datasets", "--json").stdout)[0]["archived"] is True
    run("datasets", "edit", "census", "--unarchive")
    assert json.loads(run("datasets", "--json").stdout)[0]["archived"] is False


def test_a_deleted_version_keeps_its_number_and_is_restored(run: Run, census: Path) -> None:
    """The next version has the next number; the trash gives the old one back."""
    added(run)
    assert run("datasets", "delete", "census").exit_code == 2
    gone = run("datasets", "delete", "census@1", "--reason", "wrong export")
    assert (gone.exit_code, "workbench restore census@1" in gone.stderr) == (0, True)
    assert run("datasets", "show", "census@1").exit_code == 2
    census.write_text(ROWS + "4;5;Ulm;\n", "utf-8")
    assert added(run) == "census@2"
    assert run("restore", "datasets:/census@1").exit_code == 0
    lines = json.loads(run("datasets", "ls", "census", "--json").stdout)
    assert [one["number"] for one in lines] == [2, 1]


def test_lineage_is_a_list_and_json(run: Run, census: Path) -> None:
    """The data's own file, and the versions with the same bytes under another name."""
    added(run)
    run("datasets", "add", "twin", str(census))
    lines = run("datasets", "lineage", "census@1", "--csv").stdout.splitlines()
    assert lines[0] == "what,name,detail"
    assert any(line.startswith("file,data/census.csv") for line in lines)
    assert any(line.startswith("same bytes,twin@1") for line in lines)
    found = json.loads(run("datasets", "lineage", "census", "--json").stdout)
    assert (found["dataset"], found["same_bytes"]) == ("census", ["twin@1"])
    assert run("datasets", "lineage", "nothing").exit_code == 2


def test_any_file_has_a_profile_without_a_workspace(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing is written beside the file, and the numbers are those of the file."""
    monkeypatch.chdir(tmp_path)
    Path("census.csv").write_text(ROWS, "utf-8")
    done = CliRunner().invoke(main.program, ["profile", "census.csv", "--label", "city"])
    assert done.exit_code == 0, done.output
    assert "label balance" in done.stdout
    assert [one.name for one in tmp_path.iterdir()] == ["census.csv"]
    as_json = CliRunner().invoke(main.program, ["profile", "census.csv", "--json"])
    assert json.loads(as_json.stdout)["rows"] == 3
    as_csv = CliRunner().invoke(main.program, ["profile", "census.csv", "--csv"]).stdout
    assert as_csv.splitlines()[0].startswith("column,role,type,missing,distinct,min,median,max")


def test_a_word_that_is_no_command_is_answered(run: Run) -> None:
    """The nearest command is named, that of the group."""
    done = run("datasets", "shw")
    assert done.exit_code == 2
    assert "Did you mean `workbench datasets show`?" in done.stderr


RULES = """\
[datasets.census]
key = ["id"]
sensitive = ["email"]

[[datasets.census.rules]]
name = "paid"
kind = "range"
column = "income"
min = 2

[[datasets.census.rules]]
kind = "not_null"
column = "email"
"""


def test_rules_that_fail_end_with_three_and_examples(run: Run, census: Path) -> None:
    """Each rule with its count and rows, sensitive cells masked; JUnit and JSON say the same."""
    Path("workbench.toml").write_text(RULES, "utf-8")
    added(run)
    done = run("datasets", "check", "census")
    assert done.exit_code == 3
    assert "FAILS  paid: income" in done.stdout
    assert "1 of 3 rows" in done.stdout
    assert "a@b.c" not in done.stdout
    junit = run("datasets", "check", "census", "--junit", "-").stdout
    assert 'tests="2" failures="2"' in junit
    census.write_text("id;income;city;email\n1;2,5;Köln;a@b.c\n", "utf-8")
    assert run("datasets", "check", "census", str(census)).exit_code == 0
    results = json.loads(run("datasets", "check", "census", str(census), "--json", "-").stdout)
    assert [one["state"] for one in results["rules"]] == ["holds", "holds"]


def test_a_dataset_without_rules_is_nothing_to_check(run: Run, census: Path) -> None:
    """It is no pass; the sentence names the command that proposes some."""
    added(run)
    done = run("datasets", "check", "census")
    assert done.exit_code == 2
    assert "suggest-rules" in done.stderr
    assert str(census) not in done.stderr


@pytest.mark.usefixtures("census")
def test_proposed_rules_hold_when_they_are_pasted(run: Run) -> None:
    """What is printed is TOML that the settings take as it stands."""
    added(run)
    proposed = run("datasets", "suggest-rules", "census")
    assert proposed.exit_code == 0, proposed.output
    Path("workbench.toml").write_text(proposed.stdout, "utf-8")
    assert run("datasets", "check", "census").exit_code == 0
    of_file = run("datasets", "suggest-rules", "data/census.csv")
    assert 'column = "income"' in of_file.stdout


def test_two_files_are_compared_without_a_workspace(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By key, cell by cell; the JSON has the same counts."""
    monkeypatch.chdir(tmp_path)
    Path("old.csv").write_text(ROWS, "utf-8")
    Path("new.csv").write_text(ROWS.replace("2,25", "2,5").replace("3;4;", "9;4;"), "utf-8")
    words = ["datasets", "diff", "old.csv", "new.csv", "--key", "id"]
    done = CliRunner().invoke(main.program, words)
    assert done.exit_code == 0, done.output
    assert "1 added, 1 removed, 1 changed, 1 unchanged" in done.stdout
    assert "2.25 → 2.5" in done.stdout
    found = json.loads(CliRunner().invoke(main.program, [*words, "--json"]).stdout)
    assert (found["rows"]["added"], found["rows"]["changed"]) == (1, 1)
    wrong = CliRunner().invoke(main.program, [*words, "--renamed", "city"])
    assert (wrong.exit_code, "OLD=NEW" in wrong.stderr) == (2, True)


def test_a_file_called_like_a_version_does_not_hide_it(run: Run, census: Path) -> None:
    """Its key counts and its sensitive columns are masked, whatever else lies here."""
    Path("workbench.toml").write_text(RULES, "utf-8")
    added(run, "--copy")
    census.write_text(ROWS.replace("a@b.c", "z@z.z"), "utf-8")
    added(run, "--copy")
    for name in ("census@1", "census@2", "census"):
        Path(name).write_text("x\n1\n", "utf-8")
    done = run("datasets", "diff", "census@1", "census@2")
    assert done.exit_code == 0, done.output
    assert "1 changed" in done.stdout
    assert "z@z.z" not in done.stdout
    proposed = run("datasets", "suggest-rules", "census").stdout
    assert "[datasets.census" in proposed or "census@2" in proposed
    Path("other").write_text("x\n1\n", "utf-8")
    assert "proposed from other" in run("datasets", "suggest-rules", "other").stdout


def test_two_versions_are_compared_by_the_datasets_key(run: Run, census: Path) -> None:
    """The key people said names rows; sensitive cells are masked unless asked."""
    Path("workbench.toml").write_text(RULES, "utf-8")
    added(run, "--copy")
    census.write_text(ROWS.replace("a@b.c", "z@z.z"), "utf-8")
    added(run, "--copy")
    done = run("datasets", "diff", "census@1", "census@2")
    assert "1 changed" in done.stdout
    assert "z@z.z" not in done.stdout
    assert "z@z.z" in run("datasets", "diff", "census@1", "census@2", "--unmask").stdout
    whole = run("datasets", "diff", "census@1", "census@2", "--no-key")
    assert "without a key" in whole.stdout


def test_what_is_long_is_bounded_in_print_and_whole_in_json(run: Run, workspace: Path) -> None:
    """Neither a hundred thousand files nor a text somebody pasted hide the rest."""
    many = workspace / "many"
    many.mkdir()
    for k in range(23):
        (many / f"{k}.csv").write_text(f"a\n{k}\n")
    assert run("datasets", "add", "many", "many").exit_code == 0
    assert run("datasets", "edit", "many", "--description", "x" * 5000).exit_code == 0
    shown = run("datasets", "show", "many").stdout
    assert "3 files more (--json)" in shown
    assert "xxx… (4,000 signs more: --json)" in shown
    lines = run("datasets", "lineage", "many").stdout.splitlines()
    assert [line.split()[:3] for line in lines if "more" in line] == [["file", "3", "more"]]
    assert len(json.loads(run("datasets", "lineage", "many", "--json").stdout)["files"]) == 23


@pytest.mark.usefixtures("census")
def test_a_version_that_cannot_be_read_is_called_so_among_the_versions(
    run: Run, workspace: Path
) -> None:
    """Beside those that can; and a name that is taken by something else is said."""
    assert added(run) == "census@1"
    broken = workspace / "datasets/census/2"
    broken.mkdir()
    (broken / "manifest.json").write_text("{")
    listed = run("datasets", "ls", "census").stdout.splitlines()
    assert ["unreadable: The manifest" in line for line in listed[1:3]] == [True, False]
    (workspace / "datasets/taken").write_text("")
    done = run("datasets", "add", "taken", "data/census.csv")
    assert done.exit_code != 0
    assert "datasets/taken is no folder" in done.stderr
