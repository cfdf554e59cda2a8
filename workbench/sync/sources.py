"""Where runs come from: a folder or file, who reads it, and by what it is called."""

from pathlib import Path
from typing import NamedTuple

from workbench.formats.contract import SourceReader
from workbench.formats.walking import HERE


class Source(NamedTuple):
    """A folder of runs and who reads it."""

    reader: SourceReader
    root: Path
    label: str
    """The root relative to what was opened; stored, so that a moved workspace still fits."""
    is_file: bool = False
    """The root is one file, a store with all its runs in it."""

    def folder_of(self, key: str) -> Path:
        """Return the folder in which a change of a run shows first."""
        return self.root.parent if self.is_file else self.root / key.partition("#")[0]

    def name_of(self, key: str) -> str:
        """Return what a run is called that says no name: its folder, its file, or what it is in."""
        if key != HERE:
            return key.rpartition("/")[2]
        return self.root.stem if self.is_file else self.root.name
