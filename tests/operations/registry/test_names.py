"""Names of versions are read as people write them and mean what the journal says."""

import pytest

from tests.operations.registry.people import People
from workbench.errors import FormatError, NotFoundError, UsageError
from workbench.operations.registry.names import Ref, parse, resolve
from workbench.operations.registry.opening_journal import journal


@pytest.mark.parametrize(
    ("text", "ref"),
    [
        ("churn", Ref("churn")),
        ("churn@3", Ref("churn", version=3)),
        (" churn@production ", Ref("churn", stage="production")),
        ("models:/churn", Ref("churn")),
        ("models:/churn/3", Ref("churn", version=3)),
        ("models:/churn@3", Ref("churn", version=3)),
        ("models:/churn@production", Ref("churn", stage="production")),
        ("models:/churn/production", Ref("churn", stage="production")),
        ("churn@pre-prod.eu", Ref("churn", stage="pre-prod.eu")),
        ("churn@v3", Ref("churn", stage="v3")),
    ],
)
def test_names_are_read_as_they_are_written(text: str, ref: Ref) -> None:
    """A number is a version; a word is a stage."""
    assert parse(text) == ref
    assert parse(str(ref)) == ref


@pytest.mark.parametrize(
    "text",
    ["", "@", "churn@", "@3", "churn@0", "churn@-1", "churn@3.1", "churn@_x", "churn@é", "Churn@3",
     "../etc@3", "churn@../x", "models:/", "models:/churn/", "models:/churn/3/files", "churn/3",
     "churn@1 ", "churn@" + "9" * 40, "churn@\x1b[31m", "churn@٣"],
)  # fmt: skip
def test_what_is_no_name_is_refused(text: str) -> None:
    """With how names are written."""
    if text == "churn@1 ":
        assert parse(text) == Ref("churn", version=1)
        return
    with pytest.raises(UsageError, match=r"version|stage"):
        parse(text)


def test_a_version_is_found_by_its_number_and_by_its_stage(people: People) -> None:
    """Both are the same version of the same journal."""
    first = people.register()
    people.register()
    people.promote(first)
    _, by_number = resolve(people.ben, Ref("churn", version=1))
    state, by_stage = resolve(people.ben, parse("models:/churn@production"))
    assert by_number == by_stage == state.versions[1]


def test_a_stage_means_what_held_it_then(people: People) -> None:
    """At a date, and never what came later."""
    first, second = people.register(), people.register()
    at_first = people.promote(first).event.effective
    at_second = people.promote(second).event.effective
    ref = Ref("churn", stage="production")
    assert resolve(people.ben, ref, at_first)[1].number == first
    assert resolve(people.ben, ref, at_second - 0.5)[1].number == first
    assert resolve(people.ben, ref, at_second)[1].number == second
    with pytest.raises(NotFoundError, match="No version of churn held production on"):
        resolve(people.ben, ref, at_first - 0.5)


def test_a_stage_is_not_guessed_behind_an_event_that_cannot_be_read(people: People) -> None:
    """It may be the one that rolled the version away; what was before the last one is told."""
    first, second = people.register(), people.register()
    at_first = people.promote(first).event.effective
    at_second = people.promote(second).event.effective
    people.roll_back()
    path = people.root / journal(people.ben, "churn").path(people.last().seq)
    path.write_bytes(path.read_bytes()[:100])
    ref = Ref("churn", stage="production")
    for at in (None, at_second, at_second + 9):
        with pytest.raises(FormatError, match="cannot be told what holds churn@production"):
            resolve(people.ben, ref, at)
    assert resolve(people.ben, ref, at_first)[1].number == first
    assert resolve(people.ben, Ref("churn", version=second))[1].number == second


def test_a_version_that_was_not_there_yet_says_since_when(people: People) -> None:
    """It is no missing version."""
    people.register()
    with pytest.raises(NotFoundError, match="not registered yet"):
        resolve(people.ben, Ref("churn", version=1), 5.0)


def test_a_model_that_is_misspelt_has_near_ones_named(people: People) -> None:
    """Somebody who typed a letter too few is told."""
    people.register()
    with pytest.raises(NotFoundError) as told:
        resolve(people.ben, Ref("chrun", version=1))
    assert "churn" in told.value.hint


def test_a_version_that_is_not_there_has_others_named(people: People) -> None:
    """Those there are."""
    people.register()
    with pytest.raises(NotFoundError) as told:
        resolve(people.ben, Ref("churn", version=4))
    assert "1" in told.value.hint


@pytest.mark.parametrize(
    ("stage", "hint"),
    [
        ("prodution", "Did you mean production? There are: staging, production."),
        ("moon", "Use one of: staging, production."),
        ("v3", "Write churn@3 for a version."),
    ],
)
def test_an_unknown_stage_is_told_from_an_empty_one(people: People, stage: str, hint: str) -> None:
    """The stages there are stand in the hint."""
    people.register()
    with pytest.raises(NotFoundError, match="There is no stage") as told:
        resolve(people.ben, Ref("churn", stage=stage))
    assert told.value.hint == hint
    with pytest.raises(NotFoundError, match="No version of churn holds staging"):
        resolve(people.ben, Ref("churn", stage="staging"))


def test_a_stage_the_settings_lost_can_still_be_asked(people: People) -> None:
    """The journal knows what held it."""
    people.settings("[stages.canary]\n")
    people.promote(people.register(), "canary")
    people.settings("[stages.production]\n")
    assert resolve(people.ben, Ref("churn", stage="canary"))[1].number == 1


def test_settings_that_cannot_be_read_keep_nobody_from_looking(people: People) -> None:
    """Stages are those of the journal and the usual two."""
    people.promote(people.register())
    people.settings("[stages.production\n")
    assert resolve(people.ben, Ref("churn", stage="production"))[1].number == 1


def test_a_model_alone_names_no_version(people: People) -> None:
    """Whoever wants files says which."""
    people.register()
    with pytest.raises(UsageError, match="none of its versions"):
        resolve(people.ben, Ref("churn"))
