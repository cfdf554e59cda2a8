"""A misspelt column is refused before anything is read."""

import pytest

from workbench.errors import UsageError
from workbench.operations.drift.asked_columns import require_named
from workbench.operations.drift.checking import Asked


@pytest.mark.parametrize(
    "asked",
    [
        Asked("a.csv", columns=("agee",)),
        Asked("a.csv", exclude=("fare", "agee")),
        Asked("a.csv", roles={"agee": "category"}),
    ],
)
def test_a_column_that_is_not_there_is_said_with_what_is_near(asked: Asked) -> None:
    """Neither left out nor left in by chance."""
    with pytest.raises(UsageError, match="There is no column 'agee'") as told:
        require_named(asked, ("age", "fare"))
    assert "age" in told.value.hint


def test_a_column_of_either_side_may_be_named() -> None:
    """Nor is anything refused where nobody knows which columns there are."""
    require_named(Asked("a.csv", columns=("age",), exclude=("fare",)), ("age", "fare"))
    require_named(Asked("a.csv", columns=("age",)), ())
