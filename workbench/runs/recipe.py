"""Which runs are the same but for the seed, and which way a metric is good."""

import json
import re
from collections.abc import Iterable, Mapping
from hashlib import blake2b
from typing import Any

_LOWER = re.compile(
    r"(^|[^a-z])(loss|error|err|rmse|mse|mae|mape|perplexity|ppl|nll|brier|wer|cer|fid)s?($|[^a-z])"
)
_HIGHER = re.compile(
    r"(^|[^a-z])(acc|accuracy|auc|auroc|roc_auc|f1|precision|recall|r2|map|ndcg|dice|iou|bleu|rouge|score)s?($|[^a-z])"
)  # fmt: skip


def recipe(experiment: str, params: Mapping[str, Any], seeds: Iterable[str], run_id: str) -> str:
    """Return a mark that is equal for runs that are equal in all but the seed.

    A run without any other param is like no other: its id is its mark.
    """
    ignored = frozenset(seeds)
    rest = {
        name: value
        for name, value in params.items()
        if name not in ignored and name.rpartition(".")[2] not in ignored
    }
    if not rest:
        return run_id
    text = json.dumps([experiment, rest], sort_keys=True, default=str)
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=12).hexdigest()


def guessed_goal(metric: str) -> str | None:
    """Return the direction a metric's name suggests, or None; to be labelled as a guess."""
    name = metric.casefold()
    if name.startswith("system/"):
        return None
    if _LOWER.search(name):
        return "min"
    return "max" if _HIGHER.search(name) else None
