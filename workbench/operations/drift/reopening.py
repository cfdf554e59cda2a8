"""What was acknowledged is taken back of one alert, whoever said it."""

from socket import gethostname

from workbench.catalogue import drift_lines
from workbench.datasets.drift import alerting, records
from workbench.datasets.drift.records import ACKNOWLEDGED, TAKEN_BACK, Record
from workbench.errors import UsageError
from workbench.ids import new_id
from workbench.operations.drift.alerts import named
from workbench.operations.drift_alerting import raised, settings_of
from workbench.operations.edits import actor
from workbench.operations.session import Session


def reopen(session: Session, id: str) -> None:  # noqa: A002 - the field's word
    """Have an alert wait for somebody again; what was said of it stays in the history.

    Raises:
        NotAllowedError: Nothing can be written here.
        NotFoundError: There is no such alert.
        UsageError: Nobody acknowledged it.
    """
    root = session.require_writable()
    one = named(session, id)
    alarming = drift_lines.alarming(session.catalogue, one.monitor)
    asking = raised(session, alarming, settings_of(session)).get(one.monitor, ())
    labels = {each.chunk.label for each in asking if each.id == one.id}
    said = tuple(
        each.id
        for each in alerting.standing(session.alert_records().values())
        if (each.kind, each.monitor, each.segment) == (ACKNOWLEDGED, one.monitor, one.segment)
        and each.label in labels
    )
    if not said:
        raise UsageError("Nobody acknowledged that alert.")
    now = session.clock.now()
    record = Record(
        new_id(now), TAKEN_BACK, one.monitor, now, actor(session), gethostname(),
        label=one.label, segment=one.segment, takes_back=said,
    )  # fmt: skip
    records.write(root, record)
