"""One column of one part beside its reference: everything that is found before any verdict.

A column that cannot be compared is recorded as an error with its reason; the others go on.
"""

from collections.abc import Sequence
from dataclasses import replace

from workbench.datasets.drift import absent, categories, kinds, moments, numbers
from workbench.datasets.drift.aspects import Asked, Compared, Found, Pair
from workbench.datasets.drift.findings import CONSTANT_CHANGED, of_column
from workbench.datasets.drift.kinds import Kind
from workbench.datasets.drift.report import ERROR, FEATURE, SEVERE
from workbench.datasets.profile import MOMENT, NESTED, NUMBER, WORDS, Column
from workbench.datasets.profiling.hiding import hidden
from workbench.datasets.table import TIME
from workbench.words import visible


def compared(
    pairs: Sequence[Pair], asked: Asked, *, part: str = FEATURE, said: str = ""
) -> list[Compared]:
    """Return what is found of a column in each part; whatever goes wrong with it is found too.

    Args:
        pairs: The column on both sides, by part.
        asked: Thresholds and measures.
        part: What the column is to the model.
        said: The role a person gave it.
    """
    try:
        return _compared(pairs, asked, part, said)
    except Exception as error:  # noqa: BLE001 - one column must not stop the others
        if len(pairs) == 1:
            return [_failed(pairs[0], part, f"{type(error).__name__}: {error}")]
    return [one for pair in pairs for one in compared([pair], asked, part=part, said=said)]


def _failed(pair: Pair, part: str, reason: str) -> Compared:
    a, b = pair.a, pair.b
    return Compared(
        a.name, a.role, part, reference_rows=a.n, current_rows=b.n, verdict=ERROR,
        reason=visible(reason)[:500],
    )  # fmt: skip


def _compared(pairs: Sequence[Pair], asked: Asked, part: str, said: str) -> list[Compared]:
    faults = [pair.b.fault or pair.a.fault for pair in pairs]
    sound = _hidden([pair for pair, fault in zip(pairs, faults, strict=True) if not fault])
    seen = [kinds.kind_of(pair.a, pair.b, said) for pair in sound]
    values = _values(sound, seen, asked, requested=said == MOMENT)
    judged = iter([
        _joined(pair, kind, found, asked, part)
        for pair, kind, found in zip(sound, seen, values, strict=True)
    ])  # fmt: skip
    return [
        _failed(pair, part, f"it could not be summarised: {fault}") if fault else next(judged)
        for pair, fault in zip(pairs, faults, strict=True)
    ]


def _hidden(pairs: Sequence[Pair]) -> list[Pair]:
    """Return pairs with what is sensitive on one side hidden on both; one reference stays one."""
    known = dict[int, Column]()

    def shown(pair: Pair) -> Pair:
        if not (pair.a.sensitive or pair.b.sensitive):
            return pair
        a = known.setdefault(id(pair.a), pair.a if pair.a.sensitive else hidden(pair.a))
        return pair._replace(a=a, b=hidden(pair.b))

    return [shown(pair) for pair in pairs]


def _values(
    pairs: Sequence[Pair], seen: Sequence[Kind], asked: Asked, *, requested: bool
) -> list[Found]:
    """Return what the values show in each part; nothing where they have nothing in common."""
    found = [Found()] * len(pairs)
    for role in {kind.role for kind in seen if not kind.apart}:
        which = [
            k for k, (pair, kind) in enumerate(zip(pairs, seen, strict=True))
            if kind.role == role and not kind.apart and pair.a.n and pair.b.n
        ]  # fmt: skip
        shown = _of_role(role, [pairs[k] for k in which], asked, requested=requested)
        for k, one in zip(which, shown, strict=True):
            found[k] = one
    return found


def _of_role(role: str, pairs: Sequence[Pair], asked: Asked, *, requested: bool) -> list[Found]:
    if role == NUMBER:
        return numbers.compared(pairs, asked)
    if role in kinds.TESTED_AS_CATEGORIES:
        return categories.compared(pairs, role, asked)
    return [
        moments.compared(pair.a, pair.b, asked)
        if role == MOMENT and (requested or pair.a.type == TIME)
        else Found(words=moments.UNASKED if role == MOMENT else "")
        for pair in pairs
    ]


def _joined(pair: Pair, kind: Kind, found: Found, asked: Asked, part: str) -> Compared:
    a, b = pair.a, pair.b
    shares = absent.aspects(a, b, asked, empties=kind.role in (WORDS, NESTED))
    findings = (*kind.findings, *absent.findings(a, b, asked), *found.findings)
    facts = () if kind.apart else of_column(a, b, kind.role, asked)
    instead = next((one.words for one in facts if one.kind == CONSTANT_CHANGED), "")
    return Compared(
        a.name, kind.role, part,
        replace(
            found, aspects=(*found.aspects, *shares), findings=(*findings, *facts), instead=instead
        ),
        a.n, b.n, absent.share_missing(a), absent.share_missing(b),
        verdict=SEVERE if kind.apart else "",
        reason=kind.findings[0].words if kind.apart else "",
    )  # fmt: skip
