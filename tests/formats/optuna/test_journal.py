"""Optuna's journal storage as runs."""

import json
import math
import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from tests.formats.checking import LATER, SPECIMENS, damaged, store_cards
from tests.formats.optuna.checking import same, wanted
from workbench.errors import FormatError
from workbench.formats.contract import RunCard
from workbench.formats.optuna.journal import OptunaJournalReader
from workbench.formats.walking import list_folder

READER = OptunaJournalReader()
STORE = SPECIMENS / "optuna" / "data" / "journal.log"


@pytest.fixture(scope="module")
def cards() -> dict[str, RunCard]:
    """Return the trials of the specimen by experiment and name."""
    found = store_cards(READER, STORE)
    return {card.name: card for card in found.values()}


def test_trials_are_what_optuna_says(cards: dict[str, RunCard]) -> None:
    """Every trial has the state, params, attributes, values and reports Optuna reads."""
    assert cards.keys() == wanted("journal").keys()
    for name, run in wanted("journal").items():
        same(cards[name], run)


def test_times_are_in_the_worlds_zone(cards: dict[str, RunCard]) -> None:
    """A journal says the zone of its times."""
    for name, run in wanted("journal").items():
        started = datetime.fromisoformat(run["start"]).replace(tzinfo=UTC)
        assert cards[name].started == started.timestamp()


def test_is_found_by_its_first_line(tmp_path: Path) -> None:
    """A log is a journal when its first line is an operation."""
    (tmp_path / "a.log").write_bytes(STORE.read_bytes())
    (tmp_path / "b.log").write_text("hello\n")
    (tmp_path / "c.log").write_text("")
    folder = list_folder(tmp_path, "", [])
    assert folder is not None
    assert READER.roots(folder) == ["a.log"]


def test_curves_agree_with_summaries() -> None:
    """Reports and values are the same in both, and are handed out once."""
    for key in READER.survey(STORE, None).refs:
        card = READER.read(STORE, key, b"", 0.0).card
        curves = READER.points(STORE, key, None, None)
        assert curves.points.keys() == card.metrics.keys()
        for name, points in curves.points.items():
            assert len(points.steps) == len(points.times) == len(points.values)
            assert len(points.values) == card.metrics[name].count
            assert points.values[-1] == card.metrics[name].last
        again = READER.points(STORE, key, None, curves.progress)
        assert (again.points, again.restarted) == ({}, False)


def test_a_damaged_journal_says_nothing_wrong(tmp_path: Path) -> None:
    """Cut short it is an earlier state of the studies; what cannot be decoded is told."""
    truth = {key: READER.points(STORE, key, None, None) for key in READER.survey(STORE, None).refs}
    params = {key: READER.read(STORE, key, b"", 0.0).card.params for key in truth}
    for number, (how, broken) in enumerate(damaged(STORE.read_bytes())):
        path = tmp_path / f"{number}.log"
        path.write_bytes(broken)
        survey = READER.survey(path, None)
        assert bool(survey.faults) == how.startswith("flip")
        for key in survey.refs:
            card = READER.read(path, key, b"", LATER).card
            assert card.params.items() <= params[key].items()
            for name, points in READER.points(path, key, None, None).points.items():
                whole = truth[key].points[name].values
                if not survey.faults:
                    assert points.values == whole[: len(points.values)]
                assert set(points.values) <= set(whole)


def test_a_journal_is_followed_byte_by_byte(tmp_path: Path) -> None:
    """However it is cut, what was read on is what is read at once."""
    data, path = STORE.read_bytes(), tmp_path / "journal.log"
    key, memory, progress, values = "#000005", None, None, []
    for end in [*range(0, len(data), 997), len(data)]:
        path.write_bytes(data[:end]) if end < 997 else path.open("ab").close()
        with path.open("r+b") as file:
            file.seek(0, 2)
            file.write(data[file.tell() : end])
        survey = READER.survey(path, memory)
        memory = survey.memory
        if key in survey.refs:
            curves = READER.points(path, key, frozenset(["intermediate_value"]), progress)
            assert not curves.restarted
            progress = curves.progress
            for points in curves.points.values():
                values += points.values
    assert values == READER.points(STORE, key, None, None).points["intermediate_value"].values
    assert survey.refs.keys() == READER.survey(STORE, None).refs.keys()


