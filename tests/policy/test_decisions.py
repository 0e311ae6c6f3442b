import json
import multiprocessing
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from auditor.errors import DataError
from auditor.judge.findings import judge
from auditor.policy import decisions, journal
from auditor.policy.decisions import Decision, append, read, text_sha256, weigh
from auditor.policy.settle import Policy, settle
from auditor.rules.model import RuleSet
from auditor.text.segment import segment
from auditor.types import Document, Match, Rule, Severity, Span, Status

TEXT = "The works council met in Bonn on Monday. Nobody spoke of the works council of 2019.\n"
RULE = Rule("de-en/works-council", "de", "en", "phrase", {}, "“{match}” is odd", "style/unidiomatic", Severity.MAJOR, Status.STABLE)
WORDS = "works council"


def document(text=TEXT, path="copy/a.txt"):
    return segment(Document(path, text))


def findings(doc):
    starts = [n for n in range(len(doc.text)) if doc.text.startswith(WORDS, n)]
    hits = [(RULE, Match(Span(start, start + len(WORDS)))) for start in starts]
    return judge(doc, hits)


def settled(doc, *said):
    policy = Policy(decisions=weigh(said))
    return settle(doc, findings(doc), policy, known=lambda: RuleSet((RULE,), "x").by_id, ran=lambda _: True)


def decision(verdict, minute=0, **more):
    return Decision(verdict, "Jo", f"2026-05-04T10:{minute:02}:00+00:00", **more)


def here(verdict, minute=0, **more):
    return decision(verdict, minute, fingerprint=findings(document())[0].fingerprint, **more)


def test_a_dismissed_finding_is_not_reported_and_the_latest_decision_wins():
    assert [f.status for f in settled(document()).findings] == ["new"]
    done = settled(document(), here("dismissed"))
    assert (done.findings, [f.status for f in done.decided]) == ((), ["dismissed"])
    assert not done.decided[0].gating
    assert [f.status for f in settled(document(), here("dismissed"), here("query", 1)).findings] == ["query"]
    assert settled(document(), here("query", 1), here("dismissed")).findings[0].status == "query", "by time, not by line"


def test_what_is_marked_fixed_and_still_stands_is_to_be_acted_on():
    (found,) = settled(document(), here("fixed")).findings
    assert (found.status, found.gating) == ("fixed", True)
    assert found.evidence["decision"].startswith("fixed by Jo on 2026-05-04")


def test_undone_gives_back_what_was_before():
    assert settled(document(), here("dismissed"), here("undone", 1)).decided == ()
    twice = (here("dismissed"), here("query", 1), here("undone", 2))
    assert [f.status for f in settled(document(), *twice).decided] == ["dismissed"]
    assert settled(document(), here("undone"), here("dismissed", 1)).decided != ()


@pytest.mark.parametrize(
    ("scope", "path", "other", "same"),
    [("document", "copy/a.txt", False, True), ("everywhere", "", True, True), ("document", "copy/z.txt", False, False)],
)
def test_scopes(scope, path, other, same):
    said = decision("dismissed", rule=RULE.id, text="Works  Council", scope=scope, path=path)
    assert bool(settled(document(), said).decided) is same
    assert bool(settled(document(path="copy/b.txt", text="A works council is a works council."), said).decided) is other


def test_a_decision_here_goes_with_a_text_that_is_moved():
    assert settled(document(path="archive/b.txt"), here("dismissed", path="copy/a.txt")).decided


def test_a_sign_off_holds_until_the_text_is_edited():
    signed = decision("signed-off", path="copy/a.txt", text_sha256=text_sha256(document()))
    done = settled(document(), signed)
    assert (done.findings, done.signed_off) == ((), "Jo on 2026-05-04")
    assert {f.status for f in done.decided} == {"signed-off"}
    edited = settled(document(TEXT + "One more line.\n"), signed)
    assert edited.signed_off == ""
    assert edited.findings
    assert "void" in edited.remarks[0]
    assert settled(document(), signed, decision("undone", 1, text_sha256=text_sha256(document()))).signed_off == ""


def test_what_is_appended_is_read_back_and_nothing_before_it_is_lost(tmp_path):
    path = tmp_path / ".auditor" / "decisions.jsonl"
    said = [here("dismissed"), decision("missed", text="“x”\n\u2028", path="ü.txt", note="é")]
    for item in said:
        append(path, item)
    assert list(read(path)) == said
    path.write_bytes(path.read_bytes().rstrip(b"\n"))
    append(path, said[0])
    assert list(read(path)) == [*said, said[0]], "a line without its end is ended first"


def _many(path):
    for number in range(40):
        append(path, Decision("missed", "x" * 500, "2026-05-04", text=str(number)))


