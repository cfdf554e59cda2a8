"""Whether rows still fit the way the reference's columns go together: PCA reconstruction error.

What the first components of the reference cannot say of a row is its error. Where columns have
come apart the mean error moves, though each column by itself may look as before.

Source: the idea is that of NannyML's data reconstruction drift; here each chunk of the reference
is measured by components that were not fitted on it, and the limits allow for the number of rows.
"""

from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from workbench import words
from workbench.datasets.drift.drawing import Drawn, Side
from workbench.datasets.drift.monitor import PCA
from workbench.datasets.drift.report import Opinion

if TYPE_CHECKING:
    from collections.abc import Callable

KIND: Final = PCA
_CHUNKS: Final = 10
_FEWEST_IN_CHUNK: Final = 30
_KEPT: Final = 0.65
"""Share of the variance that the components say."""
_ERRORS: Final = 3.0
"""Standard errors the mean may be off."""
_TRIVIAL: Final = 0.05
"""Standard deviations of a row's error below which a difference of means is of no account."""
_FURTHEST: Final = 10.0
"""Standard deviations a value counts for at most: one wild value must not be all there is."""
_CLIPPED: Final = (0.001, 0.999)

Floats = NDArray[np.float64]


class _Scale(NamedTuple):
    """How the columns of a side become numbers of one size."""

    shares: dict[str, dict[str | None, float]]
    filled: Floats
    mean: Floats
    deviation: Floats

    def applied(self, side: Side) -> Floats:
        """Return rows as numbers, shape ``(rows, columns)``."""
        plain = _plain(side, self.shares)
        plain = np.where(np.isnan(plain), self.filled, plain)
        with np.errstate(over="ignore", invalid="ignore"):
            away = (plain - self.mean) / self.deviation
        found: Floats = np.clip(np.nan_to_num(away, posinf=_FURTHEST), -_FURTHEST, _FURTHEST)
        return found


def opinion(drawn: Drawn, go_on: "Callable[[], None]") -> Opinion:
    """Return whether the current rows' error lies within the limits of the reference's.

    Args:
        drawn: Rows of both sides.
        go_on: Called between steps; raises where somebody wants to stop.
    """
    fewest = _CHUNKS * _FEWEST_IN_CHUNK
    if drawn.columns < 2:  # noqa: PLR2004 - one column does not go together with anything
        return _none("there are fewer than two columns of numbers or categories")
    if drawn.reference.rows < fewest:
        return _none(f"the reference has fewer than {fewest} rows")
    if drawn.current.rows < _FEWEST_IN_CHUNK:
        return _none(f"the current data have fewer than {_FEWEST_IN_CHUNK} rows")
    components = _components(drawn.reference)
    errors = []
    for held_out in np.array_split(np.arange(drawn.reference.rows), _CHUNKS):
        go_on()
        rest = np.setdiff1d(np.arange(drawn.reference.rows), held_out)
        own, others = drawn.reference.take(held_out), drawn.reference.take(rest)
        errors.append(_errors(others, own, components))
    go_on()
    return _judged(errors, _errors(drawn.reference, drawn.current, components), drawn)


def _none(reason: str) -> Opinion:
    return Opinion(KIND, alarm=False, reason=reason)


def _judged(chunks: list[Floats], current: Floats, drawn: Drawn) -> Opinion:
    together = np.concatenate(chunks)
    if not len(current) or not len(together):
        return _none("no column of the reference varies")
    mean, spread = float(together.mean()), float(together.std(ddof=1))
    reach = max(_ERRORS * _standard_error(chunks, spread, len(current)), _TRIVIAL * spread)
    low, high, value = max(mean - reach, 0.0), mean + reach, float(current.mean())
    alarm = not low <= value <= high
    limits = f"{words.number(low, 3)} to {words.number(high, 3)}"
    how = "outside" if alarm else "within"
    said = (
        f"the mean reconstruction error is {words.number(value, 3)}, {how} the limits of the "
        f"reference, {limits}, over {words.plural(drawn.columns, 'column')}"
    )
    return Opinion(KIND, alarm, value, low, high, said)


