"""Data files of every format as tables: what is in them, exactly, in bounded memory.

`open_table` opens a file, a folder or several files, `columnar` gives the same table as Parquet,
`cached_copy` keeps that copy, `of_frame` puts a frame in memory under the same contract. Formats
are known in this folder alone. What is read is never changed, never run and never guessed
silently: what was found out stands in ``Table.said``, and what cannot be read without doubt is
text, or a `FormatError` with the line. ``docs/formats/data-files.md`` says how every value is read.
"""

from workbench.datasets.reading.columnar import columnar
from workbench.datasets.reading.copies import cached_copy, copy_of, known_copy
from workbench.datasets.reading.frames import frame_columns, of_frame, type_of
from workbench.datasets.reading.options import OPTIONS, read_as
from workbench.datasets.reading.parquet import ColumnarTable
from workbench.datasets.reading.tables import open_table

__all__ = [
    "OPTIONS",
    "ColumnarTable",
    "cached_copy",
    "columnar",
    "copy_of",
    "frame_columns",
    "known_copy",
    "of_frame",
    "open_table",
    "read_as",
    "type_of",
]
