"""How a chart of curves is to look: everything but the data and the size."""

from dataclasses import dataclass
from datetime import tzinfo

from workbench.charts.palette import DARK, Theme
from workbench.charts.scaling import LINEAR, SCALES
from workbench.charts.ticks import STEPS

MEAN, RAW, ENVELOPE = "mean", "raw", "envelope"
"""The mean of each column; everything between its extremes; the mean over those, faint."""

MODES = (MEAN, RAW, ENVELOPE)


@dataclass(frozen=True, slots=True)
class Look:
    """What a person chose for a chart.

    ``smoothing`` is the weight of the past, 0 to 0.99, from one column to the next, so that a
    smoothed line looks alike whatever the number of points; below one point per column that
    is from one point to the next. ``window`` is the part of the x-axis shown, None is open.
    ``x_scale`` and ``y_scale`` are of ``scaling.SCALES``. ``crosshair`` is a place across the
    plot, 0 to 1; with ``told`` somebody else says where it is and what the values there are.
    ``empty`` replaces the sentence for a chart without points. ``zone`` None means this
    machine's time zone.
    """

    title: str = ""
    x_label: str = "step"
    x_kind: str = STEPS
    x_scale: str = LINEAR
    y_scale: str = LINEAR
    smoothing: float = 0.0
    mode: str = MEAN
    window: tuple[float | None, float | None] = (None, None)
    clip: bool = False
    crosshair: float | None = None
    told: bool = False
    legend: bool = True
    empty: str = ""
    theme: Theme = DARK
    zone: tzinfo | None = None

    def __post_init__(self) -> None:
        if self.mode not in MODES:
            raise ValueError(f"no such mode of a chart: {self.mode!r}")
        for scale in (self.x_scale, self.y_scale):
            if scale not in SCALES:
                raise ValueError(f"no such scale of an axis: {scale!r}")

    @property
    def aside(self) -> str:
        """What is unusual about the chart, in words beside the title."""
        said = (
            (f"smoothed {self.smoothing:g}", self.smoothing > 0 and self.mode != RAW),
            (self.mode, self.mode != MEAN),
            (self.y_scale, self.y_scale != LINEAR),
            (f"{self.x_scale} {self.x_label}".rstrip(), self.x_scale != LINEAR),
            ("clipped", self.clip),
        )
        return " · ".join(words for words, so in said if so)