def operation(code: int, **fields: Any) -> bytes:
    """Return a line as Optuna writes it."""
    said = {"op_code": code, "worker_id": "w", **fields}
    return json.dumps(said, separators=(",", ":")).encode() + b"\n"


STUDY = operation(0, study_name="s", directions=[2])
TRIAL = operation(4, study_id=0, datetime_start="2026-11-21T02:10:20+00:00")


def report(trial: int, step: int, value: float) -> bytes:
    """Return the line of a report."""
    return operation(7, trial_id=trial, step=step, intermediate_value=value)


@pytest.fixture
def journal(tmp_path: Path) -> Path:
    """Return where a journal may be written."""
    return tmp_path / "journal.log"


def test_a_shorter_or_another_journal_starts_over(journal: Path) -> None:
    """A file that was replaced, even by one that is longer, is played from its start."""
    journal.write_bytes(STUDY + TRIAL + report(0, 0, 1.0) + report(0, 1, 2.0))
    first = READER.survey(journal, None)
    curves = READER.points(journal, "#000000", None, None)
    journal.write_bytes(STUDY + TRIAL + report(0, 0, 5.0))
    second = READER.survey(journal, first.memory)
    assert second.refs != first.refs
    after = READER.points(journal, "#000000", None, curves.progress)
    assert (after.restarted, after.points["intermediate_value"].values) == (True, [5.0])
    other = STUDY.replace(b'"s"', b'"t"')
    journal.write_bytes(other + TRIAL + report(0, 0, 7.0) * 9)
    card = READER.read(journal, next(iter(READER.survey(journal, None).refs)), b"", LATER).card
    assert (card.experiment, card.metrics["intermediate_value"].last) == ("t", 7.0)


def test_non_finite_numbers_are_numbers(journal: Path) -> None:
    """NaN and the infinities are written bare there."""
    values = [report(0, 0, math.nan), report(0, 1, -math.inf)]
    end = operation(6, trial_id=0, state=1, values=[math.inf], datetime_complete=None)
    journal.write_bytes(b"".join([STUDY, TRIAL, *values, end]))
    card = READER.read(journal, "#000000", b"", LATER).card
    assert card.metrics["value"].last == math.inf
    assert (card.metrics["intermediate_value"].nans, card.status) == (1, "FINISHED")
    assert {name: rule.goal for name, rule in card.rules.items()} == {
        "value": "max", "intermediate_value": "max",
    }  # fmt: skip


def test_a_line_that_may_have_begun_a_trial_ends_the_reading(journal: Path) -> None:
    """Trials are counted: after it nobody knows which one is meant, and its state is unknown."""
    torn = TRIAL[:40] + b"\n"
    journal.write_bytes(STUDY + TRIAL + report(0, 0, 1.0) + torn + report(0, 1, 2.0))
    survey = READER.survey(journal, None)
    assert [(fault.line, "not read" in fault.reason) for fault in survey.faults] == [(4, True)]
    card = READER.read(journal, "#000000", b"", journal.stat().st_mtime).card
    assert (card.status, card.inferred, len(card.faults)) == ("UNKNOWN", True, 1)
    assert card.metrics["intermediate_value"].count == 1
    assert READER.points(journal, "#000000", None, None).points["intermediate_value"].values == [1]


def test_a_line_that_began_nothing_is_left_out(journal: Path) -> None:
    """A report that a crash tore is told, and what follows still counts."""
    torn = report(0, 1, 2.0)[:60] + b"\n"
    journal.write_bytes(STUDY + TRIAL + report(0, 0, 1.0) + torn + report(0, 2, 3.0))
    survey = READER.survey(journal, None)
    assert [fault.line for fault in survey.faults] == [4]
    points = READER.points(journal, "#000000", None, None).points["intermediate_value"]
    assert (points.steps, points.values) == ([0, 2], [1, 3])


