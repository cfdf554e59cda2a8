"""Which runs are the same but for the seed, and which way a metric is good."""

import json
import re
from collections.abc import Iterable, Mapping
from hashlib import blake2b
from typing import Any, NamedTuple

from workbench.runfolder import REPRODUCES

_LOWER = re.compile(
    r"(^|[^a-z])(loss|error|err|rmse|mse|mae|mape|perplexity|ppl|nll|brier|wer|cer|fid)s?($|[^a-z])"
)
_HIGHER = re.compile(
    r"(^|[^a-z])(acc|accuracy|auc|auroc|roc_auc|f1|precision|recall|r2|map|ndcg|dice|iou|bleu|rouge|score)s?($|[^a-z])"
)  # fmt: skip


class Code(NamedTuple):
    """What is known of the code a run ran; unknown is equal to unknown."""

    commit: str | None = None
    dirty: bool | None = None
    changes: str | int | None = None
    """A hash of the uncommitted changes; of older runs their size."""
    repeats: str | None = None
    """The run this one is a repetition of: no further observation of its recipe."""


def code_of(
    commit: str | None, facts: Mapping[str, Any], tags: Mapping[str, str], *, dirty: bool | None
) -> Code:
    """Return what a run's facts and tags say of its code."""
    changes = facts.get("diff_hash") or facts.get("diff_bytes")
    known = changes if dirty and isinstance(changes, str | int) else None
    return Code(commit, dirty, known, tags.get(REPRODUCES))


def recipe(
    experiment: str,
    params: Mapping[str, Any],
    seeds: Iterable[str],
    run_id: str,
    code: Code = Code(),  # noqa: B008 - frozen
) -> str:
    """Return a mark that is equal for runs that are equal in all but the seed.

    Runs of other code are other recipes: a change that was never committed is often the very
    thing somebody tries. A run without any other param is like no other: its id is its mark.
    """
    ignored = frozenset(seeds)
    rest = {
        name: value
        for name, value in params.items()
        if name not in ignored and name.rpartition(".")[2] not in ignored
    }
    if not rest:
        return run_id
    text = json.dumps([experiment, rest, code], sort_keys=True, default=str)
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=12).hexdigest()


def guessed_goal(metric: str) -> str | None:
    """Return the direction a metric's name suggests, or None; to be labelled as a guess."""
    name = metric.casefold()
    if name.startswith("system/"):
        return None
    if _LOWER.search(name):
        return "min"
    return "max" if _HIGHER.search(name) else None
