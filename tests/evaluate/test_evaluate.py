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
    assert cells["en/word-twice"] == ["minor", cells["en/word-twice"][1], "1", "0", "0.00", "–", "–", "–"]
    assert "data:rows.jsonl" in ran.out


def test_systems_stand_beside_the_translators_of_the_same_texts(auditor, tmp_path):
    path, common = tmp_path / "rows.jsonl", {"src_lang": "de", "year": 2022}
    long = ["The council met in the hall and heard what the mayor had to say of it."] * 150
    rows = [
        {
            **common,
            "system": "Ours",
            "label": "mt",
            "segments": ["The council met in the the hall.", *(f"{n}. {line}" for n, line in enumerate(long))],
        },
        {**common, "system": "Mary", "label": "human", "segments": [f"{n}. {line}" for n, line in enumerate(long)]},
        {**common, "system": "Short", "label": "mt", "segments": ["The council met in the the hall."]},
    ]
    path.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    ran = auditor("evaluate", path, "--select", "en/word-twice", "--model", "none", "--isolated", "-q")
    systems = [line for line in ran.out.splitlines() if line.startswith("| de 2022")]
    assert [line.split(" | ")[:2] for line in systems] == [["| de 2022 Ours", "mt"], ["| de 2022 Mary", "human"]]
    assert [line.split(" | ")[4] for line in systems] == ["0.39", "0.00"]


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


def test_hits_to_read_are_drawn_and_their_verdicts_counted(auditor, data, tmp_path):
    hits, judged, page = tmp_path / "hits.jsonl", tmp_path / "judged.jsonl", tmp_path / "rules.md"
    common = ("--select", "en/word-twice", "--model", "none", "--isolated", "-q")
    assert auditor("evaluate", data, "--hits", hits, *common).code == 0
    (row,) = map(json.loads, hits.read_text(encoding="utf-8").splitlines())
    assert row["text"] == "the the"
    hits.write_text(json.dumps({**row, "verdict": "right"}), encoding="utf-8")
    assert auditor("evaluate", data, "--take", hits, "--judged", judged, "--hits", hits, "-o", page, *common).code == 0
    assert "the the" not in judged.read_text(encoding="utf-8")
    assert hits.read_text(encoding="utf-8") == ""
    assert "1 of 1 | 1.00 (0.21–1.00)" in page.read_text(encoding="utf-8")
    (figures,) = map(json.loads, page.with_suffix(".jsonl").read_text(encoding="utf-8").splitlines())
    assert (figures["rule"], figures["right"], figures["hits"]["mt"]) == ("en/word-twice", 1, 1)


def test_taking_verdicts_needs_a_file_to_keep_them(auditor, data, tmp_path):
    assert auditor("evaluate", data, "--take", data, "--model", "none", "--isolated").code == 2


def test_hits_on_native_news_are_read_apart(auditor, data, tmp_path):
    hits, common = tmp_path / "hits.jsonl", ("--select", "en/word-twice", "--model", "none", "--isolated", "-q")
    assert auditor("evaluate", data, "--hits", hits, "--hits-on", "native", *common).code == 0
    assert hits.read_text(encoding="utf-8") == ""
    ran = auditor("evaluate", data, "--hits", hits, "--hits-on", "machine", *common)
    assert ran.code == 2
    assert "mt, postedit, human, native" in ran.err


def test_pairs_are_compared_phenomenon_by_phenomenon(auditor, tmp_path):
    path, page = tmp_path / "pairs.jsonl", tmp_path / "page.md"
    row = {"good": "The dam at Moos holds.", "bad": "The dam dam dam dam at Moos holds.", "phenomenon": "repeat"}
    path.write_text("".join(json.dumps({**row, "good": f"{number} dams hold."}) + "\n" for number in range(12)), encoding="utf-8")
    assert auditor("evaluate", "--pairs", path, "--sample", "11", "--model", "none", "--isolated", "-o", page).code == 0
    assert "| repeat | 11 | 1.00 (0.74–1.00) | 0.00 | 11 | 11 |" in page.read_text(encoding="utf-8")
    path.write_text("{}\n", encoding="utf-8")
    ran = auditor("evaluate", "--pairs", path, "--model", "none", "--isolated")
    assert ran.code == 2
    assert "line 1: has no “good”" in ran.err