def test_bombs_do_not_go_off(journal: Path) -> None:
    """Depth, odd kinds and operations nobody knows are faults of their line."""
    deep = b'{"op_code":8,"trial_id":0,"user_attr":' + b"[" * 100_000 + b"\n"
    lines = [
        STUDY, TRIAL, deep, operation(7, trial_id="x", step=1, intermediate_value=1),
        operation(7, trial_id=0, step=1, intermediate_value=[]), operation(11),
        operation(5, trial_id=0, param_name="a", param_value_internal=9,
                  distribution='{"name":"CategoricalDistribution","attributes":{"choices":[1]}}'),
        operation(6, trial_id=0, state=99, values=None), operation(10), report(0, 3, 4.0),
    ]  # fmt: skip
    journal.write_bytes(b"".join(lines[:5] + lines[6:] + [lines[5], report(0, 4, 5.0)]))
    survey = READER.survey(journal, None)
    assert [fault.line for fault in survey.faults] == [3, 4, 5, 6, 7, 10]
    points = READER.points(journal, "#000000", None, None).points["intermediate_value"]
    assert points.values == [4.0]


def test_reports_cost_no_memory(journal: Path) -> None:
    """A trial is as large after a hundred thousand reports as after one."""
    with journal.open("wb") as file:
        file.write(STUDY + TRIAL)
        file.writelines(report(0, step, step / 7) for step in range(100_000))
    survey = READER.survey(journal, None)
    (kept,) = survey.memory.replay.trials  # type: ignore[attr-defined]
    assert kept.trial.intermediate.count == 100_000
    assert kept.trial.params == {}
    points = READER.points(journal, "#000000", None, None).points["intermediate_value"]
    assert (len(points.values), points.values[-1]) == (100_000, 99_999 / 7)


def test_what_a_finished_trial_is_told_does_not_count(journal: Path) -> None:
    """Optuna refuses it, and a deleted study takes its trials with it."""
    end = operation(6, trial_id=0, state=3, values=None, datetime_complete=None)
    late = [report(0, 9, 9.0), operation(8, trial_id=0, user_attr={"a": 1})]
    journal.write_bytes(b"".join([STUDY, TRIAL, report(0, 0, 1.0), end, *late]))
    card = READER.read(journal, "#000000", b"", LATER).card
    assert (card.status, card.metrics["intermediate_value"].count, card.tags) == ("FAILED", 1, {})
    assert READER.points(journal, "#000000", None, None).points["intermediate_value"].values == [1]
    with journal.open("ab") as file:
        file.write(operation(1, study_id=0))
    assert READER.survey(journal, None).refs == {}
    with pytest.raises(FormatError):
        READER.read(journal, "#000000", b"", LATER)


def test_a_trial_that_was_added_whole_is_whole(journal: Path) -> None:
    """A copied trial brings params, values and reports in the line that begins it."""
    kind = '{"name":"IntDistribution","attributes":{"low":1,"high":9,"log":false,"step":1}}'
    whole = operation(4, study_id=0, datetime_start=None, state=1, value=0.5, values=None,
                      datetime_complete="2026-11-21T02:10:21+00:00", distributions={"n": kind},
                      params={"n": 3.0}, user_attrs={"a": "b"}, system_attrs={"fail_reason": "x"},
                      intermediate_values={"0": 1.5, "1": 0.5})  # fmt: skip
    journal.write_bytes(STUDY + whole + TRIAL)
    card = READER.read(journal, "#000000", b"", LATER).card
    assert (card.params, card.tags, card.error) == ({"n": 3}, {"a": "b"}, ["x"])
    assert card.metrics["value"].last == 0.5
    points = READER.points(journal, "#000000", None, None).points
    assert points["intermediate_value"].values == [1.5, 0.5]
    assert card.metrics["intermediate_value"].count == 2


def test_a_byte_changed_in_what_was_read_is_noticed(tmp_path: Path) -> None:
    """A journal as long as before that was written to is played back anew, and its fault told."""
    path = tmp_path / "journal.log"
    path.write_bytes(STORE.read_bytes())
    before = READER.survey(path, None)
    places = {key: READER.points(path, key, None, None).progress for key in before.refs}
    data = bytearray(path.read_bytes())
    data[data.index(b'"worker_id":"', data.index(b'"op_code":7')) + 20] ^= 0xFF
    path.write_bytes(data)
    os.utime(path, ns=(0, path.stat().st_mtime_ns + 1_000_000))
    after = READER.survey(path, before.memory)
    assert len(after.faults) == 1
    for key, place in places.items():
        card = READER.read(path, key, b"", LATER).card
        curves = READER.points(path, key, None, place)
        assert after.refs[key].stamp != before.refs[key].stamp
        assert curves.restarted
        assert {name: len(points.values) for name, points in curves.points.items()} == {
            name: summary.count for name, summary in card.metrics.items()
        }