def test_writers_side_by_side_lose_nothing(tmp_path):
    path = tmp_path / "decisions.jsonl"
    context = multiprocessing.get_context("spawn")
    writers = [context.Process(target=_many, args=(path,)) for _ in range(2)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert len(read(path)) == 80


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("{", "line 2: is not JSON"),
        ("[]", "line 2: has to be a JSON object"),
        ("<<<<<<< ours", "merge conflict"),
        ('{"verdct":"dismissed","by":"Jo","at":"2026-05-04","fingerprint":"x"}', "no “verdict”; did you mean “verdct”"),
        ('{"verdict":"dismised","by":"Jo","at":"2026-05-04","fingerprint":"x"}', "did you mean “dismissed”"),
        ('{"verdict":"dismissed","by":"Jo","at":"yesterday","fingerprint":"x"}', "no date"),
        ('{"verdict":"dismissed","by":"Jo","at":"2026-05-04"}', "no “fingerprint”"),
        ('{"verdict":"dismissed","by":"Jo","at":"2026-05-04","scope":"everywhere","rule":"a/b"}', "no “text”"),
        ('{"verdict":"dismissed","by":"Jo","at":"2026-05-04","scope":"document","rule":"a/b","text":"c"}', "no “path”"),
        ('{"verdict":"signed-off","by":"Jo","at":"2026-05-04","path":"a.txt"}', "no “text_sha256”"),
        ('{"verdict":"dismissed","by":7,"at":"2026-05-04","fingerprint":"x"}', "“by” has to be a text"),
    ],
)
def test_a_malformed_line_is_named(tmp_path, line, said):
    path = tmp_path / "decisions.jsonl"
    good = json.dumps({"verdict": "dismissed", "by": "Jo", "at": "2026-05-04", "fingerprint": "x"})
    path.write_text(f"{good}\n{line}\n", encoding="utf-8")
    with pytest.raises(DataError, match=said) as error:
        read(path)
    assert str(error.value).startswith(f"{path}: line 2: ")


def test_a_decision_that_says_nothing_is_not_written(tmp_path):
    with pytest.raises(DataError, match="fingerprint"):
        append(tmp_path / "d.jsonl", decision("dismissed"))
    assert not (tmp_path / "d.jsonl").exists()


@given(st.lists(st.tuples(st.sampled_from(("dismissed", "query", "fixed", "undone")), st.integers(0, 59)), max_size=12))
@settings(deadline=None)
def test_the_order_of_lines_does_not_matter_where_the_times_differ(said):
    rows = list({minute: here(verdict, minute) for verdict, minute in said}.values())
    assert weigh(rows).held.keys() == weigh(reversed(rows)).held.keys()
    for key, (_, held) in weigh(rows).held.items():
        assert weigh(reversed(rows)).held[key][1] == held


@given(st.dictionaries(st.text(max_size=8), st.one_of(st.text(max_size=20), st.integers(), st.none()), max_size=4))
@settings(deadline=None)
def test_any_record_that_is_appended_is_read_back(tmp_path_factory, record):
    path = tmp_path_factory.mktemp("journal") / "x.jsonl"
    cleaned = json.loads(json.dumps(record))
    journal.append(path, cleaned)
    journal.append(path, cleaned)
    assert [found for _, found in journal.records(path)] == [cleaned, cleaned]


def test_keys_of_later_versions_are_let_be(tmp_path):
    path = tmp_path / "d.jsonl"
    journal.append(path, {"verdict": "dismissed", "by": "Jo", "at": "2026-05-04", "fingerprint": "x", "mood": "fair", "note": None})
    assert replace(read(path)[0], at="") == decisions.Decision("dismissed", "Jo", "", "x")


def test_a_place_may_be_decided_apart_from_the_others_of_its_finding():
    (finding,) = findings(document())
    first, second = finding.fingerprints
    done = settled(document(), decision("dismissed", fingerprint=second, scope="place"))
    assert [(f.status, f.fingerprints) for f in done.findings] == [("new", (first,))]
    assert [(f.status, f.fingerprints) for f in done.decided] == [("dismissed", (second,))]
    done = settled(document(), decision("dismissed", fingerprint=first, scope="place"), decision("query", 1, fingerprint=second, scope="place"))
    assert [(f.status, f.fingerprint, "Jo" in str(f.evidence["decision"])) for f in done.findings] == [("query", second, True)]
    assert done.decided[0].fingerprint == first
    back = settled(
        document(),
        here("dismissed"),
        decision("query", 1, fingerprint=second, scope="place"),
        decision("undone", 2, fingerprint=second, scope="place"),
    )
    assert [f.fingerprints for f in back.decided] == [(first, second)]
