"""What an empty runs table says."""

from workbench.formats.known import told
from workbench.operations.runs_table import TableView
from workbench.operations.session import Session
from workbench.operations.views import View
from workbench.tui.widgets.empty import Empty
from workbench.words import plural


def empty_for(
    session: Session, view: View, table: TableView, refused: str = "", *, reading: bool
) -> Empty | None:
    """Return the words for a table without rows, or None when it has some."""
    if table.rows:
        return None
    if refused:
        return Empty(
            f"The filter {view.filter} cannot be answered yet",
            f"{refused} It is asked again as soon as runs come.",
            key="Esc",
            key_words="takes the filter off",
        )
    if view.filter and table.total:
        return Empty(
            f"0 of {plural(table.total, 'run')} match",
            f"Nothing fits {view.filter}",
            key="Esc",
            key_words="takes the filter off",
        )
    if view.archived:
        return Empty("Nothing is archived", "Archived runs would be listed here.", key="Esc",
                     key_words="goes back to the others")  # fmt: skip
    if reading:
        return Empty("Reading the folder …", str(session.root))
    if session.workspace is None:
        return _nothing_readable(session)
    return Empty(
        "No runs yet",
        "They appear here as soon as a script writes them. In your training script:",
        (
            "import workbench",
            'with workbench.start_run(experiment="churn", params={"lr": 0.1}) as run:',
            '    run.log({"val/auc": auc}, step=epoch)',
            "",
            f"export WORKBENCH_WORKSPACE={session.root}",
        ),
        key="?",
        key_words="shows the keys",
    )


def _nothing_readable(session: Session) -> Empty:
    found = session.discovery
    words = told(found.known, found.undecided) if found else ""
    why = f"Found but not readable yet: {words}." if words else f"Looked below {session.root}."
    if found and found.undecided:
        return Empty(
            "No runs found here",
            f"{why} Say once which column of such a table counts the steps.",
            ("workbench formats shapes",),
            key=":",
            key_words='"Unclear folders" asks here; the command lists what was met',
        )
    return Empty("No runs found here", why, ("workbench formats", "workbench init DIR"), key="q",
                 key_words="leaves")  # fmt: skip
