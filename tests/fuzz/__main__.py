"""Look for bytes that a reader does not bear: ``python -m tests.fuzz tensorboard``.

Needs atheris, in an environment of its own beside msgspec, numpy and PyYAML; it is not
among what the tests need, because it has no wheels for every system. Ends with 0 when nothing was
found; else the bytes are kept in the corpus' folder, and its name is told.
"""

import argparse
import sys
import tempfile
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path

_SUBJECTS = ("tensorboard", "wandb")
_LONGEST = 1024
ABSENT = "atheris is not installed here: pip install atheris msgspec numpy PyYAML, and try again."


def main(words: Sequence[str]) -> int:
    """Fuzz a reader for a while."""
    asked = _parser().parse_args(words)
    try:
        import atheris
    except ImportError:
        print(ABSENT, file=sys.stderr)
        return 2
    with atheris.instrument_imports(include=["workbench.formats"]):
        subject = import_module(f"tests.fuzz.{asked.subject}")
    corpus = asked.corpus or Path(tempfile.mkdtemp(prefix=f"fuzz-{asked.subject}-"))
    corpus.mkdir(parents=True, exist_ok=True)
    for number, seed in enumerate(subject.seeds()):
        (corpus / f"seed-{number}").write_bytes(seed)
    print(f"corpus: {corpus}", file=sys.stderr)
    root = Path(tempfile.mkdtemp(prefix="fuzzed-"))
    options = [f"-max_total_time={asked.seconds}", f"-max_len={_LONGEST}"]
    found = [f"-artifact_prefix={corpus}/found-", "-timeout=10", "-print_final_stats=1"]
    atheris.Setup(
        ["tests.fuzz", str(corpus), *options, *found], lambda data: subject.throw(root, data)
    )
    atheris.Fuzz()  # does not come back: it ends the process
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("subject", choices=_SUBJECTS)
    parser.add_argument("--seconds", type=int, default=120)
    parser.add_argument("--corpus", type=Path, help="keep what was learnt there for next time")
    return parser


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
