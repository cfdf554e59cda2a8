"""Who is the same person as whom, as far as names can tell."""

import pytest

from workbench.registry.people import called, person


@pytest.mark.parametrize(
    "name",
    [
        "rené",
        "Rene\u0301",
        "REN\u00c9 ",
        "re\u200bne\u0301",
        "\ufeffrené",
        "ren\u00e9\u202e",
        "\uff52ené",
        "\u211dené",
        "rene\u200b\u0301",
    ],
)
def test_one_name_in_many_spellings_is_one(name: str) -> None:
    """Composed or not, full-width or not, with signs that nobody sees."""
    assert called(name) == "rené"


def test_names_that_differ_stay_different() -> None:
    """An accent is to be seen, and so is a blank in the middle."""
    assert len({called(name) for name in ("rené", "rene", "ren é", "ana", "ana@lab")}) == 5


def test_a_person_is_the_same_on_every_machine() -> None:
    """The part before the sign counts, and the whole where there is none."""
    assert {person(name) for name in ("ana@gpu01", "Ana@laptop", "ana", "ana @x@y")} == {"ana"}
    assert person("@lab") == "@lab"
    assert person("") == ""
