"""Whoever stands in a workspace: a session, or a consumer that opens no catalogue."""

from pathlib import Path
from typing import NamedTuple, Protocol


class Rooted(Protocol):
    """What reading a journal needs of a session."""

    @property
    def root(self) -> Path:
        """Return the workspace's folder."""


class Here(NamedTuple):
    """A workspace, and nothing opened in it."""

    root: Path