def _standard_error(chunks: list[Floats], spread: float, rows: int) -> float:
    """Return how far the mean error of so many rows lies from the reference's by chance.

    Chunks of the reference differ by more than chance where it moved itself, in the order of its
    rows: that much is allowed.
    """
    size = float(np.mean([len(chunk) for chunk in chunks]))
    between = float(np.var([chunk.mean() for chunk in chunks], ddof=1))
    own = max(between - spread**2 / size, 0.0)
    found: float = np.sqrt(own + spread**2 / rows + spread**2 / (size * len(chunks)))
    return found


class _Fitted(NamedTuple):
    """What a side's rows are made of."""

    scale: _Scale
    varied: NDArray[np.bool_]
    centre: Floats
    strengths: Floats
    directions: Floats
    """The strongest first, shape ``(components, columns)``."""


def _fitted(side: Side) -> _Fitted | None:
    """Return the components of a side; None where no column varies."""
    scale = _scale_of(side)
    varied = scale.deviation > 0
    if not varied.any():
        return None
    scale = scale._replace(deviation=np.where(varied, scale.deviation, 1.0))
    known = scale.applied(side)[:, varied]
    centre = known.mean(axis=0)
    _, strengths, directions = np.linalg.svd(known - centre, full_matrices=False)
    return _Fitted(scale, varied, centre, strengths, directions)


def _components(reference: Side) -> int:
    """Return how many components say enough; as many are kept of every stretch.

    Were each stretch to choose, one component more or less would look like drift.
    """
    fitted = _fitted(reference)
    if fitted is None:
        return 0
    squares = fitted.strengths**2
    shares = np.cumsum(squares) / max(float(np.sum(squares)), 1e-300)
    return int(np.searchsorted(shares, _KEPT)) + 1


def _errors(side: Side, measured: Side, components: int) -> Floats:
    """Return the error of each row, by components that were fitted on other rows."""
    fitted = _fitted(side)
    if fitted is None:
        return np.zeros(0)
    away = fitted.scale.applied(measured)[:, fitted.varied] - fitted.centre
    kept = fitted.directions[:components]
    found: Floats = np.linalg.norm(away - away @ kept.T @ kept, axis=1)
    return found


def _scale_of(side: Side) -> _Scale:
    """Return how columns become numbers: categories by how frequent they are on this side."""
    shares: dict[str, dict[str | None, float]] = {}
    for name, series in side.categories.items():
        counted = series.drop_nulls().alias("value").value_counts()
        total = max(int(counted["count"].sum()), 1)
        shares[name] = {value: count / total for value, count in counted.iter_rows()}
    plain = _plain(side, shares)
    columns = [_column(plain[:, k]) for k in range(plain.shape[1])]
    filled, mean, deviation = (np.array(one) for one in zip(*columns, strict=True))
    most = [max(of.values(), default=0.0) for of in shares.values()]
    filled[len(side.numbers) :] = most
    return _Scale(shares, filled, mean, deviation)


def _column(values: Floats) -> tuple[float, float, float]:
    """Return what stands for a missing value, the mean and the deviation, without wild values."""
    there = values[~np.isnan(values)]
    if not len(there):
        return 0.0, 0.0, 0.0
    low, high = np.quantile(there, _CLIPPED, method="nearest")
    kept = np.clip(there, low, high)
    unit = max(abs(float(low)), abs(float(high)), 1e-300)
    mean, deviation = float((kept / unit).mean()), float((kept / unit).std())
    negligible = deviation <= 1e-12 * abs(mean)
    return mean * unit, mean * unit, 0.0 if negligible else deviation * unit


def _plain(side: Side, shares: dict[str, dict[str | None, float]]) -> Floats:
    """Return rows as they are, categories as shares; a new one has none, a missing one is NaN."""
    columns: list[Any] = list(side.numbers.values())
    for name, series in side.categories.items():
        known = {value: share for value, share in shares[name].items() if value is not None}
        import polars as pl

        found = (
            series.replace_strict(
                list(known), list(known.values()), default=0.0, return_dtype=pl.Float64
            )
            if known
            else pl.Series([0.0] * side.rows, dtype=pl.Float64)
        )
        missing = series.is_null().to_numpy()
        columns.append(np.where(missing, np.nan, found.to_numpy()))
    return np.column_stack(columns) if columns else np.zeros((side.rows, 0))
