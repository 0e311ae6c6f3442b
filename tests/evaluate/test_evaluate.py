import json

import pytest

NATIVE = {"text": "The council met on Monday. It will vote on the plan in May.", "title": "Council meets", "label": "native"}
MACHINE = {"segments": ["The council met in the the hall.", "Enlarge image", "It will vote in May."], "label": "mt", "src_lang": "de"}


@pytest.fixture
def data(tmp_path):
    path = tmp_path / "rows.jsonl"
    path.write_text("\n".join(map(json.dumps, [NATIVE, MACHINE, NATIVE])) + "\n", encoding="utf-8")
    return path


def test_hits_are_counted_by_label_and_rule(auditor, data):
    ran = auditor("evaluate", data, "--model", "none", "--isolated", "-q")
    assert ran.code == 0
    cells = {row[0]: row[1:] for line in ran.out.splitlines() if line.startswith("| ") for row in [[c.strip() for c in line.strip("|").split("|")]]}
    assert cells["native"][:3] == ["2", "30", "0.00"]
    assert cells["mt"][:2] == ["1", "14"]
    assert cells["en/word-twice"] == ["minor", cells["en/word-twice"][1], "1", "0", "0.00"]
    assert "data:rows.jsonl" in ran.out


@pytest.mark.parametrize(
    ("row", "said"),
    [("{", "line 2: is no JSON"), ('{"body": 1}', "line 2: has neither"), ('{"text": "x", "label": "machine"}', "line 2: label “machine”")],
)
def test_a_wrong_row_is_said_with_file_and_line(auditor, tmp_path, row, said):
    path = tmp_path / "rows.jsonl"
    path.write_text(f"{json.dumps(NATIVE)}\n{row}\n", encoding="utf-8")
    ran = auditor("evaluate", path, "--model", "none", "--isolated")
    assert ran.code == 2
    assert said in ran.err


def test_a_missing_file_is_a_2(auditor, tmp_path):
    assert auditor("evaluate", tmp_path / "none.jsonl", "--model", "none", "--isolated").code == 2
