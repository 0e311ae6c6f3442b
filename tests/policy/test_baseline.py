from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from auditor.errors import DataError
from auditor.policy import baseline
from auditor.policy.baseline import allot

PLACES = st.lists(st.tuples(st.sampled_from("xyz"), st.sampled_from("abc")), max_size=20)


def counts(places):
    found = {}
    for mark, path in places:
        found.setdefault(mark, Counter())[path] += 1
    return found


@given(PLACES)
@settings(deadline=None)
def test_what_was_written_down_is_all_known(places):
    covered, left = allot(counts(places), places, lambda _: False)
    assert all(covered)
    assert not left


@given(PLACES, PLACES)
@settings(deadline=None)
def test_no_more_than_the_count_is_known_and_none_is_lost(known, found):
    covered, left = allot(counts(known), found, lambda _: True)
    for mark in "xyz":
        have = sum(place[0] == mark for place in known)
        want = sum(place[0] == mark for place in found)
        took = sum(is_known for place, is_known in zip(found, covered, strict=True) if place[0] == mark)
        assert took == min(have, want)
        assert sum(number for (name, _), number in left.items() if name == mark) == have - took


@given(PLACES, st.sampled_from("xyz"), st.sampled_from("abc"))
@settings(deadline=None)
def test_one_more_than_the_count_is_new_and_stands_last_of_its_file(places, mark, path):
    covered, _ = allot(counts(places), [*places, (mark, path)], lambda _: True)
    assert covered.count(False) == 1
    assert (mark, path) == [*places, (mark, path)][covered.index(False)]


def test_a_count_goes_to_its_own_file_before_others():
    covered, _ = allot({"x": {"b": 1}}, [("x", "a"), ("x", "b")], lambda _: True)
    assert covered == [False, True]


def test_a_count_of_a_file_that_was_not_read_is_for_no_other():
    assert allot({"x": {"b": 1}}, [("x", "a")], lambda path: path != "b")[0] == [False]


def test_written_and_read_back_an_entry_a_line(tmp_path):
    made = baseline.counted(
        [(("f1", "b.txt"), "a/b", "words\n“x”"), (("f1", "a.txt"), "a/b", "words\n“x”"), (("f0", "a.txt"), "a/c", "\ud800")], "sig"
    )
    path = tmp_path / "deep" / "baseline.json"
    baseline.write(path, made)
    assert baseline.read(path).counts == {"f1": {"a.txt": 1, "b.txt": 1}, "f0": {"a.txt": 1}}
    assert len(path.read_text(encoding="utf-8").splitlines()) == 4
    first = path.read_bytes()
    baseline.write(path, baseline.read(path))
    assert path.read_bytes() == first


def test_both_sides_of_a_merge_are_one_entry(tmp_path):
    rows = ",".join(f'{{"fingerprint":"f","rule":"a/b","text":"x","paths":{{"a":{number}}}}}' for number in (1, 2))
    path = tmp_path / "b.json"
    path.write_text(f'{{"schema":"auditor-baseline/1","findings":[{rows}]}}', encoding="utf-8")
    assert baseline.read(path).counts == {"f": {"a": 2}}


def test_a_missing_baseline_is_an_error_that_says_what_to_do(tmp_path):
    with pytest.raises(DataError, match="baseline create"):
        baseline.read(tmp_path / "none.json")
