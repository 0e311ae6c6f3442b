import signal
import sqlite3
import subprocess
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from auditor.fluency.cache import Cache
from auditor.fluency.scorer import Passage, Tokens, tokens

ONE = Tokens(((0, 3), (3, 9)), (-1.25, -0.1))
PASSAGE = Passage("Before. ", "The vote")


@pytest.fixture
def path(tmp_path):
    return tmp_path / "cache" / "scores.sqlite"


NUMBER = st.integers(0, 2**31)
RESULT = st.lists(st.tuples(NUMBER, NUMBER, st.floats(allow_nan=False, max_value=0.0)))


@settings(deadline=None, max_examples=30)
@given(st.dictionaries(st.builds(Passage, st.text(), st.text()), RESULT, max_size=5))
def test_what_comes_back_is_what_went_in(tmp_path_factory, entries):
    path = tmp_path_factory.mktemp("cache") / "scores.sqlite"
    given_ = [(passage, Tokens(tuple((a, b) for a, b, _ in found), tuple(value for *_, value in found))) for passage, found in entries.items()]
    first = Cache(path)
    first.put("model", given_)
    first.close()
    second = Cache(path)
    assert second.get("model", list(entries)) == dict(given_)
    assert second.get("model ", list(entries)) == {}
    assert second.notices == ()
    second.close()


def test_context_and_text_are_not_run_together(path):
    cache = Cache(path)
    cache.put("model", [(Passage("ab", "c"), ONE)])
    assert cache.get("model", [Passage("a", "bc")]) == {}
    cache.close()


@pytest.mark.parametrize("content", [b"not a database at all, but long enough to be looked at" * 40, b"SQLite format 3\0" + b"\xff" * 4000])
def test_a_damaged_file_is_built_anew_with_a_notice(path, content):
    path.parent.mkdir()
    path.write_bytes(content)
    cache = Cache(path)
    cache.put("model", [(PASSAGE, ONE)])
    assert cache.get("model", [PASSAGE]) == {PASSAGE: ONE}
    assert len(cache.notices) == 1
    assert str(path) in cache.notices[0]
    assert "damaged" in cache.notices[0]
    cache.close()


def test_a_file_that_is_cut_short_is_built_anew(path):
    cache = Cache(path)
    cache.put("model", [(Passage("", str(number)), Tokens(((0, 1),) * 400, tuple(-float(i * number) for i in range(400)))) for number in range(200)])
    cache.close()
    path.write_bytes(path.read_bytes()[:20_000])
    cache = Cache(path)
    cache.get("model", [Passage("", str(number)) for number in range(200)])
    cache.put("model", [(PASSAGE, ONE)])
    assert cache.get("model", [PASSAGE]) == {PASSAGE: ONE}
    assert "damaged" in "".join(cache.notices)
    cache.close()


def test_a_file_of_another_format_is_built_anew(path):
    path.parent.mkdir()
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE score (something TEXT)")
        connection.execute("PRAGMA user_version = 1")
    connection.close()
    cache = Cache(path)
    cache.put("model", [(PASSAGE, ONE)])
    assert cache.get("model", [PASSAGE]) == {PASSAGE: ONE}
    cache.close()


def test_a_value_that_was_changed_is_not_believed(path):
    cache = Cache(path)
    cache.put("model", [(PASSAGE, ONE)])
    cache.close()
    with sqlite3.connect(path) as connection:
        connection.execute("UPDATE score SET value = zeroblob(20)")
    connection.close()
    cache = Cache(path)
    assert cache.get("model", [PASSAGE]) == {}
    cache.close()


def test_a_folder_that_cannot_be_made_is_a_notice_and_no_error(tmp_path):
    (tmp_path / "file").write_text("")
    cache = Cache(tmp_path / "file" / "scores.sqlite")
    cache.put("model", [(PASSAGE, ONE)])
    assert cache.get("model", [PASSAGE]) == {}
    assert len(cache.notices) == 1
    cache.close()


def test_a_file_that_cannot_be_written_is_still_read(path, monkeypatch):
    cache = Cache(path)
    cache.put("model", [(PASSAGE, ONE)])
    cache.close()
    connect = sqlite3.connect
    monkeypatch.setattr("sqlite3.connect", lambda path, timeout: connect(f"file:{path}?mode=ro", uri=True, timeout=timeout))
    cache = Cache(path)
    other = Passage("", "Another")
    cache.put("model", [(other, ONE)])
    assert cache.get("model", [PASSAGE, other]) == {PASSAGE: ONE}
    assert len(cache.notices) == 1
    assert "cannot be written" in cache.notices[0]
    cache.close()


