"""The copy of what a script prints."""

from tests.client.reading import only_run, run_script
from workbench.client import console

HEAD = """
import sys, workbench
run = workbench.start_run("e", capture=False, system_metrics=False, console=True)
"""


def text(workspace) -> str:
    """Return what was kept."""
    path = only_run(workspace) / "writers" / "0" / "console.log"
    return path.read_text(encoding="utf-8")


def test_what_is_printed_is_kept_and_still_printed(workspace):
    """Both streams are copied until the run ends, and then given back."""
    code = HEAD + (
        "print('élan')\nprint('warn', file=sys.stderr)\nout = sys.stdout\nrun.finish()\n"
        "print('after')\nassert sys.stdout is not out and sys.stdout is sys.__stdout__\n"
    )
    done = run_script(code, workspace)
    assert done.returncode == 0, done.stderr
    assert (done.stdout, done.stderr) == ("élan\nafter\n", "warn\n")
    assert text(workspace) == "élan\nwarn\n"


def test_a_traceback_is_kept(workspace):
    """The last words of a failing script are in its console."""
    run_script(HEAD + "raise ValueError('last words')\n", workspace)
    assert "ValueError: last words" in text(workspace)


def test_endless_output_is_bounded(start, monkeypatch, capsys):
    """Past the bound nothing is kept, and the file says so."""
    monkeypatch.setattr(console, "_MOST_BYTES", 10)
    run = start(console=True)
    print("12345678")
    print("123456789")
    print("more")
    run.finish()
    kept = (run.folder / "writers/0/console.log").read_text(encoding="utf-8")
    assert kept.startswith("12345678\n1")
    assert kept.endswith("is not kept]\n")
    assert "more" not in kept
    assert capsys.readouterr().out == "12345678\n123456789\nmore\n"


def test_streams_wrapped_by_others_stay_theirs(start, monkeypatch):
    """A stream somebody wrapped after us is not taken from them."""
    import io
    import sys

    run = start(console=True)
    theirs = io.StringIO()
    monkeypatch.setattr(sys, "stdout", theirs)
    run.finish()
    assert sys.stdout is theirs
