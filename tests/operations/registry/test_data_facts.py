"""What gates may know of the data a version was made from; what is not known is never a pass."""

import shutil

import pytest

from tests.dataset_building import SHA, claim
from tests.operations.registry.people import People
from workbench.clock import FixedClock
from workbench.datasets.fields import Fields
from workbench.datasets.manifest import File
from workbench.operations.datasets.fields import set_fields
from workbench.registry.checks import Result

RULES = {
    "kept": "data.retention_due = false",
    "purpose": "data.purpose_allowed = true",
    "people": "data.personal IN (none, pseudonymous)",
}


def settings(people: People, more: str = "") -> None:
    """Ask all three facts of whoever wants staging."""
    checks = (
        f'[[stages.staging.checks]]\nname = "{name}"\nrule = "{rule}"\n'
        for name, rule in RULES.items()
    )
    people.settings("".join(checks) + more)


def used(name: str = "census", content: int = 1) -> dict[str, object]:
    """Return what a version says of a dataset it was made from."""
    return {"name": name, "hash": f"sha256:{SHA}{content}", "role": "training"}


def results(people: People, version: int) -> dict[str, Result]:
    """Return what comes out of the checks, by name."""
    people.ana.sweep()
    return {one.check.name: one for one in people.look(version, "staging").checks}


def outcomes(people: People, version: int) -> list[str]:
    """Return the outcomes of `RULES`, in their order."""
    return [one.outcome for one in results(people, version).values()]


def test_data_that_owes_nothing_passes(people: People) -> None:
    """All of it is registered, and everything is said of it."""
    settings(people)
    said = Fields(personal="none", retention_until="2999-01-01")
    claim(people.root, "census", 1, fields=said)
    assert outcomes(people, people.register(datasets=[used()])) == ["holds", "holds", "holds"]


def test_data_that_is_due_restricted_and_special_fails(people: People) -> None:
    """Each check says both values."""
    settings(people, '[models.churn]\npurpose = "marketing"\n')
    said = Fields(personal="special", retention_until="2020-01-01", purposes=("pricing",))
    claim(people.root, "census", 1, fields=said)
    found = results(people, people.register(datasets=[used()]))
    assert [one.outcome for one in found.values()] == ["fails", "fails", "fails"]
    assert (found["kept"].observed, found["people"].observed) == ("true", "special")
    assert found["purpose"].sentence == (
        "data.purpose_allowed of churn@1 is false and must be true."
    )


def test_a_version_that_names_no_data_is_undecided(people: People) -> None:
    """Nothing having been said is no pass."""
    settings(people)
    found = results(people, people.register(datasets=[]))
    assert {one.outcome for one in found.values()} == {"undecided"}
    assert found["kept"].sentence == "churn@1 names no dataset it was made from."


def test_data_that_is_not_registered_is_undecided(people: People) -> None:
    """Also where it has no hash, and where another version of the dataset is registered."""
    settings(people)
    claim(people.root, "census", 2, fields=Fields(personal="none"))
    for one in (used(), {"name": "census", "hash": "", "role": "training"}, "nonsense"):
        found = results(people, people.register(datasets=[one]))
        assert {each.outcome for each in found.values()} == {"undecided"}
        assert "is no registered version of a dataset here." in found["kept"].sentence


def test_one_dataset_that_is_due_decides_though_another_is_not_known(people: People) -> None:
    """And one that is special is the strictest there is."""
    settings(people)
    said = Fields(personal="special", retention_until="2020-01-01")
    claim(people.root, "census", 1, fields=said)
    version = people.register(datasets=[used(), used("elsewhere", 9)])
    assert outcomes(people, version) == ["fails", "undecided", "fails"]


def test_a_level_nobody_said_of_one_of_two_is_undecided(people: People) -> None:
    """Though the other is known to hold none."""
    settings(people)
    claim(people.root, "census", 1, fields=Fields(personal="none"))
    claim(people.root, "towns", 2)
    found = results(people, people.register(datasets=[used(), used("towns", 2)]))["people"]
    assert found.outcome == "undecided"
    assert found.sentence == "nobody has said whether 'towns' holds personal data."


