"""How a process ends, and how its run does: real processes, real signals."""

import os
import signal
import sys

import pytest

from tests.client.reading import markers, only_run, only_writer, run_script, start_script
from tests.waiting import wait_for

HEAD = """
import os, signal, sys, threading
import workbench
run = workbench.start_run("e", capture=False, system_metrics=False)
run.log({"loss": 1.0})
"""
WAIT = """
print("ready", flush=True)
threading.Event().wait(30)
"""
POSIX = os.name == "posix"


def status(workspace) -> str:
    """Return the status in the end card, and check that the marker says the same."""
    final = only_writer(only_run(workspace)).final
    assert markers(workspace)[0].endswith(final["status"].lower())
    return final["status"]


def test_a_script_that_never_closes_its_run_finishes_it(workspace):
    """Leaving the interpreter ends the run."""
    assert run_script(HEAD, workspace).returncode == 0
    assert status(workspace) == "FINISHED"


def test_an_exception_nobody_catches_fails_the_run(workspace):
    """Without ``with``, too, the traceback's last lines are kept."""
    done = run_script(HEAD + "raise ValueError('no gradient')", workspace)
    assert done.returncode == 1
    assert "no gradient" in done.stderr
    assert status(workspace) == "FAILED"
    assert only_writer(only_run(workspace)).final["error"][-1] == "ValueError: no gradient"


def test_an_exception_inside_with_fails_the_run(start):
    """The block is left, the run is FAILED, and the exception goes on."""
    with pytest.raises(ZeroDivisionError), start() as run:
        run.log({"a": 1 / 0})
    final = only_writer(run.folder).final
    assert final["status"] == "FAILED"
    assert final["error"][-1] == "ZeroDivisionError: division by zero"


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (KeyboardInterrupt(), "KILLED"),
        (SystemExit(0), "FINISHED"),
        (SystemExit("no data"), "FAILED"),
    ],
)
def test_leaving_the_block_by_other_doors(start, error, expected):
    """Ctrl-C kills a run; ``sys.exit`` ends it as its code says."""
    with pytest.raises(type(error)), start() as run:
        raise error
    assert only_writer(run.folder).final["status"] == expected


def test_sigterm_kills_the_run(workspace):
    """A terminated script leaves a KILLED run, and dies of the signal all the same."""
    process = start_script(HEAD + WAIT, workspace)
    assert process.stdout.readline() == "ready\n"
    process.terminate()
    process.communicate(timeout=30)
    if POSIX:
        assert process.returncode == -signal.SIGTERM
        assert status(workspace) == "KILLED"
        assert only_writer(only_run(workspace)).final["error"] == ["terminated by SIGTERM"]


def test_the_handler_found_before_is_called_after(workspace):
    """A script's own handler of SIGTERM still has its say."""
    own = "import signal, sys\nsignal.signal(signal.SIGTERM, lambda *_: sys.exit(7))\n"
    raise_it = "signal.raise_signal(signal.SIGTERM)\n"
    assert run_script(own + HEAD + raise_it, workspace).returncode == 7
    assert status(workspace) == "KILLED"


def test_ctrl_c_kills_the_run(workspace):
    """Ctrl-C without ``with`` leaves a KILLED run."""
    code = HEAD + "signal.signal(signal.SIGINT, signal.default_int_handler)\n"
    code += "signal.raise_signal(signal.SIGINT)\n"
    done = run_script(code, workspace)
    assert "KeyboardInterrupt" in done.stderr
    assert status(workspace) == "KILLED"


def test_kill_9_leaves_whole_lines_and_no_end(workspace):
    """Nothing logged is lost, and nobody claims an end that was not."""
    code = HEAD + "for step in range(1000): run.log({'x': step})\n" + WAIT
    process = start_script(code, workspace)
    assert process.stdout.readline() == "ready\n"
    process.kill()
    process.communicate(timeout=30)
    written = only_writer(only_run(workspace))
    assert len(written.values("x")) == 1000
    assert written.final is None
    assert markers(workspace) == []


def test_the_interpreter_is_not_kept_up(workspace):
    """Heartbeat and capture end with the script, however long their pause is."""
    code = "import workbench\nworkbench.start_run('e')\n"
    assert run_script(code, workspace).returncode == 0
    assert status(workspace) == "FINISHED"


def test_a_handler_in_a_thread_is_not_installed(workspace):
    """A run started off the main thread works, and leaves signals alone."""
    code = """
import threading, signal, workbench
def train():
    workbench.start_run("e", capture=False, system_metrics=False).finish()
thread = threading.Thread(target=train)
thread.start()
thread.join()
assert signal.getsignal(signal.SIGTERM) is signal.SIG_DFL
"""
    done = run_script(code, workspace)
    assert (done.returncode, done.stderr) == (0, "")


def test_the_heartbeat_shows_life(workspace):
    """A beat touches the run's heartbeat file."""
    code = (
        "from workbench.client import heartbeat\n"
        "heartbeat.FIRST = heartbeat.TICK = heartbeat.HEARTBEAT_EVERY = 0.05\n"
    )
    code += HEAD.replace("system_metrics=False", "system_metrics=True") + WAIT
    process = start_script(code, workspace)
    assert process.stdout.readline() == "ready\n"
    (alive,) = workspace.glob("runs/e/.alive/*")
    os.utime(alive, (1, 1))
    wait_for(lambda: alive.stat().st_mtime > 1)
    wait_for(lambda: only_writer(only_run(workspace)).values("system/cpu_percent"))
    process.kill()
    process.communicate(timeout=30)


def test_the_script_is_named_by_its_file(workspace):
    """The start card has the script and its arguments."""
    code = "import workbench\nworkbench.start_run('e', capture=False)\n"
    run_script(code, workspace, arguments=["--lr", "0.1"])
    text = (only_run(workspace) / "run.json").read_text(encoding="utf-8")
    assert '"script":"train.py"' in text
    assert '"--lr","0.1"' in text
    assert sys.version.split()[0] in text
