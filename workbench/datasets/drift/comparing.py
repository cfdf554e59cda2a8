"""One column of one part beside its reference: everything that is found before any verdict.

A column that cannot be compared is recorded as an error with its reason; the others go on.
"""

from dataclasses import replace

from workbench.datasets.drift import absent, categories, kinds, moments, numbers
from workbench.datasets.drift.aspects import Asked, Compared, Found
from workbench.datasets.drift.findings import of_column
from workbench.datasets.drift.report import ERROR, FEATURE, SEVERE
from workbench.datasets.profile import MOMENT, NESTED, NUMBER, WORDS, Column
from workbench.datasets.profiling.hiding import hidden
from workbench.datasets.table import TIME
from workbench.words import visible


def compared(
    a: Column, b: Column, asked: Asked, *, part: str = FEATURE, said: str = ""
) -> Compared:
    """Return what is found of a column; whatever goes wrong with it is found too.

    Args:
        a: The reference's.
        b: The current one.
        asked: Thresholds and measures.
        part: What the column is to the model.
        said: The role a person gave it.
    """
    fault = b.fault or a.fault
    if fault:
        return _failed(a, b, part, f"it could not be summarised: {fault}")
    try:
        if a.sensitive or b.sensitive:
            a, b = hidden(a), hidden(b)
        return _compared(a, b, asked, part, said)
    except Exception as error:  # noqa: BLE001 - one column must not stop the others
        return _failed(a, b, part, f"{type(error).__name__}: {error}")


def _failed(a: Column, b: Column, part: str, reason: str) -> Compared:
    return Compared(
        a.name, a.role, part, reference_rows=a.n, current_rows=b.n, verdict=ERROR,
        reason=visible(reason)[:500],
    )  # fmt: skip


def _compared(a: Column, b: Column, asked: Asked, part: str, said: str) -> Compared:
    kind = kinds.kind_of(a, b, said)
    found = Found() if kind.apart else _values(a, b, kind.role, asked, requested=said == MOMENT)
    shares = absent.aspects(a, b, asked, empties=kind.role in (WORDS, NESTED))
    findings = (*kind.findings, *absent.findings(a, b, asked), *found.findings)
    if not kind.apart:
        findings += of_column(a, b, kind.role, asked)
    return Compared(
        a.name, kind.role, part,
        replace(found, aspects=(*found.aspects, *shares), findings=findings),
        a.n, b.n, absent.share_missing(a), absent.share_missing(b),
        verdict=SEVERE if kind.apart else "",
        reason=kind.findings[0].words if kind.apart else "",
    )  # fmt: skip


def _values(a: Column, b: Column, role: str, asked: Asked, *, requested: bool) -> Found:
    """Return what the values of two columns show; nothing where one of them has none."""
    if not a.n or not b.n:
        return Found()
    if role == NUMBER:
        return numbers.compared(a, b, asked)
    if role in kinds.TESTED_AS_CATEGORIES:
        return categories.compared(a, b, role, asked)
    if role == MOMENT and (requested or a.type == TIME):
        return moments.compared(a, b, asked)
    return Found(words=moments.UNASKED if role == MOMENT else "")
