import os
from functools import partial

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
