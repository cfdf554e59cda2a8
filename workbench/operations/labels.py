"""What runs are called in legends, titles and headings: by what tells them apart."""

from collections.abc import Sequence

from workbench.catalogue.varying import varying
from workbench.operations.session import Session
from workbench.runs.labels import labels as built


def labels(session: Session, runs: Sequence[int]) -> dict[int, str]:
    """Return a label for each run that is still there, such as ``lr=0.01``.

    The order of the runs counts: where two are alike, the first is number 1.
    """
    there = varying(session.catalogue, runs)
    known = [run for run in dict.fromkeys(runs) if run in there]
    texts = built([there[run].params for run in known], [there[run].name for run in known])
    return dict(zip(known, texts, strict=True))
