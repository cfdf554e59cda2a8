"""Two people at one workspace with a registered model; builders with defaults."""

from collections.abc import Mapping
from pathlib import Path
from socket import gethostname
from typing import Any

from tests.building import write_workspace
from workbench.clock import FixedClock
from workbench.ids import new_id
from workbench.operations.edits import actor
from workbench.operations.registry.card import Card, Done
from workbench.operations.registry.gate import gate
from workbench.operations.registry.opening_journal import journal, state
from workbench.operations.registry.promote import promote
from workbench.operations.registry.rollback import card as rollback_card
from workbench.operations.registry.rollback import roll_back
from workbench.operations.session import Session, open_session
from workbench.registry import manifest
from workbench.registry.committing import commit
from workbench.registry.event import REGISTERED, Draft, Event
from workbench.registry.folding import next_version
from workbench.registry.state import State

MODEL = "churn"
SIGNATURE = {
    "inputs": [{"name": "age", "dtype": "int64", "nullable": False}],
    "output": {"kind": "binary"},
}


class People:
    """Ana registers and promotes, ben looks on from a session of his own, cem from a third."""

    def __init__(self, root: Path) -> None:
        self.root = write_workspace(root)
        self.clock = FixedClock()
        self.ana, self.ben, self.cem = (self.session(name) for name in ("ana", "ben", "cem"))

    def session(self, name: str) -> Session:
        """Return one more session, of a person of this name."""
        session = open_session(self.root, clock=self.clock, in_memory=True)
        session.settings = session.settings._replace(user=name)
        session.state = self.root.parent / "state" / name
        return session

    def close(self) -> None:
        """Let go of everything."""
        for session in (self.ana, self.ben, self.cem):
            session.close()

    def settings(self, text: str) -> None:
        """Write the settings of the workspace."""
        (self.root / "workbench.toml").write_text(text, "utf-8")

    def register(self, who: Session | None = None, *, content: str = "", **details: Any) -> int:
        """Register a version nothing is to be said against, of other files; return its number."""
        who = who or self.ana
        self.clock.advance(1)
        source = self.root.parent / "made" / "model.onnx"
        source.parent.mkdir(exist_ok=True)
        source.write_text(content or f"weights {self.clock.now()}", "utf-8")
        whole = manifest.publish(manifest.stage(source, self.root), self.root, MODEL)
        identity = new_id(self.clock.now())

        def intend(now: State) -> Draft:
            return Draft(
                identity, REGISTERED, actor(who), gethostname(), self.clock.now(),
                version=next_version(now), details={**good(whole), **details},
            )  # fmt: skip

        event, _ = commit(journal(who, MODEL), identity, intend)
        assert event.version is not None
        return event.version

    def look(self, version: int, stage: str = "production", who: Session | None = None) -> Card:
        """Return the card of a promotion."""
        return gate(who or self.ana, MODEL, version, stage)

    def promote(
        self,
        version: int,
        stage: str = "production",
        reason: str = "It is better.",
        who: Session | None = None,
        overrides: Mapping[str, str] | None = None,
    ) -> Done:
        """Look and promote at once, a second later than whatever was before."""
        self.clock.advance(1)
        who = who or self.ana
        return promote(who, self.look(version, stage, who), reason, overrides or {})

    def roll_back(
        self, stage: str = "production", to: int | None = None, who: Session | None = None
    ) -> Done:
        """Look and roll back at once."""
        self.clock.advance(1)
        who = who or self.ana
        return roll_back(who, rollback_card(who, MODEL, stage, to), "It was worse.")

    def state(self) -> State:
        """Return what the journal says."""
        return state(self.ben, MODEL)

    def holder(self, stage: str = "production") -> int | None:
        """Return what holds a stage."""
        return self.state().stage(stage).holder

    def last(self) -> Event:
        """Return the newest event."""
        return self.state().events[-1]

    def damage(self, version: int) -> None:
        """Change a file of a version behind everybody's back."""
        files = manifest.folder_of(self.root, MODEL, self.state().versions[version].manifest)
        path = files / "model.onnx"
        path.chmod(0o644)
        path.write_text("something else", "utf-8")


def good(whole: manifest.Manifest) -> dict[str, Any]:
    """Return the details of a version nothing is to be said against."""
    return {
        "manifest": whole.hash, "size": whole.size, "files": len(whole.files), "rung": "data",
        "format": "skops", "types": [], "why_format": "", "run": None, "params": {"depth": 3},
        "metrics": {"val/auc": {"last": 0.9, "min": 0.5, "max": 0.9, "count": 3}},
        "datasets": [{"name": "census", "hash": "ab" * 32, "role": "training", "rows": 100}],
        "signature": SIGNATURE, "signature_hash": "cd" * 32, "example": None,
        "environment": {"python": "3.11.7", "platform": "linux", "packages": {"numpy": "2.2"}},
        "git": {"commit": "9f3c" * 10, "branch": "main", "dirty": False},
        "description": "", "tags": {}, "goals": {"val/auc": "max"}, "origin": None,
    }  # fmt: skip
