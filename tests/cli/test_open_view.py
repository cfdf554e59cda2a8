"""A saved view by its name, printed where there is no terminal."""

from workbench.catalogue.query import Column, Sort
from workbench.clock import SYSTEM
from workbench.operations import views
from workbench.operations.session import open_session
from workbench.operations.views import View


def test_a_view_is_printed_as_it_shows_the_runs(run, workspace):
    """Filter, columns and order of the view decide, not the defaults."""
    session = open_session(workspace, clock=SYSTEM)
    lr = Column("param", "lr")
    view = View(filter="lr < 1", columns=(Column("attribute", "name"), lr), sort=(Sort(lr, True),))
    views.save(session, "small", view)
    session.close()
    done = run("open", "--view", "small")
    assert done.exit_code == 0
    assert [line.split()[1] for line in done.stdout.splitlines()] == ["name", "crashed", "good"]


def test_an_unknown_view_is_one_sentence(run):
    """Nothing is shown in place of a view that is not there."""
    done = run("open", "--view", "nosuch")
    assert done.exit_code == 2
    assert "no saved view 'nosuch'" in done.stderr
