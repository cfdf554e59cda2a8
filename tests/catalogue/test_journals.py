"""What a model's events amount to is stored whole, whatever its authors wrote in them."""

from collections.abc import Sequence
from typing import Any

import duckdb
import pytest

from tests.building import BEGIN
from tests.registry_building import draft, life, register
from workbench.catalogue import descent, registered
from workbench.catalogue.connection import Catalogue, open_catalogue
from workbench.catalogue.history import happened, held, untold
from workbench.catalogue.journals import Folded, forget, known_models, store
from workbench.registry.event import (
    APPROVED,
    DELETED,
    FROZEN,
    PROMOTED,
    RETIRED,
    ROLLED_BACK,
    UNFROZEN,
    Draft,
    Reading,
    Unreadable,
)
from workbench.registry.folding import fold
from workbench.registry.journal import MemoryJournal

ORDER = ("staging", "production")


def folded(model: str, drafts: Sequence[Draft], broken: Unreadable | None = None) -> Folded:
    """Return a model with a past, as a sweep hands it over."""
    journal, last = MemoryJournal(model), None
    for one in drafts:
        last = journal.publish(one, after=last)
    return Folded(fold(model, Reading(journal.read().events, broken)), 7)


def stored(*models: Folded) -> Catalogue:
    """Return a catalogue of these models."""
    catalogue = open_catalogue(None)
    store(catalogue, models)
    return catalogue


def counts(catalogue: Catalogue) -> dict[str, int]:
    """Return how many rows each table of the registry has."""
    names = ("models", "versions", "version_metrics", "holdings", "events", "requests")
    cursor = catalogue.cursor()
    found = {}
    for name in names:
        row = cursor.execute(f"SELECT count(*) FROM {name}").fetchone()  # noqa: S608 - our own
        found[name] = row[0] if row else 0
    return found


def test_a_model_is_stored_once_however_often() -> None:
    """Storing again replaces every row, and forgetting leaves none."""
    model = folded("churn", list(life("churn", 20)))
    catalogue = stored(model)
    before = counts(catalogue)
    store(catalogue, [model])
    assert counts(catalogue) == before
    assert before["versions"] == 20
    assert before["version_metrics"] == 100
    forget(catalogue, ["churn"])
    assert set(counts(catalogue).values()) == {0}


def test_a_model_that_cannot_be_stored_leaves_what_was_there() -> None:
    """Everything or nothing: the rows of a model are never of two moments."""
    catalogue = stored(folded("churn", [register("churn", 1, 1)]))
    huge = draft("of the future", 2, version=10**40)
    with pytest.raises(duckdb.Error, match="too large"):
        store(catalogue, [folded("churn", [register("churn", 1, 1), huge])])
    assert counts(catalogue)["events"] == 1


def test_what_is_remembered_of_a_model_says_how_far_it_was_read() -> None:
    """The number and hash of its newest event, the folder's time, and what is unreadable."""
    broken = Unreadable(2, "registry/churn/events/0000000002.json", "It is cut short.")
    model = folded("churn", [register("churn", 1, 1)], broken)
    known = known_models(stored(model))["churn"]
    assert (known.seq, known.head, known.stamp) == (1, model.state.head, 7)
    assert (known.broken_path, known.broken_reason) == (broken.path, broken.reason)


def test_a_folder_without_events_is_no_model() -> None:
    """Files may be copied before the first event names them."""
    assert known_models(stored(folded("churn", []))) == {}


@pytest.mark.parametrize(
    "details",
    [
        {"metrics": {"auc": "NaN", "loss": {"last": "Infinity"}, "odd": {"last": [1]}, "n": True}},
        {"metrics": ["auc"], "datasets": {"name": "x"}, "types": "pickle", "run": "r1"},
        {"size": 2**70, "files": "two", "git": {"dirty": "perhaps"}, "datasets": [1, None]},
        {"params": {"seed": 10**30}, "tags": {"a": None}, "description": None, "goals": 3},
        {"params": {"\x1b[31m": "\x00"}, "datasets": [{"name": "d", "rows": -1, "hash": 3}]},
    ],
)
def test_details_of_any_shape_are_stored(details: dict[str, Any]) -> None:
    """What does not fit a column is left out; the version is there."""
    catalogue = stored(folded("churn", [register("churn", 1, 1, details=details)]))
    (line,) = registered.versions(catalogue, "churn")
    assert line.number == 1
    assert registered.models(catalogue, BEGIN, ORDER)[0].latest == 1


