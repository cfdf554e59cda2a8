"""A card as lines: what would change, what speaks for it and against it."""

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from workbench import words
from workbench.cli import output

if TYPE_CHECKING:
    from workbench.operations.registry.card import Card, Delta
    from workbench.registry.checks import Result

_MARKS = {"holds": "✓ holds", "fails": "✗ FAILS", "undecided": "? undecided",
          "not applicable": "· no champion yet"}  # fmt: skip
_MOST_DELTAS = 12


def card_lines(card: "Card") -> Iterator[str]:
    """Yield everything on a card."""
    yield output.strong(output.visible(_head(card)))
    yield from _holding(card)
    yield from _block("not possible", card.objections)
    yield from _checks(card.checks)
    yield from _deltas(card.deltas)
    yield from _block("columns", card.signature)
    yield from _block("data", card.data)
    yield from _block("rules since the last promotion", card.changed_rules)
    yield from _block("waiting for", [one.sentence for one in card.asks])
    yield from _block("to know", card.said)
    if card.deploys_to:
        yield from _block("deploys to", [card.deploys_to])


def _head(card: "Card") -> str:
    now = "empty" if card.was is None else f"{card.model}@{card.was}"
    then = "empty" if card.version is None else f"{card.model}@{card.version}"
    return f"{card.kind} {card.stage}: {now} → {then}"


def _holding(card: "Card") -> Iterator[str]:
    held = card.holding
    if held is None or held.version is None:
        return
    since = words.moment(held.since)
    because = f", because {held.event.reason}" if held.event.reason else ""
    yield output.visible(
        f"  {card.model}@{held.version} since {since}, by {held.event.actor}{because}"
    )


def _checks(results: "Sequence[Result]") -> Iterator[str]:
    if not results:
        return
    yield from ("", output.strong("checks"))
    headings = [output.Heading(one) for one in ("  outcome", "check", "observed", "required")]
    rows = [
        [f"  {_MARKS[one.outcome]}", one.check.name, one.observed, one.required or one.check.text]
        for one in results
    ]
    yield from output.aligned(output.Table(headings, rows))
    for one in results:
        if one.sentence:
            yield output.visible(f"  {one.check.name}: {one.sentence}")


def _deltas(deltas: "Sequence[Delta]") -> Iterator[str]:
    differing = [one for one in deltas if one.was != one.now]
    told = differing[:_MOST_DELTAS]
    if not told:
        return
    yield from ("", output.strong("metrics"))
    numbers = [output.Heading(title, "right") for title in ("was", "becomes", "by")]
    headings = [output.Heading("  metric"), *numbers, output.Heading("")]
    yield from output.aligned(output.Table(headings, [_delta(one) for one in told]))
    if len(told) < len(differing):
        yield f"  and {len(differing) - len(told)} more; all with --json -"


def _delta(one: "Delta") -> list[str]:
    change = None if one.was is None or one.now is None else one.now - one.was
    verdict = {True: "better", False: "worse", None: ""}[one.better]
    numbers = (words.number(one.was), words.number(one.now), words.delta(change))
    return [f"  {one.metric}", *numbers, verdict]


def _block(title: str, sentences: Iterable[str]) -> Iterator[str]:
    told = list(sentences)
    if told:
        yield from ("", output.strong(title))
        yield from (f"  {output.visible(one)}" for one in told)
