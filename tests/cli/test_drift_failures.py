"""Where drift checks go wrong in the field, each through ``drift check`` on two files."""

import json
import math
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final, NamedTuple

import numpy as np
import polars as pl
import pytest
from click.testing import CliRunner

from workbench.cli.main import program

ROWS: Final = 4_000
FINE, DRIFTED, UNDECIDED, WRONG = 0, 3, 5, 2
Table = Mapping[str, Any]


class Found(NamedTuple):
    """What a check said."""

    exit_code: int
    report: dict[str, Any]

    def column(self, name: str) -> dict[str, Any]:
        """Return what was found of a column."""
        (chunk,) = self.report["chunks"]
        return next(one for one in chunk["columns"] if one["name"] == name)

    def verdict(self, name: str) -> str:
        """Return the verdict on a column."""
        return self.column(name)["verdict"]

    def findings(self, name: str) -> set[str]:
        """Return the kinds of findings about a column, those of the table among them."""
        (chunk,) = self.report["chunks"]
        own = [one for one in chunk["columns"] if one["name"] == name]
        about = [*chunk["findings"], *(each for one in own for each in one["findings"])]
        return {one["kind"] for one in about if one["column"] in ("", name)}

    @property
    def left_out(self) -> dict[str, str]:
        """Return the columns that were not judged, and why."""
        return {one["name"]: one["reason"] for one in self.report["left_out"]}


Check = Callable[..., Found]


