"""What happened, as entries of tables: new runs, requests, alerts, jobs, faults, the journal."""

from collections.abc import Collection, Mapping, Sequence

from workbench import words
from workbench.catalogue.arrivals import ArrivedRun
from workbench.catalogue.faults import FaultLine
from workbench.datasets.drift.report import LETTERS, SEVERE
from workbench.operations.drift.alerts import Alert
from workbench.operations.edits import EditLine
from workbench.operations.jobs import CANCELLED, DONE, FAILED, RUNNING, JobLine
from workbench.operations.registry.listing import RequestLine
from workbench.tui import present
from workbench.tui.cells import Cell
from workbench.tui.folding import ending
from workbench.tui.widgets.list_table import Entry
from workbench.tui.widgets.narrow import holds
from workbench.tui.widgets.table_values import Column

NEW = (
    Column("name", "run", pinned=True, most=36),
    Column("status", "status"),
    Column("at", "since", "right"),
    Column("experiment", "experiment", most=28),
    Column("id", "id"),
)
JOBS = (
    Column("title", "job", pinned=True, most=40),
    Column("state", "state"),
    Column("progress", "progress", most=34),
    Column("time", "time", "right"),
    Column("message", "message", most=80),
)
REQUESTS = (
    Column("asked", "asked for", pinned=True, most=36),
    Column("you", "waits for", most=12),
    Column("needs", "needs", most=40),
    Column("actor", "by", most=20),
    Column("age", "age", "right"),
    Column("reason", "because", most=80),
)
ALERTS = (
    Column("what", "alert", pinned=True, most=30),
    Column("verdict", "verdict"),
    Column("words", "what moved", most=60),
    Column("age", "age", "right"),
    Column("severity", "severity"),
    Column("seen", "acknowledged", most=80),
)
FAULTS = (
    Column("path", "path", most=34),
    Column("line", "line", "right"),
    Column("reason", "reason", most=160),
)
JOURNAL = (
    Column("time", "when", "right"),
    Column("actor", "who", most=24),
    Column("about", "about", most=22),
    Column("what", "what", most=160),
)
_BAR = 16
_JOB_STATES = {
    RUNNING: ("▶", "running"),
    DONE: ("✓", "finished"),
    FAILED: ("✗", "failed"),
    CANCELLED: ("■", "killed"),
}


def new_entries(runs: Sequence[ArrivedRun], now: float, typed: str = "") -> list[Entry]:
    """Return a row per run that began or ended."""
    return [
        Entry(
            run.run,
            (
                Cell(run.name),
                present.status(run.status, inferred=run.inferred),
                Cell(words.age(now - run.at), "dim"),
                Cell(run.experiment, "dim"),
                Cell(present.short_id(run.run_id), "faint"),
            ),
            (run.name, run.status, run.at, run.experiment, run.run_id),
        )
        for run in runs
        if holds(f"{run.name} {run.experiment} {run.status} {run.run_id}", typed)
    ]


def request_entries(
    requests: Sequence[RequestLine], mine: Collection[str], now: float, typed: str = ""
) -> list[Entry]:
    """Return a row per open request, those that wait for whoever looks first."""
    ordered = sorted(requests, key=lambda each: (each.event_id not in mine, -each.time))
    return [
        Entry(
            each.event_id,
            (
                Cell(f"? {each.model}@{each.version} → {each.stage}", "accent"),
                Cell("you", "bold warn") if each.event_id in mine else Cell("others", "dim"),
                Cell(", ".join(each.needs)),
                Cell(each.actor),
                Cell(words.age(now - each.time), "dim"),
                Cell(each.reason, "italic"),
            ),
        )
        for each in ordered
        if holds(f"{each.model} {each.stage} {each.actor} {each.reason}", typed)
    ]


