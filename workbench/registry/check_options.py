"""What each kind of check may be told in ``workbench.toml``, and how that is said in words."""

import math
from collections.abc import Callable, Mapping
from difflib import get_close_matches
from typing import Any, Final, NamedTuple, TypeAlias

from workbench.registry.checks import CheckKind

Complaint: TypeAlias = str
"""What is wrong with a value, as the end of a sentence; empty if nothing is."""
RUNGS: Final = ("data", "data with extra types", "code")
METRICS: Final = (
    "accuracy", "balanced_accuracy", "f1", "log_loss", "brier", "roc_auc", "average_precision",
    "rmse", "mae", "r2",
)  # fmt: skip
"""What predictions can be compared by; `workbench.datasets.scoring` reckons them."""
_MOST_APPROVALS: Final = 100
_LONGEST: Final = 4_000


class Option(NamedTuple):
    """One option of a kind of check."""

    complaint: Callable[[Any], Complaint]
    default: Any = None
    required: bool = False


def _text(said: Any) -> Complaint:
    good = isinstance(said, str) and said.strip() and len(said) <= _LONGEST
    return "" if good else f"must be a text of 1 to {_LONGEST:,} letters"


def _rung(said: Any) -> Complaint:
    return "" if said in RUNGS else "must be " + " or ".join(f'"{rung}"' for rung in RUNGS)


def _metric(said: Any) -> Complaint:
    if said in METRICS:
        return ""
    near = get_close_matches(str(said)[:_LONGEST].casefold(), METRICS)
    return f"names no metric; write {' or '.join(near or METRICS)}"


def _people(said: Any) -> Complaint:
    good = isinstance(said, list) and said and not any(map(_text, said))
    return "" if good else 'must be a list of names, such as ["ana", "ben"]'


def _columns(said: Any) -> Complaint:
    good = isinstance(said, list) and not any(map(_text, said))
    return "" if good else 'must be a list of columns, such as ["region"]'


def _count(said: Any) -> Complaint:
    good = isinstance(said, int) and not isinstance(said, bool) and 1 <= said <= _MOST_APPROVALS
    return "" if good else f"must be a whole number from 1 to {_MOST_APPROVALS}"


def _margin(said: Any) -> Complaint:
    number = isinstance(said, int | float) and not isinstance(said, bool)
    good = number and math.isfinite(said) and said >= 0
    return "" if good else "must be a number from 0 up"


OPTIONS: Final[Mapping[CheckKind, Mapping[str, Option]]] = {
    "rule": {"rule": Option(_text, required=True)},
    "format": {"at_most": Option(_rung, required=True)},
    "files-intact": {},
    "reproducible": {},
    "manual": {"item": Option(_text, required=True), "by": Option(_people, required=True)},
    "approval": {"count": Option(_count, 1), "from": Option(_people)},
    "prediction": {
        "dataset": Option(_text, required=True),
        "metric": Option(_metric, required=True),
        "margin": Option(_margin, 0.0),
        "segments": Option(_columns, ()),
        "positive": Option(_text, ""),
    },
}


def words(kind: CheckKind, options: Mapping[str, Any]) -> str:
    """Return what a check asks, as it is shown and stored."""
    match kind:
        case "rule":
            return str(options["rule"]).strip()
        case "format":
            return f"format at most {options['at_most']}"
        case "files-intact":
            return "files as they were registered"
        case "reproducible":
            return "git, data and environment pinned"
        case "manual":
            return f"{options['item']} (ticked by {' or '.join(options['by'])})"
        case "approval":
            return _approval(options)
        case "prediction":
            return _prediction(options)


def _approval(options: Mapping[str, Any]) -> str:
    count = options["count"]
    what = "1 approval" if count == 1 else f"{count} approvals"
    people = options.get("from")
    return f"{what} from {', '.join(people)}" if people else f"{what} by others"


def _prediction(options: Mapping[str, Any]) -> str:
    margin = options["margin"]
    slack = f" by more than {margin:g}" if margin else ""
    by = f", by {', '.join(options['segments'])}" if options["segments"] else ""
    counted = f" of class {options['positive']}" if options["positive"] else ""
    metric = f"{options['metric']}{counted} on {options['dataset']}"
    return f"{metric} not worse than the champion's{slack}{by}"
