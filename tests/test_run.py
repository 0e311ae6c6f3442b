import os
import subprocess
import sys
import time
from functools import partial
from pathlib import Path

import pytest

from auditor import run


def adder(amount):
    return partial(_add, amount)


def _add(amount, number):
    return number + amount


def refuser():
    return _refuse


def _refuse(number):
    if number == 3:
        raise ValueError("three")
    return number, os.getpid()


def test_both_executors_give_the_same_in_the_same_order():
    items = list(range(50))
    serial, processes = run.Serial(partial(adder, 5)), run.Processes(partial(adder, 5), jobs=2)
    try:
        assert list(serial.map(items)) == list(processes.map(items)) == [n + 5 for n in items]
        assert list(processes.map([1])) == [6]
    finally:
        processes.close()


def test_an_error_in_a_worker_reaches_the_caller():
    processes = run.Processes(refuser, jobs=2)
    try:
        with pytest.raises(ValueError, match="three"):
            list(processes.map([1, 2, 3]))
    finally:
        processes.close()


def test_one_job_stays_in_this_process():
    assert isinstance(run.local(partial(adder, 1), jobs=1), run.Serial)
    assert list(run.local(refuser, jobs=1).map([1])) == [(1, os.getpid())]


_KILLED = """
import sys, time
from auditor import run
from tests_run_killed import pids
if __name__ == "__main__":
    pool = run.Processes(pids, jobs=2)
    print(*set(pool.map(list(range(8)))), flush=True)
    time.sleep(60)
"""


def test_workers_end_with_a_parent_that_was_killed(tmp_path):
    (tmp_path / "tests_run_killed.py").write_text("import os\ndef pid(number):\n    return os.getpid()\ndef pids():\n    return pid\n")
    (tmp_path / "program.py").write_text(_KILLED)
    program = subprocess.Popen([sys.executable, str(tmp_path / "program.py")], stdout=subprocess.PIPE, text=True, cwd=tmp_path)
    workers = [int(number) for number in program.stdout.readline().split()]
    program.kill()
    program.wait()
    program.stdout.close()
    assert workers
    for _ in range(300):
        if not any(_runs(worker) for worker in workers):
            return
        time.sleep(0.1)
    pytest.fail(f"still at work: {[worker for worker in workers if _runs(worker)]}")


def _runs(worker):
    try:
        os.kill(worker, 0)
    except ProcessLookupError:
        return False
    status = Path(f"/proc/{worker}/stat")
    return not status.exists() or status.read_text().rpartition(")")[2].split()[0] != "Z"
