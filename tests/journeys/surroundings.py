"""What a child process of a journey gets: its own folders, no network, nothing of this machine."""

import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

CHECKOUT = Path(__file__).parents[2]
OFFLINE = Path(__file__).parent / "offline"
_KEPT = ("PATH", "HOME", "USER", "LOGNAME", "SYSTEMROOT", "TEMP", "TMP", "TMPDIR", "USERPROFILE")


class Surroundings(NamedTuple):
    """One person at one machine."""

    places: Path
    """Their cache, state and spool."""
    notes: Path
    """Where attempts to reach the network are noted."""
    user: str = "ana"

    def environment(self, **more: str) -> dict[str, str]:
        """Return the variables of a child process, and no others."""
        kept = {name: os.environ[name] for name in _KEPT if name in os.environ}
        return kept | {
            "WORKBENCH_CACHE": str(self.places / "cache"),
            "WORKBENCH_STATE": str(self.places / "state"),
            "WORKBENCH_SPOOL": str(self.places / "spool"),
            "PYTHONPATH": os.pathsep.join((str(OFFLINE), str(CHECKOUT))),
            "PYTHONDONTWRITEBYTECODE": "1",
            "OFFLINE_NOTES": str(self.notes),
            "TEXTUAL_ANIMATIONS": "none",
            "LC_ALL": "C.UTF-8",
            "TZ": "UTC",
            "USER": self.user,
            "LOGNAME": self.user,
            **more,
        }

    def run(
        self, *words: str | Path, cwd: Path | None = None, patience: float = 100
    ) -> subprocess.CompletedProcess[str]:
        """Run a `workbench` command to its end, without a terminal."""
        return subprocess.run(
            [*PROGRAM, *map(str, words)],
            env=self.environment(),
            cwd=cwd or self.places,
            input="",
            capture_output=True,
            text=True,
            encoding="utf-8",
            timeout=patience,
            check=False,
        )

    def script(
        self, path: Path, *words: str, workspace: Path | None = None, **more: str
    ) -> "subprocess.Popen[str]":
        """Start a training script in a process of its own."""
        variables: Mapping[str, str] = {"WORKBENCH_WORKSPACE": str(workspace)} if workspace else {}
        return subprocess.Popen(
            [sys.executable, str(path), *words],
            env=self.environment(**variables, **more),
            cwd=path.parent,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            encoding="utf-8",
        )


PROGRAM: Sequence[str] = (sys.executable, "-m", "workbench")
