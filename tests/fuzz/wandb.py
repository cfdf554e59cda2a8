"""wandb's logs: any bytes, and any records with right checksums around them."""

from collections.abc import Iterator
from pathlib import Path

from tests.formats.wandb.encoding import encoded, end, run, steps, summary
from tests.fuzz.holding import KEY, OFTEN, hold, parts
from workbench.formats.wandb.reader import WandbReader

FILE = "run-abc.wandb"
_READER = WandbReader()
_MANY = 150
"""Records after which a log has more than one block."""


def throw(root: Path, data: bytes) -> None:
    """Read what ``data`` stands for: its first byte says how, the rest what."""
    kind, rest = (data[0], data[1:]) if data else (0, b"")
    folder = root / KEY
    folder.mkdir(exist_ok=True)
    records = [] if kind % 3 == 0 else list(parts(rest))
    times = _MANY // len(records) + 1 if records and kind % OFTEN == OFTEN - 1 else 1
    file = folder / FILE
    file.touch()
    hold(_READER, root, file, encoded(records * times) if records else rest, 1 + kind // 3 % 4)


def seeds() -> Iterator[bytes]:
    """Yield what to begin with."""
    records = [run(project="p", name="n"), *steps(2), summary({"loss": "0.5"}), end(0)]
    short = b"".join(bytes([len(one)]) + one for one in records if len(one) < 256)
    for kind in range(OFTEN):
        yield bytes([kind]) + (short if kind % 3 else encoded(records))