def test_two_runs_may_use_one_file(path):
    first, second = Cache(path), Cache(path)
    for number in range(20):
        (first if number % 2 else second).put("model", [(Passage("", str(number)), ONE)])
    wanted = [Passage("", str(number)) for number in range(20)]
    assert first.get("model", wanted) == second.get("model", wanted) == dict.fromkeys(wanted, ONE)
    assert first.notices == second.notices == ()
    first.close()
    second.close()


def test_the_size_is_bounded_and_the_least_used_goes_first(path):
    long = Tokens(tuple((i, i + 1) for i in range(500)), tuple(-(float(i) ** 1.5) for i in range(500)))
    old, kept = Passage("", "old"), Passage("", "kept")
    cache = Cache(path)
    cache.put("model", [(old, long), (kept, long)])
    cache.close()
    cache = Cache(path, limit=30_000)
    assert cache.get("model", [kept]) == {kept: long}
    for number in range(12):
        cache.put("model", [(Passage("", str(number)), long)])
    with sqlite3.connect(path) as connection:
        assert connection.execute("SELECT SUM(size) FROM score").fetchone()[0] <= 30_000
    connection.close()
    assert cache.get("model", [old]) == {}
    cache.close()


RUN = """
import sys
from pathlib import Path
from auditor.fluency import scorer
from auditor.fluency.cache import Cache
from auditor.fluency.scorer import Passage, Tokens, tokens

scorer._ROUND = 100

class Slow:
    signature = "slow@1"
    def score(self, passages):
        print("scoring", flush=True)
        sys.stdin.readline()
        return [Tokens(((0, 1),), (-float(len(one.text)),)) for one in passages]

texts = [Passage("", f"{number:03} " * 5) for number in range(int(sys.argv[2]), int(sys.argv[3]))]
cache = Cache(Path(sys.argv[1]))
found = list(tokens(Slow(), texts, cache=cache))
print(len(found), cache.notices, flush=True)
"""


def running(path, first, last):
    return subprocess.Popen([sys.executable, "-c", RUN, str(path), str(first), str(last)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


def test_a_killed_run_loses_the_round_it_was_at(path):
    # Five passages of 20 code points are a round: four rounds of twenty passages.
    with running(path, 0, 20) as run:
        for _ in range(2):
            assert run.stdout.readline() == "scoring\n"
            run.stdin.write("\n")
            run.stdin.flush()
        assert run.stdout.readline() == "scoring\n", "two rounds are done, it is at the third"
        run.send_signal(signal.SIGKILL)
    cache = Cache(path)
    assert len(cache.get("slow@1", [Passage("", f"{number:03} " * 5) for number in range(20)])) == 10
    assert cache.notices == ()
    cache.close()


def test_runs_at_the_same_time_keep_what_each_found(path):
    runs = [running(path, first, first + 20) for first in (0, 10, 20, 30)]
    for run in runs:
        told, _ = run.communicate("\n" * 20)
        assert told.splitlines()[-1] == "20 ()", told
    cache = Cache(path)
    assert len(cache.get("slow@1", [Passage("", f"{number:03} " * 5) for number in range(50)])) == 50
    cache.close()


@settings(deadline=None, max_examples=25)
@given(st.lists(st.tuples(st.text("ab", max_size=3), st.text("the anos.\n", max_size=30)), max_size=20), st.integers(1, 60))
def test_with_a_cache_and_without_and_in_rounds_of_any_size_the_results_are_the_same(tmp_path_factory, counting_class, texts, size):
    passages = [Passage(context, text) for context, text in texts]
    wanted = [counting_class().one(passage) for passage in passages]
    cache = Cache(tmp_path_factory.mktemp("cache") / "scores.sqlite")
    first, second = counting_class(), counting_class()
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("auditor.fluency.scorer._ROUND", size)
        assert list(tokens(counting_class(), passages)) == wanted
        assert list(tokens(first, passages, cache=cache)) == wanted
        assert list(tokens(second, passages[::-1], cache=cache)) == wanted[::-1]
    scored = [passage for call in first.calls for passage in call]
    assert sorted(scored, key=repr) == sorted(set(passages), key=repr), "each distinct text once"
    assert second.calls == []
    cache.close()