def alert_entries(alerts: Sequence[Alert], now: float, typed: str = "") -> list[Entry]:
    """Return a row per alert of drift, in their order."""
    return [
        Entry(each.id, cells, tuple(cell.text for cell in cells))
        for each in alerts
        if holds(f"{each.monitor} {each.label} {each.model} {' '.join(each.columns)}", typed)
        for cells in (_alert(each, now),)
    ]


def _alert(alert: Alert, now: float) -> tuple[Cell, ...]:
    part = f" {alert.segment}" if alert.segment else ""
    seen = f"{alert.acknowledged_by}: {alert.note}" if alert.acknowledged_by else ""
    style = "dim" if seen else ("bad" if alert.verdict == SEVERE else "warn")
    return (
        Cell(f"▲ {alert.monitor} {alert.label}{part}", "dim" if seen else "accent"),
        Cell(f"{LETTERS.get(alert.verdict, '?')} {alert.verdict}", style),
        Cell(alert.words, "dim" if seen else ""),
        Cell(words.age(now - alert.time), "dim"),
        Cell(alert.severity, "bold warn" if alert.severity == "critical" and not seen else "dim"),
        Cell(seen, "italic"),
    )


def job_entries(jobs: Sequence[JobLine], now: float) -> list[Entry]:
    """Return a row per job."""
    return [_job(job, now) for job in jobs]


def fault_entries(faults: Sequence[FaultLine], typed: str = "") -> list[Entry]:
    """Return a row per thing that could not be read."""
    return [
        Entry(
            fault,
            (
                Cell(ending(path_of(fault), 34)),
                Cell("" if fault.line is None else str(fault.line), "dim"),
                Cell(fault.reason, "warn"),
            ),
            (path_of(fault), fault.line, fault.reason),
        )
        for fault in faults
        if holds(f"{path_of(fault)} {fault.reason}", typed)
    ]


def path_of(fault: FaultLine) -> str:
    """Return where a fault is, relative to what was opened."""
    root = fault.source.removesuffix("/.")
    return fault.path if root in ("", ".") else f"{root}/{fault.path}"


def journal_entries(
    journal: Sequence[EditLine], names: Mapping[str, str], typed: str = ""
) -> list[Entry]:
    """Return a row per change that somebody made; ``names`` are the runs' names by id."""
    rows = []
    for line in journal:
        about = line.dataset or line.monitor or _runs(line.runs, names)
        if holds(f"{line.actor} {about} {line.what}", typed):
            cells = (
                Cell(words.moment(line.time), "dim"),
                Cell(line.actor),
                Cell(about, "bold"),
                Cell(line.what),
            )
            rows.append(Entry(line.id, cells, (line.time, line.actor, about, line.what)))
    return rows


def bar(done: int, total: int, width: int = _BAR) -> str:
    """Return progress as blocks and words: ``█████░░░ 62%``; without a total, the count."""
    if total <= 0:
        return f"{words.count(done)} so far" if done else ""
    share = min(1.0, done / total)
    full = int(share * width)
    return f"{'█' * full}{'░' * (width - full)} {words.percent(share)}"


def _job(job: JobLine, now: float) -> Entry:
    symbol, style = _JOB_STATES.get(job.state, ("?", "stale"))
    seconds = (job.ended if job.ended is not None else now) - job.started
    progress = bar(job.done, job.total)
    return Entry(
        job.id,
        (
            Cell(job.title),
            Cell(f"{symbol} {job.state}", style),
            Cell(progress, "accent" if job.state == RUNNING else "dim"),
            Cell(words.duration(seconds), "dim"),
            Cell(job.message.partition("\n")[0], "dim"),
        ),
        (job.title, job.state, job.done / job.total if job.total else None, seconds, job.message),
    )


def _runs(ids: Sequence[str], names: Mapping[str, str]) -> str:
    if not ids:
        return ""
    first = names.get(ids[0]) or present.short_id(ids[0])
    return first if len(ids) == 1 else f"{first} and {words.plural(len(ids) - 1, 'other')}"
