"""Several processes that log to one run."""

import copy
import os
import pickle  # noqa: TID251 - a run must survive it

import pytest

from tests.client.reading import only_run, run_script, writers

FORKS = hasattr(os, "fork")
POOL = """
import sys
from multiprocessing import get_context
import workbench

def train(task):
    run, seed = task
    run.log({f"seed{seed}": seed}, step=seed)
    return seed

if __name__ == "__main__":
    with workbench.start_run("e", capture=False, system_metrics=False) as run:
        run.log({"main": 1.0})
        with get_context(sys.argv[1]).Pool(2) as pool:
            pool.map(train, [(run, seed) for seed in range(4)], chunksize=1)
            if sys.argv[2] == "close":
                pool.close()
                pool.join()
"""


@pytest.mark.parametrize("method", ["spawn"] + (["fork", "forkserver"] if FORKS else []))
@pytest.mark.parametrize("ending", ["close", "terminate"])
def test_workers_of_a_pool_have_writers_of_their_own(workspace, method, ending):
    """A run sent to a pool goes on in each worker, and every writer ends."""
    done = run_script(POOL, workspace, arguments=[method, ending])
    assert done.returncode == 0, done.stderr
    main, *helpers = writers(only_run(workspace))
    assert main.values("main") == [(0, 1.0)]
    assert 1 <= len(helpers) <= 2
    values = {name for helper in helpers for line in helper.metrics for name in line["metrics"]}
    assert values == {f"seed{seed}" for seed in range(4)}
    assert main.final["status"] == "FINISHED"
    if os.name == "posix":
        assert {helper.final["status"] for helper in helpers} == {"FINISHED"}
        assert all(helper.final["started"] < main.final["started"] for helper in helpers)


FORKED = """
import os, workbench
run = workbench.start_run("e", capture=False, system_metrics=False)
run.log({"main": 1.0})
for logs in (False, True):
    child = os.fork()
    if not child:
        if logs:
            run.log({"child": 2.0})
        run.finish()
        os._exit(0)
    os.waitpid(child, 0)
run.log({"main": 3.0})
"""

if FORKS:

    def test_a_fork_takes_a_writer_with_its_first_line(workspace):
        """A child that logs nothing leaves nothing; one that logs has its own files."""
        done = run_script(FORKED, workspace)
        assert done.returncode == 0, done.stderr
        main, child = writers(only_run(workspace))
        assert main.values("main") == [(0, 1.0), (1, 3.0)]
        assert child.values("child") == [(1, 2.0)]
        assert (main.final["status"], child.final["status"]) == ("FINISHED", "FINISHED")


def test_a_pickled_run_is_the_same_one_at_home(start):
    """Within its process a run survives pickling and copying as itself."""
    with start() as run:
        assert pickle.loads(pickle.dumps(run)) is run  # noqa: S301 - our own bytes
        assert copy.deepcopy(run) is run


RANKS = """
import os, sys, workbench
run = workbench.start_run(run_id=sys.argv[1], capture=False, system_metrics=False)
run.log({"rank" + sys.argv[2]: 1.0}, step=0)
"""


def test_ranks_join_by_id(start, workspace):
    """Processes that resume an open run log beside it."""
    with start() as run:
        for rank in "01":
            done = run_script(RANKS, workspace, arguments=[run.id, rank])
            assert done.returncode == 0, done.stderr
    main, first, second = writers(run.folder)
    assert first.values("rank0") == [(0, 1.0)]
    assert second.values("rank1") == [(0, 1.0)]
    assert all(writer.final["status"] == "FINISHED" for writer in (main, first, second))


def test_an_unhandled_exception_in_a_helper_stays_with_the_helper(workspace):
    """A worker that fails says so in its own end card; the run ends as its script does."""
    code = POOL.replace("    return seed", "    raise ValueError(seed)").replace(
        "pool.map(train, [(run, seed) for seed in range(4)], chunksize=1)",
        "pool.map_async(train, [(run, 1)]).wait()",
    )
    done = run_script(code, workspace, arguments=["spawn", "close"])
    assert done.returncode == 0, done.stderr
    assert writers(only_run(workspace))[0].final["status"] == "FINISHED"


def test_a_killed_worker_does_not_hold_the_run_open(workspace):
    """A helper that is gone without a word has an end card, and its lines count."""
    code = POOL.replace("    return seed", "    os._exit(9)").replace(
        "import sys\n", "import os, sys\n"
    )
    code = code.replace(
        "pool.map(train, [(run, seed) for seed in range(4)], chunksize=1)",
        "pool.apply_async(train, [(run, 1)]).wait(timeout=1)",
    ).replace("Pool(2)", "Pool(1)")
    done = run_script(code, workspace, arguments=["spawn", "terminate"])
    assert done.returncode == 0, done.stderr
    main, helper = writers(only_run(workspace))
    assert main.final["status"] == helper.final["status"] == "FINISHED"
    assert helper.values("seed1") == [(1, 1.0)]
    assert helper.final["bytes"]["metrics"] == 0


def test_the_reader_sees_the_end_of_the_script(workspace):
    """A run whose script failed is FAILED, however well its workers ended."""
    from workbench.clock import SYSTEM
    from workbench.formats.native.reader import NativeReader

    code = POOL + "        raise ValueError('late')\n"
    assert run_script(code, workspace, arguments=["spawn", "close"]).returncode == 1
    reader = NativeReader()
    (key,) = reader.survey(workspace, None).refs
    card = reader.read(workspace, key, b"", SYSTEM.now()).card
    assert card.status == "FAILED"
    assert set(card.metrics) == {"main", "seed0", "seed1", "seed2", "seed3"}
    assert card.faults == ()
