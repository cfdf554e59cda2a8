"""The stored summary of a dataset version: enough to judge drift without the data.

What stands here is written to disk (``profile.json.gz`` beside the manifest) and read by later
versions of this program: a field is added with a default, never renamed, never given another
meaning.
"""

import msgspec

FORMAT = 1
GRID_POINTS = 213
"""201 interior and 12 tail points; which they are is in `workbench.datasets.profiling.grid`."""
MOST_VALUES = 200
"""Of a column's values that are kept with their counts; the rest is ``other``."""
BUCKETS = 256
"""That rows are counted in by a hash of their value, where not all values are kept."""

NUMBER, CATEGORY, IDENTIFIER, WORDS, MOMENT, CONSTANT, NESTED, EMPTY = (
    "number", "category", "identifier", "text", "datetime", "constant", "nested", "empty",
)  # fmt: skip
ROLES = (NUMBER, CATEGORY, IDENTIFIER, WORDS, MOMENT, CONSTANT, NESTED, EMPTY)
"""How a column is treated when it is tested; inferred with a reason, or said by a person."""


class Quantiles(msgspec.Struct, frozen=True, omit_defaults=True):
    """Points of the distribution function, ascending and without repeats; all of one length."""

    at: tuple[float, ...]
    """Values x."""
    below: tuple[float, ...]
    """Share of finite values < x."""
    upto: tuple[float, ...]
    """Share of finite values <= x."""
    within: float = 0.0
    """How far a share may be off: 0 where all rows were seen at once, more after merging."""


class Numbers(msgspec.Struct, frozen=True, omit_defaults=True):
    """Numeric facts over finite values; also of booleans (0, 1). All None where n is 0."""

    min: float | None = None
    """With `max` also None where the column is sensitive."""
    max: float | None = None
    mean: float | None = None
    std: float | None = None
    """Of the sample, divisor n - 1; None for a single value or where it overflows."""
    skew: float | None = None
    """Fisher-Pearson, biased (scipy's default)."""
    scale: float | None = None
    """Robust scale: max(IQR / 1.349, std of values clipped to [q.01, q.99])."""
    zeros: int = 0
    negatives: int = 0
    q1: float | None = None
    """With `median` and `q3` by linear interpolation, as numpy and pandas do; after merging they
    are read off the grid."""
    median: float | None = None
    q3: float | None = None
    quantiles: Quantiles | None = None


class Lengths(msgspec.Struct, frozen=True, omit_defaults=True):
    """Lengths of texts in characters, of lists in items."""

    min: int
    max: int
    mean: float
    empty: int = 0


class Moments(msgspec.Struct, frozen=True, omit_defaults=True):
    """Facts of dates and times; moments are ISO 8601 texts, UTC where there is a zone."""

    first: str
    last: str
    gap_s: float | None = None
    """The longest time between neighbours, seconds."""
    gap_from: str | None = None
    hours: tuple[int, ...] = ()
    """Rows by hour of the day, shape (24,); empty for dates."""
    weekdays: tuple[int, ...] = ()
    """Rows by weekday from Monday, shape (7,)."""
    months: tuple[int, ...] = ()
    """Rows by month from January, shape (12,)."""
    quantiles: Quantiles | None = None
    """Where they lie, in seconds since 1970 UTC, of times of day since midnight; None of a
    sensitive column, and of one whose parts do not all have it."""


class Column(msgspec.Struct, frozen=True, omit_defaults=True):
    """The summary of one column."""

    name: str
    type: str
    """One of `workbench.datasets.table.TYPES`."""
    dtype: str
    role: str = EMPTY
    """One of `ROLES`."""
    role_reason: str = ""
    """Why, in words; "said by a person" for an override."""
    rows: int = 0
    nulls: int = 0
    nans: int = 0
    plus_infinities: int = 0
    minus_infinities: int = 0
    n: int = 0
    """Values that are neither null, NaN nor infinite."""
    distinct: int | None = None
    """Of values that are neither null nor NaN."""
    distinct_at_least: bool = False
    """`distinct` is a lower bound: more than a million, or merged from parts."""
    distinct_at_most: int | None = None
    """The upper bound where `distinct` is a lower one."""
    numbers: Numbers | None = None
    lengths: Lengths | None = None
    moments: Moments | None = None
    top: tuple[tuple[str, int], ...] = ()
    """The most frequent values as text with their counts, most frequent first, at most 200."""
    top_within: int = 0
    """By how much a count in `top` may be too low: more than 0 only after merging."""
    other: int = 0
    """Of the `n` rows those whose value is not in `top`."""
    buckets: tuple[int, ...] = ()
    """Rows by a hash of the value, of texts with more different values than are in `top`; 256, or
    fewer of a sensitive column. What they are is in `workbench.datasets.profiling.buckets`."""
    rising: bool = False
    """No value is less than the one before it, and none is NaN or infinite; also with a single
    value."""
    numeric_texts: int = 0
    """Texts that read as a number; not looked for among more than 100,000 different ones."""
    moment_texts: int = 0
    """Texts that read as a day or a moment in ISO 8601."""
    padded_texts: int = 0
    """Texts with blanks at either end; looked for like `numeric_texts`."""
    broken_texts: int = 0
    """Texts with a replacement character: they were decoded with the wrong encoding."""
    sensitive: bool = False
    """It was made without what stands for fewer than five rows: such values are not in `top` but
    in `other`, and what else is left out is in `workbench.datasets.profiling.hiding`."""
    fault: str = ""
    """Why this column could not be summarised; everything else of it is then absent."""


class Pair(msgspec.Struct, frozen=True, omit_defaults=True):
    """How strongly two columns go together, on the fixed sample."""

    a: str
    b: str
    kind: str
    """``pearson``, ``spearman``, ``cramers_v`` or ``correlation_ratio``."""
    value: float
    n: int


class Profile(msgspec.Struct, frozen=True, omit_defaults=True):
    """The summary of a table."""

    rows: int
    columns: tuple[Column, ...]
    schema: str
    """``sha256:`` of names and types in order."""
    format: int = FORMAT
    parts: int = 1
    """Profiles merged into this one; 1 where all rows were seen at once."""
    label: str = ""
    """The label column; its `top` is the label balance."""
    pairs: tuple[Pair, ...] = ()
    sampled: int = 0
    """Rows the pairs were taken from."""
    pairs_left_out: str = ""
    """Why there are no pairs, or not all."""
    duplicates: int | None = None
    """Rows that repeat an earlier one; None where nobody asked."""
    faults: tuple[str, ...] = ()
    """What of the table as a whole could not be summarised."""
