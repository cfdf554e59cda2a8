"""What one check found: the judgement on every column of every chunk, and on the whole.

What stands here is written to disk (``reports/…``) and read by later versions of this program: a
field is added with a default, never renamed, never given another meaning.
"""

import msgspec

from workbench.datasets.drift.thresholds import Thresholds

FORMAT = 1
METHOD = 1
"""How verdicts are come to. Whoever changes what a check finds of the same data raises it: the
key of a check covers it, so everything is checked anew and old reports stay what they were."""

STABLE, SHIFTED, DRIFT, SEVERE, TOO_FEW, ERROR = (
    "stable", "shifted", "drift", "severe", "too few", "error",
)  # fmt: skip
VERDICTS = (STABLE, SHIFTED, TOO_FEW, ERROR, DRIFT, SEVERE)
"""In rising order of how much they want a person."""
ALARMS = frozenset((DRIFT, SEVERE))
"""The verdicts that may become an alert. ``shifted`` is significant and small: information only."""
LETTERS = {STABLE: "·", SHIFTED: "s", DRIFT: "D", SEVERE: "!", TOO_FEW: "?", ERROR: "x"}
"""One sign for each, so that nothing rests on colour."""

FEATURE, PREDICTION, LABEL = "feature", "prediction", "label"
PARTS = (PREDICTION, LABEL, FEATURE)
"""What a column is to the model, in the order they are listed."""

BREAKING, WARNING, NOTE = "breaking", "warning", "note"
"""Of findings: the model cannot be trusted at all; a person should look; good to know."""


class Finding(msgspec.Struct, frozen=True, omit_defaults=True):
    """One observed fact that is no test of a distribution."""

    kind: str
    """``missing column``, ``new column``, ``retyped``, ``null rate``, ``new categories``,
    ``gone categories``, ``infinities``, ``constant changed``, ``out of range``, ``duplicates``,
    ``freshness``, ``all missing``, ``identifier``, ``schema``, ``version``."""
    words: str
    """The fact with its numbers, in one sentence without a full stop."""
    severity: str = NOTE
    column: str = ""
    """Empty where it is about the table."""
    value: float | None = None
    limit: float | None = None


class Measure(msgspec.Struct, frozen=True, omit_defaults=True):
    """One number that says how far two columns lie apart."""

    name: str
    """``ks``, ``wasserstein``, ``wasserstein_unclipped``, ``tail``, ``psi``, ``tvd``, ``cohens_h``,
    ``linf``, ``new categories``, ``missing``, ``infinite``, ``empty``, and on request
    ``jensen_shannon``, ``hellinger``, ``cramers_v``, ``anderson_darling``,
    ``cramer_von_mises``, ``energy``."""
    value: float
    limit: float | None = None
    """What it was held against: the threshold or the noise floor, whichever is greater."""
    p: float | None = None
    """Of its own test, where it has one."""
    within: float = 0.0
    """How far it may be off, because of values between the points a profile keeps."""
    words: str = ""
    """What it means, in words."""


class Shape(msgspec.Struct, frozen=True, omit_defaults=True):
    """What is drawn of a column: both sides beside each other, and nothing more than is drawn."""

    edges: tuple[float, ...] = ()
    """Inner edges of the reference's deciles, ascending; the ends are open."""
    reference_shares: tuple[float, ...] = ()
    """Of finite values by bin, shape ``(len(edges) + 1,)``."""
    current_shares: tuple[float, ...] = ()
    at: tuple[float, ...] = ()
    """Probabilities 0 to 1 of the quantiles below."""
    reference_quantiles: tuple[float, ...] = ()
    current_quantiles: tuple[float, ...] = ()
    scale: float | None = None
    """The robust scale of the reference, which the shift of quantiles is divided by."""
    gap_at: float | None = None
    """The value where the distribution functions lie furthest apart."""
    categories: tuple[str, ...] = ()
    """At most 12, those that moved most first; sensitive ones are masked. Months, weekdays and
    hours of moments stand here too."""
    reference_parts: tuple[float, ...] = ()
    """Their shares; with `reference_other` together 1."""
    current_parts: tuple[float, ...] = ()
    new: tuple[bool, ...] = ()
    """Which of them the reference does not have."""
    reference_other: float = 0.0
    current_other: float = 0.0