@pytest.fixture
def check(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Check:
    """Write two tables to files and check one against the other, where there is no workspace."""
    monkeypatch.chdir(tmp_path)

    def invoke(reference: Table, current: Table, *words: str) -> Found:
        pl.DataFrame(reference).write_parquet("reference.parquet")
        pl.DataFrame(current).write_parquet("current.parquet")
        told = ["drift", "check", "current.parquet", "--reference", "reference.parquet", "--json"]
        done = CliRunner().invoke(program, [*told, *words])
        assert done.exit_code in {FINE, DRIFTED, UNDECIDED}, done.output
        return Found(done.exit_code, json.loads(done.stdout))

    return invoke


@pytest.fixture
def rng() -> np.random.Generator:
    """Return numbers that are the same each time."""
    return np.random.default_rng(2013)


# ------------------------------------------------------------ numbers


def test_one_outlier_in_the_reference_hides_nothing(check: Check, rng: np.random.Generator) -> None:
    """One bad cell of a million takes nothing from a shift by one standard deviation."""
    before, now = rng.normal(0, 1, ROWS), rng.normal(1, 1, ROWS)
    before[17] = 1e6
    found = check({"x": before}, {"x": now})
    assert (found.exit_code, found.verdict("x")) == (DRIFTED, "severe")
    assert 0.8 < found.column("x")["shift"] < 1.2


def test_one_outlier_is_no_drift(check: Check, rng: np.random.Generator) -> None:
    """The same bad cell in data that did not move makes no alarm, on whichever side it stands."""
    before, now = rng.normal(0, 1, ROWS), rng.normal(0, 1, ROWS)
    now[17] = 1e6
    for pair in ((before, now), (now, before)):
        found = check({"x": pair[0]}, {"x": pair[1]})
        assert (found.exit_code, found.verdict("x")) == (FINE, "stable")


@pytest.mark.parametrize("scale", [1e-300, 1e-6, 1e-3, 1.0, 1e6, 1e300])
def test_no_scale_is_too_small_or_too_large(
    check: Check, rng: np.random.Generator, scale: float
) -> None:
    """A shift by a standard deviation is the same drift in microns and in light years."""
    noise, other = rng.normal(0, 1, ROWS), rng.normal(1, 1, ROWS)
    found = check({"x": noise * scale}, {"x": other * scale})
    assert (found.exit_code, found.verdict("x")) == (DRIFTED, "severe")
    numbers = {one["name"]: one["value"] for one in found.column("x")["measures"]}
    assert 0.8 < numbers["wasserstein"] < 1.2
    still = check({"x": noise * scale}, {"x": rng.permutation(noise) * scale})
    assert (still.exit_code, still.verdict("x")) == (FINE, "stable")


def test_infinities_are_told_and_stop_nothing(check: Check, rng: np.random.Generator) -> None:
    """Infinite values are a finding of their own, and the rest of the column is judged."""
    before, now = rng.normal(0, 1, ROWS), rng.normal(1, 1, ROWS)
    now[:200] = math.inf
    found = check({"x": before}, {"x": now})
    assert found.verdict("x") == "severe"
    assert "infinities" in found.findings("x")


# ------------------------------------------------------------ what is missing


def test_missing_values_that_come_are_drift(check: Check, rng: np.random.Generator) -> None:
    """None missing before and half of them now is an alarm, though what is left has not moved."""
    before, now = rng.normal(0, 1, ROWS), rng.normal(0, 1, ROWS)
    gone = pl.Series(now).set(pl.Series(rng.random(ROWS) < 0.5), None)
    for half in (gone, pl.Series(np.where(gone.is_null().to_numpy(), math.nan, now))):
        found = check({"x": before}, {"x": half})
        assert (found.exit_code, "null rate" in found.findings("x")) == (DRIFTED, True)
        assert 0.45 < found.column("x")["current_missing"] < 0.55


def test_a_column_that_was_always_empty_stops_nothing(
    check: Check, rng: np.random.Generator
) -> None:
    """A column without a value is told, and the column beside it is judged."""
    empty = pl.Series([None] * ROWS, dtype=pl.Float64)
    found = check(
        {"x": rng.normal(0, 1, ROWS), "none": empty}, {"x": rng.normal(1, 1, ROWS), "none": empty}
    )
    assert (found.verdict("x"), found.verdict("none")) == ("severe", "too few")


def test_a_column_that_is_empty_now_is_an_alarm(check: Check, rng: np.random.Generator) -> None:
    """All values gone is the gravest change of all, and no error."""
    empty = pl.Series([None] * ROWS, dtype=pl.Float64)
    found = check({"x": rng.normal(0, 1, ROWS)}, {"x": empty})
    assert (found.exit_code, found.verdict("x")) == (DRIFTED, "severe")
    assert "all missing" in found.findings("x")


# ------------------------------------------------------------ categories


def test_a_new_category_is_told_with_its_share(check: Check, rng: np.random.Generator) -> None:
    """A carrier nobody knew, in one of 20 rows, is named with its share."""
    before = rng.choice(["AA", "B6", "DL"], ROWS)
    now = np.where(rng.random(ROWS) < 0.05, "XX", rng.choice(["AA", "B6", "DL"], ROWS))
    found = check({"carrier": before}, {"carrier": now})
    assert (found.exit_code, "new categories" in found.findings("carrier")) == (DRIFTED, True)
    told = [one["words"] for one in found.column("carrier")["findings"]]
    assert any("XX" in words for words in told)


def test_many_categories_are_no_drift_by_themselves(check: Check, rng: np.random.Generator) -> None:
    """Hundreds of rare values differ between any two samples, which is noise and no alarm."""
    names = np.array([f"street {n}" for n in range(600)])
    weights = 1 / np.arange(1, 601)
    weights /= weights.sum()
    for rows in (300, ROWS):
        pair = [rng.choice(names, rows, p=weights) for _ in range(2)]
        found = check({"street": pair[0]}, {"street": pair[1]})
        assert found.exit_code in {FINE, UNDECIDED}, found.report


def test_many_categories_that_move_are_seen(check: Check, rng: np.random.Generator) -> None:
    """The common ones of hundreds give way to others: that is drift."""
    names = np.array([f"street {n}" for n in range(600)])
    weights = 1 / np.arange(1, 601)
    weights /= weights.sum()
    found = check(
        {"street": rng.choice(names, ROWS, p=weights)},
        {"street": rng.choice(names[::-1], ROWS, p=weights)},
    )
    assert (found.exit_code, found.verdict("street")) == (DRIFTED, "severe")


def test_a_whole_number_that_is_a_category_is_tested_as_one(
    check: Check, rng: np.random.Generator
) -> None:
    """Codes have shares and no middle: half of them changing places is drift of shares."""
    before = rng.choice([1, 2, 3, 4], ROWS, p=[0.4, 0.1, 0.1, 0.4])
    now = rng.choice([1, 2, 3, 4], ROWS, p=[0.1, 0.4, 0.4, 0.1])
    found = check({"code": before}, {"code": now})
    column = found.column("code")
    assert (found.exit_code, column["verdict"], column["test"]) == (DRIFTED, "severe", "chi-square")
    measures = {one["name"]: one["value"] for one in column["measures"]}
    assert measures["tvd"] == pytest.approx(0.6, abs=0.05)


# ------------------------------------------------------------ columns of other kinds


def test_a_constant_that_stays_is_stable_and_one_that_changes_is_told(check: Check) -> None:
    """A column of one value has no scale; that it is another one now is a fact of its own."""
    same = check({"v": [3.5] * ROWS}, {"v": [3.5] * ROWS})
    assert same.exit_code == FINE
    other = check({"v": [3.5] * ROWS}, {"v": [3.6] * ROWS})
    assert (other.exit_code, "constant changed" in other.findings("v")) == (DRIFTED, True)


def test_identifiers_are_left_out_with_the_reason(check: Check, rng: np.random.Generator) -> None:
    """Numbers that only count on have moved for sure, and that means nothing."""
    found = check(
        {"id": np.arange(ROWS), "x": rng.normal(0, 1, ROWS)},
        {"id": np.arange(ROWS, 2 * ROWS), "x": rng.normal(0, 1, ROWS)},
    )
    assert found.exit_code == FINE
    assert "identifier" in found.left_out["id"] or "id" in found.left_out


def test_one_row_is_too_few_and_never_a_pass(check: Check, rng: np.random.Generator) -> None:
    """Nothing can be told of one row: exit code 5."""
    found = check({"x": rng.normal(0, 1, ROWS)}, {"x": [40.0]})
    assert (found.exit_code, found.verdict("x")) == (UNDECIDED, "too few")


def test_a_column_that_changed_its_type_is_told_and_stops_nothing(
    check: Check, rng: np.random.Generator
) -> None:
    """Numbers that come as texts break a model: a finding, and the next column is judged."""
    found = check(
        {"zip": rng.integers(10_000, 99_999, ROWS), "x": rng.normal(0, 1, ROWS)},
        {"zip": [f"z{n}" for n in rng.integers(10, 99, ROWS)], "x": rng.normal(0, 1, ROWS)},
    )
    assert (found.exit_code, "retyped" in found.findings("zip")) == (DRIFTED, True)
    assert found.verdict("x") == "stable"


def test_a_column_of_mixed_kinds_is_judged_as_what_it_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, rng: np.random.Generator
) -> None:
    """Numbers with words between them, in a CSV file, are texts on both sides and no error."""
    monkeypatch.chdir(tmp_path)
    for name in ("reference", "current"):
        ages = [str(n) for n in rng.integers(20, 30, ROWS)]
        ages[::10] = ["unknown"] * len(ages[::10])
        text = "".join(
            f"{age},{x:.4f}\n" for age, x in zip(ages, rng.normal(0, 1, ROWS), strict=True)
        )
        Path(f"{name}.csv").write_text("age,x\n" + text, "utf-8")
    words = ["drift", "check", "current.csv", "--reference", "reference.csv", "--json"]
    done = CliRunner().invoke(program, words)
    found = Found(done.exit_code, json.loads(done.stdout))
    assert (found.exit_code, found.verdict("age"), found.verdict("x")) == (FINE, "stable", "stable")


