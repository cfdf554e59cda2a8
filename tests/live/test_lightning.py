"""Lightning itself trains and logs; what is seen meanwhile is what it has written."""

import csv
import math
from pathlib import Path
from subprocess import Popen

from tests.formats.following import agrees
from tests.live.libraries import started
from workbench.catalogue.cards import cards
from workbench.catalogue.finding import every
from workbench.formats.contract import Curves, Points
from workbench.formats.detect import reader_named
from workbench.operations.session import Session, open_session

SCRIPT = """
import json, os, sys, warnings
warnings.filterwarnings("ignore")
import torch
from lightning.pytorch import Callback, LightningModule, Trainer
from lightning.pytorch.loggers import CSVLogger


class Model(LightningModule):
    def __init__(self, lr, cfg):
        super().__init__()
        self.save_hyperparameters()
        self.layer = torch.nn.Linear(4, 1)

    def training_step(self, batch, index):
        loss = self.layer(batch).square().mean()
        self.log("train_loss", loss, on_step=True, on_epoch=True)
        if self.current_epoch >= 2:
            self.log("a_late_one", float("nan") if index else 0.25, on_step=True)
        return loss

    def configure_optimizers(self):
        return torch.optim.SGD(self.parameters(), self.hparams.lr)


class Pause(Callback):
    def on_train_epoch_end(self, trainer, module):
        trainer.logger.save()
        print("epoch", trainer.current_epoch, flush=True)
        sys.stdin.readline()


torch.manual_seed(0)
data = torch.utils.data.DataLoader(torch.randn(12, 4), batch_size=4)
trainer = Trainer(
    max_epochs=4, accelerator="cpu", devices=1, enable_progress_bar=False,
    enable_model_summary=False, enable_checkpointing=False, log_every_n_steps=1,
    logger=CSVLogger("logs", name="digits", flush_logs_every_n_steps=1), callbacks=[Pause()],
)
trainer.fit(Model(lr=0.05, cfg={"depth": 3, "tags": ["a", "b"]}), data)
print("done", flush=True)
"""


def says(process: Popen[str], word: str) -> None:
    """Wait until the script says ``word``."""
    assert process.stdout is not None
    said = []
    for line in process.stdout:
        said.append(line)
        if line.startswith(word):
            return
    raise AssertionError("".join(said))


def rows(path: Path) -> dict[str, list[tuple[int, str]]]:
    """Return what stands in the table as the standard library reads it."""
    found: dict[str, list[tuple[int, str]]] = {}
    with path.open(newline="") as file:
        for row in csv.DictReader(file):
            for name, cell in row.items():
                if cell != "" and name not in ("step", "epoch"):
                    found.setdefault(name, []).append((int(row["step"]), repr(float(cell))))
    return found


def indexed(session: Session) -> dict[str, list[tuple[int, str]]]:
    """Look, and return the curves of the one run as the screens get them."""
    session.sweeper().set_sources(session.sources())
    session.sweep()
    (card,) = cards(session.catalogue, every(session.catalogue))
    found = {}
    for name in card.metrics:
        series = session.curves().series(card.run, name)
        found[name] = [
            (int(step), repr(float(value)))
            for step, value in zip(series.steps, series.values, strict=True)
        ]
    return found


def test_a_training_is_followed_while_its_header_changes(tmp_path: Path) -> None:
    """After each epoch the screen's figures are the file's, also when a metric came late."""
    key, reader = "logs/digits/version_0", reader_named("folders")
    with open_session(tmp_path) as session, started("lightning", SCRIPT, tmp_path) as process:
        assert process.stdin is not None
        memory, notes, place = None, b"", None
        given: dict[str, Points] = {}
        restarts = 0
        for epoch in range(4):
            says(process, f"epoch {epoch}")
            survey = reader.survey(tmp_path, memory)
            memory = survey.memory
            assert (set(survey.refs), survey.faults) == ({key}, ())
            now = (tmp_path / key / "metrics.csv").stat().st_mtime
            reading = reader.read(tmp_path, key, notes, now)
            curves = reader.points(tmp_path, key, None, place)
            notes, place = reading.progress, curves.progress
            restarts += curves.restarted
            given = {} if curves.restarted else given
            for name, points in curves.points.items():
                known = given.setdefault(name, Points([], [], []))
                for column, more in zip(known, points, strict=True):
                    column.extend(more)
            card = reading.card
            assert (card.status, card.inferred, card.faults) == ("RUNNING", True, ())
            assert (card.name, card.experiment, card.format) == (
                "version_0", "digits", "lightning",
            )  # fmt: skip
            assert card.params == {"lr": 0.05, "cfg.depth": 3, "cfg.tags": ["a", "b"]}
            assert agrees(card, Curves(given, None))
            assert {
                name: [(int(s), repr(v)) for s, v in zip(p.steps, p.values, strict=True)]
                for name, p in given.items()
            } == rows(tmp_path / key / "metrics.csv")
            assert indexed(session) == rows(tmp_path / key / "metrics.csv")
            process.stdin.write("\n")
            process.stdin.flush()
        says(process, "done")
        assert process.wait(60) == 0
    assert restarts >= 1
    last = reader.read(tmp_path, key, notes, now + 3600).card
    assert last.metrics["train_loss_step"].count == 12
    assert last.metrics["a_late_one"].nans == 4
    assert math.isnan(last.metrics["a_late_one"].last)
    assert (last.status, last.facts["epoch"]) == ("UNKNOWN", 3)
    assert sorted(p.name for p in (tmp_path / key).iterdir()) == ["hparams.yaml", "metrics.csv"]