def test_restricted_data_and_no_purpose_is_undecided(people: People) -> None:
    """The version's own tag says it then."""
    settings(people)
    claim(people.root, "census", 1, fields=Fields(purposes=("pricing",)))
    silent = results(people, people.register(datasets=[used()]))["purpose"]
    assert silent.outcome == "undecided"
    assert silent.sentence == "nobody has said what churn@1 is for."
    told = people.register(datasets=[used()], tags={"purpose": "pricing"})
    assert results(people, told)["purpose"].outcome == "holds"


def test_a_tag_adds_to_what_the_settings_say_and_replaces_nothing(people: People) -> None:
    """Whoever may tag a version cannot talk its model's purpose away."""
    settings(people, '[models.churn]\npurpose = "marketing"\n')
    claim(people.root, "census", 1, fields=Fields(purposes=("pricing",)))
    version = people.register(datasets=[used()], tags={"purpose": "pricing"})
    assert results(people, version)["purpose"].outcome == "fails"


def test_a_misspelt_purpose_is_undecided_and_says_where(people: People) -> None:
    """A purpose nobody could read is none that was said."""
    settings(people, '[models.churn]\npurposes = "pricing"\n')
    claim(people.root, "census", 1, fields=Fields(purposes=("pricing",)))
    found = results(people, people.register(datasets=[used()]))["purpose"]
    assert found.outcome == "undecided"
    assert "a model has no 'purposes'" in found.sentence


def test_the_same_bytes_under_a_milder_name_are_as_strict(people: People) -> None:
    """A second name is no way around what is said of the first."""
    settings(people)
    claim(people.root, "census", 1, fields=Fields(personal="special"))
    claim(people.root, "mild", 1, fields=Fields(personal="none"))
    assert results(people, people.register(datasets=[used("mild")]))["people"].outcome == "fails"


def test_a_file_of_a_registered_folder_is_known(people: People) -> None:
    """A run that read one month of twelve used the dataset of all."""
    settings(people)
    files = tuple(File(f"data/{month}.parquet", 10, f"{SHA}{month}") for month in (1, 2))
    said = Fields(personal="special")
    claim(people.root, "flights", 5, files=files, folder=True, fields=said)
    found = results(people, people.register(datasets=[used("2015-01", 1)]))["people"]
    assert (found.outcome, found.observed) == ("fails", "special")


def test_what_is_said_today_counts(people: People) -> None:
    """An edit after the registration is asked, and so is the day it is."""
    settings(people)
    claim(people.root, "census", 1, fields=Fields(personal="none", retention_until="2027-01-31"))
    version = people.register(datasets=[used()])
    assert outcomes(people, version) == ["holds", "holds", "holds"]
    set_fields(people.ana, "census", {"personal": "personal"})
    clock = people.ana.clock
    assert isinstance(clock, FixedClock)
    clock.advance(366 * 86_400)
    assert outcomes(people, version) == ["fails", "holds", "fails"]


def test_data_that_was_deleted_is_not_known(people: People) -> None:
    """What is said of it went with it."""
    settings(people)
    claim(people.root, "census", 1, fields=Fields(personal="none"))
    version = people.register(datasets=[used()])
    shutil.rmtree(people.root / "datasets/census/1")
    assert outcomes(people, version) == ["undecided", "undecided", "undecided"]


def test_a_level_that_does_not_exist_is_an_error_of_the_settings(people: People) -> None:
    """It would never be equal, and a gate would be open."""
    from workbench.errors import SettingsError

    people.settings('[[stages.staging.checks]]\nname = "x"\nrule = "data.personal != speical"\n')
    with pytest.raises(SettingsError, match="never 'speical'"):
        people.look(people.register(datasets=[used()]), "staging")