def test_columns_that_came_and_went_are_told(check: Check, rng: np.random.Generator) -> None:
    """A column that is gone breaks a model; a new one is worth knowing."""
    x = rng.normal(0, 1, ROWS)
    found = check({"x": x, "old": x}, {"x": rng.permutation(x), "new": x})
    (chunk,) = found.report["chunks"]
    told = {(one["kind"], one["column"]): one["severity"] for one in chunk["findings"]}
    assert told[("missing column", "old")] == "breaking"
    assert ("new column", "new") in told
    assert found.exit_code == DRIFTED


# ------------------------------------------------------------ no drift at all


@pytest.mark.parametrize(("before", "now"), [(100, 100), (1_001, 300), (5_000, 1_000)])
def test_thirty_columns_that_did_not_move_are_silent(
    check: Check, rng: np.random.Generator, before: int, now: int
) -> None:
    """Numbers, heavy tails, counts and categories of one source alarm at no number of rows."""

    def table(rows: int) -> dict[str, Any]:
        kinds: list[Callable[[int], Any]] = [
            lambda n: rng.normal(0, 1, n), lambda n: rng.lognormal(0, 1, n),
            lambda n: rng.poisson(3, n), lambda n: rng.standard_t(3, n),
            lambda n: rng.choice(list("abcdefghijklmnopqrst"), n), lambda n: rng.random(n) < 0.3,
        ]  # fmt: skip
        return {f"c{number}": kinds[number % len(kinds)](rows) for number in range(30)}

    found = check(table(before), table(now))
    moved = [one for one in found.report["chunks"][0]["columns"] if one["verdict"] in
             {"drift", "severe"}]  # fmt: skip
    assert (found.exit_code, moved) == (FINE, [])


