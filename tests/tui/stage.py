"""A real workspace, made with the logging client, and a small program to show one screen of it."""

import json
import math
import struct
import zlib
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any, ClassVar

from textual.app import App
from textual.binding import BindingType
from textual.screen import Screen

import workbench
from workbench.catalogue.cards import RunRecord, cards
from workbench.catalogue.finding import every
from workbench.operations.session import Session, open_session
from workbench.tui.keyed import Keyed, bindings
from workbench.tui.messages import CatalogueChanged, Learned
from workbench.tui.themes import APP_CSS, THEMES

ODD_NAME = "odd [bold]name[/] 図"
ODD_VALUE = "a\x1b[2Jb [red]c"
QUIET: dict[str, Any] = {"capture": False, "system_metrics": False}


def png(width: int, height: int, *, color: int = 2) -> bytes:
    """Return a small PNG: red rows above, blue ones below, each row with another filter."""
    pixel = {2: (b"\xff\x00\x00", b"\x00\x00\xff"), 0: (b"\xff", b"\x00")}[color]
    rows = b"".join(b"\0" + pixel[2 * y >= height] * width for y in range(height))
    header = struct.pack(">IIBBBBB", width, height, 8, color, 0, 0, 0)
    parts = [(b"IHDR", header), (b"IDAT", zlib.compress(rows)), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
        for kind, body in parts
    )


def write_files(folder: Path) -> list[Path]:
    """Write one file of every kind a run leaves behind."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "confusion.png").write_bytes(png(32, 16))
    (folder / "report.csv").write_text("class,recall\n0,0.91\n1,0.88\n", "utf-8")
    (folder / "settings.json").write_text(json.dumps({"deep": {"er": [1, 2]}}), "utf-8")
    (folder / "model.pkl").write_bytes(b"cos\nsystem\n(S'exit 1'\ntR.")
    (folder / "[bold]odd.txt").write_text("plain \x1b[31mred [red]text\n", "utf-8")
    return sorted(folder.iterdir())


def make_runs(path: Path) -> Path:
    """Make a workspace: a parent, two children and a crash."""
    files = write_files(path / "made")
    with workbench.start_run("digits", "search", workspace=path, **QUIET):
        for seed in (0, 1):
            with workbench.start_run(
                "digits",
                f"mlp {seed}",
                params={
                    "lr": 0.1,
                    "seed": seed,
                    "model": {"depth": 4, "optim": {"name": "adam"}},
                    "[red]odd": ODD_VALUE,
                },
                tags={"team": "risk"},
                note="first try",
                nested=True,
                console=True,
                workspace=path,
                **QUIET,
            ) as run:
                run.define_metric("val/auc", goal="max")
                for step in range(30):
                    loss = math.nan if step == 3 else math.exp(-step / 9)
                    run.log({"train/loss": loss, "val/auc": 0.9 - loss / 3}, step=step)
                print(f"\rhalf\rdone \x1b[32mseed {seed}\x1b[0m")
                for file in files:
                    run.log_artifact(str(file))
    with (
        suppress(ValueError),
        workbench.start_run("digits", ODD_NAME, params={"lr": 0.1}, workspace=path, **QUIET),
    ):
        raise ValueError("cannot [bold]fit")
    return path


def opened(path: Path) -> Session:
    """Open a workspace and read all there is."""
    session = open_session(path, in_memory=True)
    session.sweep()
    return session


def record(session: Session, name: str) -> RunRecord:
    """Return the run of a name."""
    return next(
        each for each in cards(session.catalogue, every(session.catalogue)) if each.name == name
    )


class Stage(Keyed, App[None]):
    """Show one screen over a session; look at the folder whenever something was written."""

    CSS = APP_CSS
    BINDINGS: ClassVar[list[BindingType]] = [*bindings("everywhere")]

    def __init__(self, session: Session, make: Callable[[], Screen[Any]]) -> None:
        super().__init__()
        self.session = session
        self.make = make
        self.answer: Any = "nothing yet"
        self.drafts: dict[Any, Any] = {}
        for theme in THEMES:
            self.register_theme(theme)
        self.theme = "workbench"

    def on_mount(self) -> None:
        """Show the screen."""
        self.push_screen(self.make(), self.keep)

    def keep(self, answer: Any) -> None:
        """Keep what a dialog answered."""
        self.answer = answer

    def watch_again(self) -> None:
        """Sweep, and tell the screens, as the watcher would."""
        changes = self.session.sweep()
        for screen in self.screen_stack:
            if hasattr(screen, "on_catalogue_changed"):
                screen.post_message(CatalogueChanged(changes))

    def on_learned(self, event: Learned) -> None:
        """Go on with what was written, as the whole program does."""
        event.then(event.found)

    def press_quit(self) -> None:
        """Leave."""
        self.exit()
