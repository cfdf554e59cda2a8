"""What a dataset version is: which files with which bytes, read how, found by whom and when.

``datasets/<name>/<n>/manifest.json``: written once, never changed. What people say of the dataset
afterwards stands in edits and settings, not here.
"""

import msgspec

from workbench.datasets.fields import Fields

FORMAT = 1
FOLDER = "datasets"
MANIFEST, PROFILE, COPIES = "manifest.json", "profile.json.gz", "files"


class File(msgspec.Struct, frozen=True, omit_defaults=True):
    """One file of a version."""

    path: str
    """Relative to the workspace where it is below it, ``<root>:path`` below a named root of
    ``[roots]``, else absolute; always with forward slashes."""
    size: int
    sha256: str
    """Hex digits."""
    md5: str = ""
    """Where a ``.dvc`` file was found to name it."""
    mtime_ns: int = 0
    """When it was last written by then; 0 where nobody noted it."""


class SchemaColumn(msgspec.Struct, frozen=True):
    """A column's name and type."""

    name: str
    type: str
    dtype: str


class Manifest(msgspec.Struct, frozen=True, omit_defaults=True):
    """Everything that is fixed about one version."""

    dataset: str
    version: int
    hash: str
    """``sha256:…``; what a script records of the same file, folder or table."""
    files: tuple[File, ...]
    """In order of path; empty for a table that was only in a script's memory."""
    time: float
    """When it was registered, seconds since 1970."""
    actor: str
    host: str
    how: str
    """``added``, ``followed`` or ``logged``."""
    format: int = FORMAT
    id: str = ""
    """Made before the first try; tells one's own from somebody else's."""
    path: str = ""
    """The file, folder or pattern that was registered, written like `File.path`."""
    base: str = ""
    """The folder that the names of its files are relative to, written like `File.path`; empty for
    a table in memory and where each path is a name."""
    folder: bool = False
    """Whether `path` is a folder: its hash is that of names and bytes."""
    copied: bool = False
    """The files stand in the version's own folder `COPIES`."""
    size: int = 0
    reader: str = ""
    """The format's word, as in `workbench.datasets.table.Table.format`."""
    read_as: dict[str, str] = msgspec.field(default_factory=dict)
    """How it was read: separator, encoding, decimal, sheet, table; said or found out."""
    columns: tuple[SchemaColumn, ...] = ()
    rows: int | None = None
    run: str = ""
    """Id of the run that logged it."""
    dvc: str = ""
    """md5 by which DVC knows the whole."""
    fields: Fields = Fields()
    """What was said when it was registered."""
    unread: str = ""
    """Why it has no columns, rows and profile: a set of files, or not readable as a table."""
