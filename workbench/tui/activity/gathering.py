"""What the activity screen shows, fetched away from the UI thread."""

from collections.abc import Mapping
from typing import NamedTuple

from workbench.catalogue.cards import cards
from workbench.catalogue.places import numbers
from workbench.operations.activity import Activity, activity
from workbench.operations.drift.alerts import Alert, alerts
from workbench.operations.registry.listing import RequestLine, requests
from workbench.operations.session import Session
from workbench.tui.registry.news import waiting

_MOST_NAMED = 2_000
_MOST_ALERTS = 500


class Happened(NamedTuple):
    """What happened, with the names of the runs it happened to."""

    activity: Activity
    names: Mapping[str, str]
    numbers: Mapping[str, int]
    """Of the runs that are still there, by their id."""
    now: float
    requests: tuple[RequestLine, ...] = ()
    """All that are open."""
    mine: frozenset[str] = frozenset()
    """Ids of those that wait for whoever looks at the screen."""
    alerts: tuple[Alert, ...] = ()
    """Of drift, acknowledged ones last."""


def gather(session: Session) -> Happened:
    """Return what happened, with the names of the runs the journal speaks of."""
    found = activity(session)
    ids = list(dict.fromkeys(run for line in found.journal for run in line.runs))
    there = numbers(session.catalogue, ids)
    records = cards(session.catalogue, [there[id_] for id_ in ids[:_MOST_NAMED] if id_ in there])
    names = {record.run_id: record.name for record in records}
    asked, mine = open_requests(session)
    waiting_alerts = alerts(session, all=True)[:_MOST_ALERTS]
    return Happened(found, names, there, session.clock.now(), asked, mine, waiting_alerts)


def open_requests(session: Session) -> tuple[tuple[RequestLine, ...], frozenset[str]]:
    """Return all open requests, and the ids of those that wait for this person."""
    if session.workspace is None:
        return (), frozenset()
    return requests(session), frozenset(each.event_id for each in waiting(session))