# ------------------------------------------------------------ what cannot be read or meant


class Told(NamedTuple):
    """How a command ended, and what it said."""

    exit_code: int
    stdout: str
    stderr: str


@pytest.fixture
def ask(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Told]:
    """Run a command in an empty folder; see that it wrote nothing there."""
    monkeypatch.chdir(tmp_path)

    def invoke(*words: str) -> Told:
        before = _tree(tmp_path)
        done = CliRunner().invoke(program, list(words))
        assert _tree(tmp_path) == before
        return Told(done.exit_code, done.stdout, done.stderr)

    return invoke


def _tree(folder: Path) -> dict[str, bytes]:
    files = (one for one in folder.rglob("*") if one.is_file())
    return {one.relative_to(folder).as_posix(): one.read_bytes() for one in files}


def _is_refused(told: Told, *named: str) -> None:
    """See that one sentence says what is wrong, that it names it, and that nothing else is said."""
    assert (told.exit_code, told.stdout) == (WRONG, ""), told
    assert "Traceback" not in told.stderr
    assert all(name in told.stderr for name in named), told.stderr
    assert 1 <= len(told.stderr.strip().splitlines()) <= 3, told.stderr


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("current.parquet", b"PAR1 this is no table PAR1"),
        ("current.parquet", b""),
        ("current.csv", b""),
        ("current.parquet", b"PAR1" + bytes(range(256)) * 4),
    ],
)
@pytest.mark.parametrize("side", ["current", "reference"])
def test_a_file_that_cannot_be_read_is_one_sentence(
    ask: Callable[..., Told], name: str, data: bytes, side: str
) -> None:
    """Whichever side is broken: its name, what is wrong, exit code 2, and nothing written."""
    Path(name).write_bytes(data)
    pl.DataFrame({"x": np.arange(50.0)}).write_parquet("other.parquet")
    first, second = (name, "other.parquet") if side == "current" else ("other.parquet", name)
    _is_refused(ask("drift", "check", first, "--reference", second), name)


