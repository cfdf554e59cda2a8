"""SQL questions of people to the catalogue of a session."""

from workbench.catalogue import sql
from workbench.catalogue.sql import VIEWS, Answer, ViewColumn
from workbench.errors import WorkbenchError
from workbench.operations.session import Session

__all__ = ["VIEWS", "Answer", "ViewColumn", "ask", "views"]


def views(session: Session) -> tuple[ViewColumn, ...]:
    """Return every column of every documented view."""
    return sql.view_columns(session.catalogue)


def ask(session: Session, question: str) -> Answer:
    """Answer a question read-only; the session is closed, so that it can be asked safely.

    Raises:
        UsageError: The question cannot be understood, or would change something.
        WorkbenchError: The catalogue is in memory, or another program just took it.
    """
    path = session.catalogue.path
    session.close()
    if path is None:
        raise WorkbenchError("A catalogue in memory cannot be asked.")
    return sql.ask(path, question)