def test_numbers_that_json_has_no_word_for_come_back() -> None:
    """A metric that ended at NaN shows as NaN, not as nothing."""
    model = folded("churn", [register("churn", 1, 1, details={"metrics": {"a": "NaN", "b": 2}})])
    (line,) = registered.versions(stored(model), "churn")
    assert line.metrics["a"] != line.metrics["a"]
    assert line.metrics["b"] == 2.0


def test_a_model_line_says_what_holds_what() -> None:
    """Stages in the order of the settings; the champion is that of the last stage that has one."""
    catalogue = stored(folded("churn", list(life("churn", 20))))
    (line,) = registered.models(catalogue, BEGIN, ORDER)
    assert [(one.stage, one.version) for one in line.stages] == [
        ("staging", 20), ("production", 10),
    ]  # fmt: skip
    assert (line.versions, line.latest, line.requests, line.champion) == (20, 20, 1, 10)
    assert line.metrics["val/auc"] == pytest.approx(0.81)
    assert line.goals == {"val/auc": "max"}
    (turned,) = registered.models(catalogue, BEGIN, ORDER[::-1])
    assert turned.champion == 20


def test_without_a_champion_the_newest_version_speaks() -> None:
    """A stage that no settings name has no champion either."""
    past = [register("m", 1, 1), register("m", 2, 2), draft(PROMOTED, 3, version=1, stage="old")]
    (line,) = registered.models(stored(folded("m", past)), BEGIN, ORDER)
    assert (line.champion, line.metrics["val/auc"]) == (None, pytest.approx(0.802))
    assert [one.stage for one in line.stages] == ["old"]


def test_a_freeze_ends_by_itself() -> None:
    """It is told while it lasts, with who, why and until when, also on an empty stage."""
    until = {"until": BEGIN + 5000}
    past = [register("m", 1, 1), draft(FROZEN, 2, stage="production", details=until, reason="sale")]
    catalogue = stored(folded("m", past))
    (line,) = registered.models(catalogue, BEGIN + 4000, ORDER)
    (stage,) = line.stages
    assert stage.version is None
    assert stage.frozen is not None
    assert (stage.frozen.reason, stage.frozen.until) == ("sale", BEGIN + 5000)
    assert registered.models(catalogue, BEGIN + 5000, ORDER)[0].stages == ()


def test_a_thaw_ends_a_freeze() -> None:
    """Nothing of it is told any more."""
    past = [
        register("m", 1, 1), draft(PROMOTED, 2, version=1, stage="staging"),
        draft(FROZEN, 3, stage="staging"), draft(UNFROZEN, 4, stage="staging"),
    ]  # fmt: skip
    (line,) = registered.models(stored(folded("m", past)), BEGIN, ORDER)
    assert [one.frozen for one in line.stages] == [None]


def test_deleted_and_retired_versions_say_who_and_why() -> None:
    """They stay in the list; a deleted one is counted no more."""
    past = [
        register("m", 1, 1), register("m", 2, 2), draft(RETIRED, 3, version=1, reason="old"),
        draft(DELETED, 4, version=2, reason="leak"),
    ]  # fmt: skip
    catalogue = stored(folded("m", past))
    second, first = registered.versions(catalogue, "m")
    assert (first.retired, first.deleted) == ("ana@lab: old", "")
    assert (second.retired, second.deleted) == ("", "ana@lab: leak")
    assert registered.models(catalogue, BEGIN, ORDER)[0].versions == 1
    assert {version for _, version in descent.manifests(catalogue)} == {first.manifest}


def test_histories_are_newest_first_and_know_what_was_there_before() -> None:
    """Over all models, or of one; from a moment, up to a moment, at most so many."""
    catalogue = stored(
        folded("a", list(life("a", 20))), folded("b", [register("b", 1, 50)]),
    )  # fmt: skip
    found = happened(catalogue)
    assert [one.time for one in found] == sorted((one.time for one in found), reverse=True)
    assert found[0].model == "b"
    assert happened(catalogue, model="a", limit=2) == found[1:3]
    back = next(one for one in found if one.kind == ROLLED_BACK)
    assert (back.was, back.version) == (20, 10)
    later = happened(catalogue, since=found[3].time)
    assert later == found[:4]
    assert happened(catalogue, until=found[3].time) == found[3:]


def test_what_was_held_at_a_moment() -> None:
    """What happened right then counts; before anything was put there nothing is told."""
    past = [
        register("m", 1, 1), draft(PROMOTED, 2, version=1, stage="production", reason="first"),
        register("m", 2, 3), draft(PROMOTED, 4, version=2, stage="production"),
        draft(ROLLED_BACK, 5, version=None, stage="production"),
    ]  # fmt: skip
    catalogue = stored(folded("m", past))
    times = [BEGIN + 600 * number for number in range(7)]
    versions = [[line.version for line in held(catalogue, at, "m")] for at in times]
    assert versions == [[], [], [1], [1], [2], [None], [None]]
    (line,) = held(catalogue, times[3])
    assert (line.since, line.actor, line.reason) == (times[2], "ana@lab", "first")