class ColumnDrift(msgspec.Struct, frozen=True, omit_defaults=True):
    """The judgement on one column of one chunk."""

    name: str
    verdict: str
    part: str = FEATURE
    role: str = ""
    """One of `workbench.datasets.profile.ROLES`, as it was tested."""
    importance: float = 0.0
    """Share of all importance, 0 to 1."""
    test: str = ""
    """``ks``, ``far tails``, ``share of one value``, ``chi-square``, ``fisher`` (of moments with
    ``of hours``, ``of weekdays``, ``of months``), ``new categories``, ``null rate``,
    ``infinities`` or ``empty texts``: the one that decided."""
    p: float | None = None
    q: float | None = None
    """p after Benjamini and Hochberg over the whole check."""
    measure: str = ""
    """The name of the measure with the greatest effect."""
    effect: float = 0.0
    """That measure over its limit: from 1 on it counts."""
    shift: float | None = None
    """Where the middle moved: difference of medians over the robust scale, signed."""
    words: str = ""
    """What moved, where and by how much, in one sentence without a full stop."""
    measures: tuple[Measure, ...] = ()
    findings: tuple[Finding, ...] = ()
    reference_rows: int = 0
    """Values that were tested: neither missing nor infinite."""
    current_rows: int = 0
    reference_missing: float = 0.0
    """Share of rows."""
    current_missing: float = 0.0
    reason: str = ""
    """Why there is no judgement (``too few``, ``error``)."""
    shape: Shape | None = None


class ChunkDrift(msgspec.Struct, frozen=True, omit_defaults=True):
    """The judgement on one part of the current data."""

    label: str
    """``2013-04``, ``2013-W17``, ``rows 1-1000``, ``part.parquet``, ``flights-month@4``."""
    verdict: str
    rows: int
    score: float = 0.0
    """The importance of what moved, 0 to 1: of every column whose change is significant its
    importance times its effect, at most 1; of features that are gone all of it. What is stable
    or cannot be told adds nothing, however large chance made its effect."""
    columns: tuple[ColumnDrift, ...] = ()
    """Predictions and labels first, then by importance times effect, the greatest first."""
    findings: tuple[Finding, ...] = ()
    """About the table: missing and new columns, duplicates, freshness."""
    start: float | None = None
    """Its earliest moment, seconds since 1970 UTC; of a chunk by time where the period begins."""
    end: float | None = None
    reference: str = ""
    """What this chunk was held against where that differs from chunk to chunk."""
    segment: str = ""
    """``origin=JFK``; empty for all rows."""
    reason: str = ""


class Side(msgspec.Struct, frozen=True, omit_defaults=True):
    """What was compared: words for people, and what it is exactly."""

    name: str
    """``flights-train@1``, ``predictions of flights``, or a path."""
    kind: str = ""
    """``dataset``, ``file``, ``predictions``, ``training``, ``previous``, ``last week``, …"""
    dataset: str = ""
    version: int | None = None
    hash: str = ""
    """Of the profile or the files: the same hash is the same data."""
    rows: int = 0
    time: float | None = None
    """When the data were registered or last written, seconds since 1970."""
    path: str = ""
    """Of files: below the workspace, ``root:path`` below a root of the settings, else absolute."""
    parts: tuple[str, ...] = ()
    """The first 16 hexadecimal digits of the hash of each file, where files only ever come: what
    is among them is checked."""
    datasets: tuple[str, ...] = ()
    """Of files: the datasets they are of; what these call sensitive is so here."""


class Opinion(msgspec.Struct, frozen=True, omit_defaults=True):
    """A second opinion on all columns at once."""

    kind: str
    """``pca`` or ``domain classifier``."""
    alarm: bool
    value: float | None = None
    low: float | None = None
    high: float | None = None
    """95 % interval of `value`, or the limits it had to stay between."""
    words: str = ""
    reason: str = ""
    """Why there is none."""


class LeftOut(msgspec.Struct, frozen=True):
    """A column that was not judged, and why."""

    name: str
    reason: str


class DriftReport(msgspec.Struct, frozen=True, omit_defaults=True):
    """Everything one check found. Written once, never changed."""

    id: str
    """Sortable by time; empty where nothing is kept."""
    key: str
    """What was checked against what, how: the same key is the same check, done once."""
    time: float
    verdict: str
    """The gravest of the chunks'."""
    reference: Side
    current: Side
    chunks: tuple[ChunkDrift, ...]
    """In order of time; then those of segments, each segment's together."""
    monitor: str = ""
    model: str = ""
    version: int | None = None
    """Of the model: whose training data or predictions these are."""
    stage: str = ""
    score: float = 0.0
    """The greatest of the chunks'."""
    importance: str = "uniform"
    """Where the importances come from, in words."""
    chunking: str = ""
    """``month``, ``1000 rows``, …; empty for all rows at once."""
    time_column: str = ""
    """That says when rows are from; empty where none was named."""
    thresholds: Thresholds = Thresholds()
    left_out: tuple[LeftOut, ...] = ()
    opinions: tuple[Opinion, ...] = ()
    said: tuple[str, ...] = ()
    """What a person should know of how it was done, a sentence each."""
    tests: int = 0
    """How many p-values shared the false discovery rate."""
    method: int = 0
    """`METHOD` of the program that made it; 0 where it was not written yet."""
    settings: str = ""
    """Hash of the monitor's entry in the settings."""
    actor: str = ""
    host: str = ""
    took_s: float = 0.0
    format: int = FORMAT
