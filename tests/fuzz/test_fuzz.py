"""The harness itself: its seeds hold, it notices a broken promise, and it says what it lacks."""

import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

from tests.fuzz import tensorboard, wandb
from tests.fuzz.__main__ import ABSENT
from tests.fuzz.holding import BrokenPromiseError
from workbench.formats.contract import Curves
from workbench.formats.tensorboard.reader import TensorboardReader

CHECKOUT = Path(__file__).parents[2]


@pytest.mark.parametrize("subject", [tensorboard, wandb])
def test_the_seeds_hold(tmp_path: Path, subject: ModuleType) -> None:
    """What the fuzzer begins with is read in every way it can be asked for."""
    for seed in subject.seeds():
        subject.throw(tmp_path, seed)
    subject.throw(tmp_path, b"")


def test_a_broken_promise_is_noticed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A reader that keeps points to itself does not get through."""

    def silent(*_: object) -> Curves:
        return Curves({}, None)

    monkeypatch.setattr(TensorboardReader, "points", silent)
    _, seed, *_ = tensorboard.seeds()
    with pytest.raises(BrokenPromiseError):
        tensorboard.throw(tmp_path, seed)


def test_without_the_fuzzer_a_sentence_says_so() -> None:
    """Whoever starts it without atheris is told what to install."""
    hidden = "import sys; sys.modules['atheris'] = None; from tests.fuzz.__main__ import main; "
    done = subprocess.run(
        [sys.executable, "-c", f"{hidden}sys.exit(main(['wandb']))"],
        cwd=CHECKOUT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stderr.strip()) == (2, ABSENT)
