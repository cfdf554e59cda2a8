"""Event files: any bytes, and any records with right checksums around them."""

from collections.abc import Iterator
from pathlib import Path
from unittest.mock import patch

from tests.formats.tensorboard.encoding import (
    event,
    frame,
    hparams,
    points,
    scalar,
    session_end,
    text,
    version,
)
from tests.fuzz.holding import KEY, OFTEN, hold, parts
from workbench.formats.tensorboard import following
from workbench.formats.tensorboard.reader import TensorboardReader

FILE = "events.out.tfevents.1700000000.trainbox.77.0"
_READER = TensorboardReader()
_MANY = 100
"""Records from which on they are read all at once here; elsewhere it takes more."""


def throw(root: Path, data: bytes) -> None:
    """Read what ``data`` stands for: its first byte says how, the rest what."""
    kind, rest = (data[0], data[1:]) if data else (0, b"")
    folder = root / KEY
    folder.mkdir(exist_ok=True)
    records = [] if kind % 3 == 0 else [frame(one) for one in parts(rest)]
    times = _MANY // len(records) + 1 if records and kind % OFTEN == OFTEN - 1 else 1
    file = folder / FILE
    file.touch()
    begun = frame(version(1e9)) + b"".join(records * times)
    with patch.object(following, "MANY", _MANY):
        hold(_READER, root, file, begun if records else rest, 1 + kind // 3 % 4)


def seeds() -> Iterator[bytes]:
    """Yield what to begin with."""
    records = [
        *points("loss", [1.0, 2.0]),
        event(1e9, 3, scalar("a", 1.0), text("note", "x")),
        event(1e9, 0, *hparams({"lr": 0.1, "net": "cnn"}), session_end(1)),
    ]
    short = b"".join(bytes([len(one)]) + one for one in records if len(one) < 256)
    for kind in range(OFTEN):
        yield bytes([kind]) + (short if kind % 3 else b"".join(map(frame, records)))
