"""Whether a version held its stage when it is said to have predicted."""

from workbench.datasets.drift.report import WARNING, Finding
from workbench.datasets.predictions import About
from workbench.operations.drift.planning import Remark
from workbench.operations.drift.references import Held
from workbench.words import plural, visible


def remark_on(of: Held, about: About, name: str, span: tuple[float, float]) -> Remark | None:
    """Return a finding where a version did not hold the stage; None where it did, or may have.

    A file counts as of the time it was written or of any of its rows: what is predicted at night
    may be written in the morning, after a promotion.

    Args:
        of: The version that predicted, and the stage it is watched in.
        about: What the file says of itself.
        name: Of the file.
        span: From when to when its rows are, seconds since 1970.
    """
    if not of.stage:
        return None
    moments = ((about.time, about.time), span)
    if any(_held(of, first, last) for first, last in moments):
        return None
    held = sorted({one.version for one in of.state.stage(of.stage).holdings if one.version})
    others = ", ".join(f"{of.model}@{number}" for number in held if number != of.number)
    ever = "then" if of.number in held else "ever"
    more = f"; {others} did" if others and ever == "ever" else ""
    words = (
        f"{plural(about.rows, 'prediction')} in {visible(name)} are of {of}, which did not hold "
        f"{of.stage} {ever}{more}"
    )
    return Remark(Finding("version", words, WARNING, value=float(about.rows)), *span)


def _held(of: Held, first: float, last: float) -> bool:
    """Say whether the version held the stage at any moment from first to last."""
    return any(
        one.version == of.number and one.since <= last and (one.until is None or first < one.until)
        for one in of.state.stage(of.stage).holdings
    )
