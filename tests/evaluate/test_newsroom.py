import pytest

from auditor.evaluate.newsroom import Verdicts, below, demote, verdicts
from auditor.policy.decisions import Decision

TODAY = "2026-05-04"


def said(verdict, minute, rule="en/word-twice", **more):
    values = {"fingerprint": f"f{minute}", "text": f"word {minute}", **more}
    return Decision(verdict, "Jo", f"2026-05-04T10:{minute:02}:00+00:00", rule=rule, **values)


def test_decisions_that_hold_are_counted_once_each():
    bulk = [said("fixed", 1, fingerprint=mark, text="same") for mark in "abc"]
    taken_back = [said("dismissed", 2), said("undone", 3, fingerprint="f2")]
    wide = [said("dismissed", 4, scope="everywhere", fingerprint="")]
    other = [said("missed", 5, rule=""), said("query", 6), said("signed-off", 7, rule="", fingerprint="", text_sha256="x")]
    assert verdicts([*bulk, *taken_back, *wide, *other]) == {"en/word-twice": Verdicts(1, 1, 1)}


def test_a_rule_is_demoted_for_what_many_decisions_say():
    few = {"a/few": Verdicts(0, 9), "a/bad": Verdicts(7, 3), "a/good": Verdicts(9, 1), "a/asked": Verdicts(0, 0, 20)}
    assert below(few, floor=0.8) == ("a/bad",)


@pytest.mark.parametrize(
    ("name", "before"),
    [
        ("auditor.toml", '# ours\n\nprofile = "x"\n\n[[overrides]]\nfiles = ["*"]\n'),
        ("auditor.toml", ""),
        ("auditor.toml", 'demote = ["b/old"] # kept\nmodel = "none"\n'),
        ("pyproject.toml", '[project]\nname = "x"\n\n[tool.auditor]\nmodel = "none"\n\n[tool.other]\ndemote = ["z"]\n'),
    ],
)
def test_the_configuration_gets_a_note_and_keeps_the_rest(tmp_path, name, before):
    from auditor.config import load

    path = tmp_path / name
    path.write_text(before, encoding="utf-8")
    found = {"a/bad": Verdicts(7, 3)}
    assert demote(path, found, ["a/bad"], today=TODAY) == ("a/bad",)
    text = path.read_text(encoding="utf-8")
    assert '"a/bad",  # right in 7 of 10 decisions, 2026-05-04' in text
    assert [line for line in before.splitlines() if line.strip() and not line.startswith('demote = ["b')] == [
        line for line in text.splitlines() if line.strip() in {row.strip() for row in before.splitlines()} - {""}
    ]
    assert "a/bad" in load(path).demote
    assert demote(path, found, ["a/bad"], today=TODAY) == ()
    assert path.read_text(encoding="utf-8") == text
    assert demote(path, {"a/worse": Verdicts(0, 10)}, ["a/worse"], today=TODAY) == ("a/worse",)
    assert "7 of 10" in path.read_text(encoding="utf-8"), "older notes stay"


def test_a_demoted_rule_is_reported_and_does_not_gate(auditor, tmp_path):
    import json

    (tmp_path / "a.txt").write_text("President Selenskyj spoke at length.\n", encoding="utf-8")
    decided = [
        json.dumps(
            {
                "verdict": "dismissed",
                "by": "Jo",
                "at": f"2026-05-04T10:{n:02}:00",
                "fingerprint": str(n),
                "rule": "names/romanisation",
                "text": str(n),
            }
        )
        for n in range(12)
    ]
    (tmp_path / "d.jsonl").write_text("\n".join(decided), encoding="utf-8")
    (tmp_path / "auditor.toml").write_text('source-lang = "de"\n', encoding="utf-8")
    before = auditor("gate", "a.txt", "--model", "none")
    assert before.code == 1
    ran = auditor("evaluate", "d.jsonl", "--decisions", "--demote")
    assert ran.code == 0, ran.err
    assert "| names/romanisation | 0 | 12 | 0 | 0.00 | 0.00–0.24 | demote |" in ran.out
    assert auditor("gate", "a.txt", "--model", "none").code == 0
    assert "Zelensky" in auditor("audit", "a.txt", "--model", "none").out
    assert auditor("evaluate", "none.jsonl", "--decisions").code == 2
