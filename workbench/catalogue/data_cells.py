"""How the columns of a data file are read, compared, ordered and shown, in SQL.

A column goes by its place, ``c0`` and on: names in data are of any kind, and DuckDB takes two that
differ only in the case of letters for one. A value leaves DuckDB as something Python holds exactly;
moments and nested values leave as text, since Python knows no nanosecond and no year 10000.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from workbench.datasets.table import DURATION, Column

LETTERS_SHOWN: Final = 400
"""Of a text or a nested value on a page of rows; the whole is read when somebody asks."""
_INTEGERS: Final = frozenset(
    ("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT",
     "UTINYINT", "USMALLINT", "UINTEGER", "UBIGINT", "UHUGEINT")
)  # fmt: skip
_FLOATS: Final = frozenset(("FLOAT", "DOUBLE"))
_NESTED: Final = ("STRUCT(", "MAP(", "UNION(")
_MOMENTS: Final = ("DATE", "TIME", "TIMESTAMP")
_ZONE: Final = re.compile(r"time_zone='([^']+)'")


@dataclass(frozen=True, slots=True)
class Reading:
    """One column of a data file and the type DuckDB gives it."""

    column: Column
    place: int
    sql_type: str

    @property
    def sql(self) -> str:
        """Return the name it goes by."""
        return f"c{self.place}"

    @property
    def is_integer(self) -> bool:
        """Say whether it holds whole numbers."""
        return self.sql_type in _INTEGERS and self.column.type != DURATION

    @property
    def is_float(self) -> bool:
        """Say whether NaN is possible."""
        return self.sql_type in _FLOATS

    @property
    def is_decimal(self) -> bool:
        """Say whether it holds exact decimal fractions."""
        return self.sql_type.startswith("DECIMAL")

    @property
    def digits_after(self) -> int:
        """Return how many digits a decimal has after the point."""
        return int(self.sql_type.rstrip(")").rpartition(",")[2])

    @property
    def is_nested(self) -> bool:
        """Say whether one value holds several."""
        return self.sql_type.endswith("]") or self.sql_type.startswith(_NESTED)

    @property
    def is_zoned(self) -> bool:
        """Say whether its moments are on the clock of the whole world."""
        return self.sql_type == "TIMESTAMP WITH TIME ZONE"

    @property
    def zone(self) -> str:
        """Return the time zone its moments are shown in."""
        found = _ZONE.search(self.column.dtype)
        return found[1] if found else "UTC"

    @property
    def per_second(self) -> int:
        """Return how many units of a length of time make a second."""
        return self.column.per_second

    @property
    def text(self) -> str:
        """Return the SQL of a text."""
        return self.sql if self.sql_type == "VARCHAR" else f"{self.sql}::VARCHAR"


def shown(reading: Reading, letters: int = LETTERS_SHOWN) -> str:
    """Return the SQL of what a page shows; a text one letter over ``letters`` was cut."""
    sql, kind = reading.sql, reading.sql_type
    if reading.is_nested:
        return f"left(to_json({sql})::VARCHAR, {letters + 1})"
    if reading.is_integer or reading.is_decimal or kind in ("DOUBLE", "BOOLEAN", '"NULL"'):
        return sql
    if kind in _INTEGERS:  # a length of time, in its own units
        return sql
    if kind == "FLOAT":
        return f"{sql}::VARCHAR"  # the shortest digits that mean it; as a double it has a tail
    if kind == "INTERVAL":
        return f"epoch({sql})"
    if kind == "BLOB":
        return f"octet_length({sql})"
    return _as_text(reading, letters)


def _as_text(reading: Reading, letters: int) -> str:
    if reading.is_zoned:
        return f"timezone({literal(reading.zone)}, {reading.sql})::VARCHAR"
    if reading.sql_type.startswith(_MOMENTS):
        return f"{reading.sql}::VARCHAR"
    return f"left({reading.text}, {letters + 1})"


def order(reading: Reading, *, descending: bool) -> str:
    """Return the SQL of an order in which what has no place, null and NaN, comes last."""
    sql = f"nullif({reading.sql}, 'nan')" if reading.is_float else reading.sql
    return f"{sql} {'DESC' if descending else 'ASC'} NULLS LAST"


def literal(text: str) -> str:
    """Return a text as SQL has it, where nothing can be bound."""
    return "'" + text.replace("'", "''") + "'"


def identifier(name: str) -> str:
    """Return a name as SQL has it."""
    return '"' + name.replace('"', '""') + '"'


def listed(readings: Sequence[Reading]) -> str:
    """Return the SQL names of some columns."""
    return ", ".join(reading.sql for reading in readings)


def written(reading: Reading) -> str:
    """Return the SQL of a whole value as a line of CSV has it; no text there is a formula."""
    if reading.is_nested:
        return f"to_json({reading.sql})::VARCHAR"
    if reading.sql_type == "BLOB":
        return f"hex({reading.sql})"
    if reading.is_zoned:
        return f"timezone({literal(reading.zone)}, {reading.sql})::VARCHAR"
    if reading.column.type == DURATION and reading.sql_type != "INTERVAL":
        return f"{reading.sql}::DOUBLE / {reading.per_second}"
    if reading.sql_type != "VARCHAR":
        return reading.sql
    return (
        f"CASE WHEN regexp_matches({reading.sql}, '^[=+\\-@\\t\\r]') "
        f"AND TRY_CAST({reading.sql} AS DOUBLE) IS NULL "
        f"THEN '''' || {reading.sql} ELSE {reading.sql} END"
    )
