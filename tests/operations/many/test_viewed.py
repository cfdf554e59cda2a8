"""What a saved view keeps of a chart of many runs."""

from dataclasses import replace

import pytest

from workbench.operations.many import asked_of, kept
from workbench.operations.views import View


@pytest.mark.parametrize("scale", ["linear", "log", "symlog"])
def test_a_key_about_something_else_leaves_the_scales_alone(scale: str) -> None:
    """Curves on a symmetric scale are on it still when somebody comes back to them."""
    view = View(plot="hist", x_scale=scale, y_scale=scale)
    after = kept(view, replace(asked_of(view), metric="loss"))
    assert (after.metric, after.x_scale, after.y_scale) == ("loss", scale, scale)


@pytest.mark.parametrize(
    ("before", "log", "after"),
    [("linear", True, "log"), ("symlog", True, "log"), ("log", False, "linear")],
)
def test_a_scale_that_was_chosen_is_kept(before: str, log: bool, after: str) -> None:
    """Logarithmic axes turned on or off are so for the curves too."""
    view = View(plot="scatter", x_scale=before, y_scale=before)
    found = kept(view, replace(asked_of(view), log_x=log, log_y=log))
    assert (found.x_scale, found.y_scale) == (after, after)