@pytest.mark.parametrize("side", ["current", "reference"])
def test_a_file_that_is_not_there_is_one_sentence(ask: Callable[..., Told], side: str) -> None:
    """A name that is nothing is said to be nothing."""
    pl.DataFrame({"x": np.arange(50.0)}).write_parquet("here.parquet")
    pair = (
        ("gone.parquet", "here.parquet") if side == "current" else ("here.parquet", "gone.parquet")
    )
    _is_refused(ask("drift", "check", pair[0], "--reference", pair[1]), "gone.parquet")


def test_a_reference_of_another_schema_is_one_sentence(ask: Callable[..., Told]) -> None:
    """Two tables without a column in common cannot be compared, and are not found to be fine."""
    pl.DataFrame({"x": np.arange(50.0)}).write_parquet("one.parquet")
    pl.DataFrame({"y": np.arange(50.0)}).write_parquet("other.parquet")
    _is_refused(ask("drift", "check", "one.parquet", "--reference", "other.parquet"), "column")


def test_no_reference_is_one_sentence(ask: Callable[..., Told]) -> None:
    """Who names nothing to compare with is told what could be named."""
    pl.DataFrame({"x": np.arange(50.0)}).write_parquet("one.parquet")
    _is_refused(ask("drift", "check", "one.parquet"), "reference")


@pytest.fixture
def versions(tmp_path: Path, ask: Callable[..., Told]) -> Path:
    """Return a workspace with two versions of a dataset; commands are run in it."""
    assert CliRunner().invoke(program, ["init", str(tmp_path)]).exit_code == 0
    for number in (1, 2):
        file = tmp_path / f"month-{number}.parquet"
        pl.DataFrame({"x": np.random.default_rng(number).normal(0, 1, 500)}).write_parquet(file)
        added = CliRunner().invoke(program, ["datasets", "add", "pay", str(file)])
        assert added.exit_code == 0, added.output
    assert ask("drift", "check", "pay@2", "--reference", "pay@1").exit_code == FINE
    return tmp_path


@pytest.mark.parametrize("number", [1, 2])
def test_a_version_without_its_profile_is_one_sentence(
    versions: Path, ask: Callable[..., Told], number: int
) -> None:
    """The profile is gone from the folder: which one, what to do, and nothing is written."""
    (versions / f"datasets/pay/{number}/profile.json.gz").unlink()
    told = ask("drift", "check", "pay@2", "--reference", "pay@1")
    _is_refused(told, f"pay@{number} has no profile", "datasets add")


@pytest.mark.parametrize(
    ("entry", "named"),
    [
        ('chnks = "day"', "chnks"),
        ('chunks = "fortnight"', "fortnight"),
        ("thresholds = { psy = 0.2 }", "psy"),
        ('alert = "3 of 2"', "alert"),
        ('segments = ["a", "b", "c"]', "2 columns"),
    ],
)
def test_a_monitor_that_is_written_wrongly_is_one_sentence_with_its_line(
    versions: Path, ask: Callable[..., Told], entry: str, named: str
) -> None:
    """A key nobody knows, or a value that cannot be: it is not run, and nothing is written."""
    text = f'[monitor.pay]\ndata = "pay"\nreference = "pay@1"\n{entry}\n'
    (versions / "workbench.toml").write_text(text, "utf-8")
    _is_refused(ask("monitor", "run"), named, "line 4")


def test_a_name_that_steers_a_terminal_steers_none(check: Check, ask: Callable[..., Told]) -> None:
    """Names of columns and categories come from strangers: they are shown, never obeyed."""
    name, value = "[bold]a\x1b[31m\x07", "\x1b]0;gone\x07 [/red]"
    found = check({name: ["x"] * ROWS}, {name: [value] * ROWS})
    assert found.exit_code == DRIFTED
    for form in ((), ("--md",)):
        told = ask("drift", "check", "current.parquet", "--reference", "reference.parquet", *form)
        assert told.exit_code == DRIFTED
        assert not {"\x1b", "\x07"} & set(told.stdout)
        assert "[bold]a" in told.stdout.replace("\\", "")
