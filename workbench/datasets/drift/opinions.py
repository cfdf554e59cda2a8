"""Second opinions: all columns at once, on rows drawn from both sides.

They never make the verdict; they say what single columns cannot, as when two columns no longer go
together. The same rows are drawn whenever the same data are asked with the same seed.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Final

import numpy as np
from threadpoolctl import threadpool_limits

from workbench import words
from workbench.datasets.drift import classifying, reconstruction
from workbench.datasets.drift.drawing import Drawn, draw
from workbench.datasets.drift.monitor import OPINIONS, PCA
from workbench.datasets.drift.report import Opinion
from workbench.datasets.drift.thresholds import Thresholds
from workbench.datasets.profiling.building import never
from workbench.datasets.table import Table
from workbench.errors import FormatError, StoppedError, UsageError

KINDS: Final = OPINIONS
_NO_ROLES: Final[Mapping[str, str]] = {}
_USUAL: Final = Thresholds()


def require(kinds: Sequence[str]) -> None:
    """Refuse an opinion nobody has.

    Raises:
        UsageError: One of them is none of `KINDS`.
    """
    for kind in kinds:
        if kind not in KINDS:
            raise UsageError(
                f"There is no opinion {words.visible(kind)!r}.",
                hint=f"Name {' or '.join(repr(one) for one in KINDS)}.",
            )


def opinions(
    kinds: Sequence[str],
    reference: Table,
    current: Table,
    *,
    roles: Mapping[str, str] = _NO_ROLES,
    only: Collection[str] = (),
    exclude: Collection[str] = (),
    seed: int = 0,
    thresholds: Thresholds = _USUAL,
    stopped: Callable[[], bool] = never,
) -> tuple[Opinion, ...]:
    """Return second opinions, each with its number and its limits, or why there is none.

    Args:
        kinds: Of `KINDS`.
        reference: The rows that are compared with.
        current: The rows that may have moved.
        roles: Of columns, as the reference's profile says; identifiers and times are left out.
        only: These columns; empty: all that both sides have.
        exclude: Not these.
        seed: The same seed draws the same rows.
        thresholds: The limit of the AUC.
        stopped: Asked between steps whether to go on.

    Raises:
        UsageError: One of them is none of `KINDS`.
        StoppedError: ``stopped`` said so.
    """
    require(kinds)
    generator = np.random.default_rng(seed)
    try:
        drawn = draw(
            reference, current, roles=roles, only=only, exclude=exclude, generator=generator,
            stopped=stopped,
        )  # fmt: skip
    except FormatError as error:
        reason = f"the rows cannot be read: {error.message}".rstrip(".")
        return tuple(Opinion(kind, alarm=False, reason=reason) for kind in kinds)

    def go_on() -> None:
        if stopped():
            raise StoppedError("The second opinions were stopped; none is kept.")

    return tuple(
        _opinion(kind, drawn, thresholds, seed, np.random.default_rng(seed + 1), go_on)
        for kind in kinds
    )


def _opinion(
    kind: str,
    drawn: Drawn,
    thresholds: Thresholds,
    seed: int,
    generator: np.random.Generator,
    go_on: Callable[[], None],
) -> Opinion:
    """Return one opinion; where it fails, with the reason.

    In one thread: those of OpenMP wait for each other, and on a machine where others work, too,
    took sixty times as long.
    """
    try:
        with threadpool_limits(limits=1):
            if kind == PCA:
                return reconstruction.opinion(drawn, go_on)
            return classifying.opinion(drawn, thresholds.auc, seed, generator, go_on)
    except StoppedError:
        raise
    except Exception as error:  # noqa: BLE001 - the rest of the check stands without it
        # and what went wrong may quote a value
        return Opinion(kind, alarm=False, reason=f"it could not be formed ({type(error).__name__})")