def test_what_was_held_is_not_guessed_behind_an_event_that_cannot_be_read() -> None:
    """It may have changed any stage, and came no earlier than the last one before it."""
    past = [
        register("m", 1, 1), draft(PROMOTED, 2, version=1, stage="production"),
        register("m", 2, 3), draft(PROMOTED, 4, version=2, stage="production"),
    ]  # fmt: skip
    broken = Unreadable(5, "registry/m/5.json", "It is empty.")
    other = folded("n", [register("n", 1, 1), draft(PROMOTED, 2, version=1, stage="production")])
    catalogue = stored(folded("m", past, broken), other)
    times = [BEGIN + 600 * number for number in range(6)]
    found = [[(one.model, one.version) for one in held(catalogue, at)] for at in (*times, None)]
    assert found[2:] == [[("m", 1), ("n", 1)]] * 2 + [[("n", 1)]] * 3
    assert [len(untold(catalogue, at)) for at in (*times, None)] == [0, 0, 0, 0, 1, 1, 1]
    assert untold(catalogue, None, "n") == ()
    assert untold(catalogue, None) == (("m", "registry/m/5.json", "It is empty."),)


def test_a_clock_that_is_slow_changes_no_order() -> None:
    """An event counts from its own time or the one before's, whichever is later."""
    past = [
        register("m", 1, 10), draft(PROMOTED, 11, version=1, stage="production"),
        register("m", 2, 12),
        draft(PROMOTED, 13, version=2, stage="production", time=BEGIN),
    ]  # fmt: skip
    catalogue = stored(folded("m", past))
    at = BEGIN + 600 * 12
    assert [line.version for line in held(catalogue, at - 1)] == [1]
    assert [line.version for line in held(catalogue, at)] == [2]
    assert [one.seq for one in happened(catalogue)] == [4, 3, 2, 1]
    assert happened(catalogue)[0].said == BEGIN


def test_runs_and_datasets_of_what_holds_a_stage_are_known() -> None:
    """And of no other version, though they can be found from both ends."""
    catalogue = stored(folded("churn", list(life("churn", 10))))
    runs = descent.held_runs(catalogue)
    assert list(runs) == [f"01kb{10:022d}"]
    (said,) = {one for names in runs.values() for one in names if "production" in one}
    assert said == "churn@10, which holds production"
    assert list(descent.held_datasets(catalogue)) == [("census", f"{2:064x}")]
    assert [one.version for one in descent.of_run(catalogue, f"01kb{3:022d}")] == [3]
    assert [one.version for one in descent.of_dataset(catalogue, "census", f"{2:064x}")] == [
        10, 6, 2,
    ]  # fmt: skip
    assert len(descent.of_dataset(catalogue, "census", "")) == 10


def test_what_people_said_is_kept_whole() -> None:
    """Approvals keep what they are bound to; of a registration only the manifest stays."""
    from workbench.catalogue.history import said_of_stages

    bound = {"manifest": "m", "champion": None, "rules": "r"}
    past = [
        register("m", 1, 1), draft(APPROVED, 2, version=1, stage="production", details=bound),
    ]  # fmt: skip
    (registration, approval) = said_of_stages(stored(folded("m", past)), ["m"])["m"]
    assert approval.details == bound
    assert set(registration.details) == {"manifest"}


@pytest.mark.parametrize(
    ("view", "rows"),
    [("models", 1), ("versions", 20), ("version_metrics", 100), ("version_datasets", 20),
     ("stages", 7), ("history", 28)],
)  # fmt: skip
def test_the_documented_views_answer(view: str, rows: int) -> None:
    """Each has its rows, whatever the tables beneath are called."""
    catalogue = stored(folded("churn", list(life("churn", 20))))
    found = catalogue.cursor().execute(f"SELECT count(*) FROM shown.{view}").fetchone()  # noqa: S608
    assert found == (rows,)


def test_views_say_what_holds_now() -> None:
    """The stages of a version stand beside it, and an open stage has no end."""
    cursor = stored(folded("churn", list(life("churn", 20)))).cursor()
    rows = cursor.execute(
        "SELECT version, stages FROM shown.versions WHERE stages IS NOT NULL ORDER BY version"
    ).fetchall()
    assert rows == [(10, "production"), (20, "staging")]
    now = cursor.execute(
        "SELECT stage, version FROM shown.stages WHERE until IS NULL ORDER BY stage"
    ).fetchall()
    assert now == [("production", 10), ("staging", 20)]
