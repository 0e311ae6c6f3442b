import pytest

from auditor.errors import DataError
from auditor.rules.loader import load, load_pack, unmark
from auditor.rules.model import Schema
from auditor.types import Severity, Span, Status

SCHEMAS = {
    "phrase": Schema(
        {"match.any": "strings", "near.any": "strings", "limit": "number"}, required=frozenset({"match.any"}), values=frozenset({"word"})
    )
}

GOOD = """
[takes-place]
kind = "phrase"
message = "“{match}” reads like French “{word}”."
category = "style/unidiomatic"
severity = "minor"
suggest = "happens"
match.any = ["has place"]
[[takes-place.bad]]
text = "The vote [[has place]] on Monday."
fixed = "The vote happens on Monday."
[[takes-place.good]]
text = "She has a place in the team."
"""


def write(folder, text, name="fr-en.toml"):
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_a_rule_is_read_with_its_examples(tmp_path):
    (rule,) = load_pack(write(tmp_path, GOOD), SCHEMAS)
    assert (rule.id, rule.source, rule.target) == ("fr-en/takes-place", "fr", "en")
    assert rule.params == {"match.any": ("has place",)}
    assert (rule.severity, rule.status, rule.suggest) == (Severity.MINOR, Status.PREVIEW, ("happens",))
    assert rule.bad[0].spans == (Span(9, 18),)
    assert rule.bad[0].text == "The vote has place on Monday."
    assert rule.good[0].spans == ()


@pytest.mark.parametrize(
    ("old", "new", "line", "said"),
    [
        ('suggest = "happens"', 'sugest = "happens"', 7, "did you mean “suggest”"),
        ('suggest = "happens"', "suggest = 3", 7, "a text or a list of texts"),
        ('severity = "minor"', 'severity = "mayor"', 6, "did you mean “major”"),
        ('category = "style/unidiomatic"', 'category = "style/unidiomtic"', 5, "did you mean “style/unidiomatic”"),
        ('kind = "phrase"', 'kind = "phrases"', 3, "did you mean “phrase”"),
        ("{word}", "{wrod}", 4, "unknown placeholder {wrod}"),
        ('match.any = ["has place"]', 'match.all = ["has place"]', 8, "did you mean “match.any”"),
        ('match.any = ["has place"]', 'limit = "three"', 8, "has to be a number"),
        ("[[has place]] on", "has place on", 9, "needs [[ ]]"),
        ("a place in", "[[a place]] in", 12, "takes no [[ ]]"),
        ("[takes-place]", "[Takes_Place]", 2, "no rule name"),
        ('kind = "phrase"', 'kind = "phrase', 3, "line 3"),
    ],
)
def test_what_is_wrong_is_said_with_file_line_and_the_nearest_right_thing(tmp_path, old, new, line, said):
    assert old in GOOD
    path = write(tmp_path, GOOD.replace(old, new, 1))
    with pytest.raises(DataError) as caught:
        load_pack(path, SCHEMAS)
    assert str(path) in str(caught.value)
    assert f"line {line}" in str(caught.value)
    assert said in str(caught.value)


def test_a_pack_has_to_be_named_after_its_languages(tmp_path):
    with pytest.raises(DataError, match="source-target"):
        load_pack(write(tmp_path, GOOD, "french_to_english.toml"), SCHEMAS)


def test_a_project_pack_replaces_a_rule_and_changes_the_digest(tmp_path):
    (tmp_path / "own").mkdir()
    write(tmp_path, GOOD)
    write(tmp_path / "own", GOOD.replace("minor", "major"))
    ours, both = load([tmp_path], SCHEMAS), load([tmp_path, tmp_path / "own"], SCHEMAS)
    assert [rule.severity for rule in ours] == [Severity.MINOR]
    assert [rule.severity for rule in both] == [Severity.MAJOR]
    assert ours.digest != both.digest


def test_marks_become_spans():
    assert unmark("a [[b]] c [[d e]]") == ("a b c d e", (Span(2, 3), Span(6, 9)))


def test_trusted_folders_are_read_without_trying_their_patterns(tmp_path):
    schemas = {"phrase": Schema({"match.any": "patterns"}, values=frozenset({"word"}))}
    write(tmp_path, GOOD.replace("has place", "has (place").replace("[[has (place]]", "[[has place]]"))
    with pytest.raises(DataError, match=r"line 8: “match.any”"):
        load([tmp_path], schemas)
    assert len(load([tmp_path], schemas, trusted=[tmp_path])) == 1


def test_a_kind_says_what_it_cannot_use(tmp_path):
    def check(rule):
        if rule.params["limit"] == 0:
            yield "limit", "lets nothing through"

    schemas = {"phrase": Schema({"match.any": "patterns", "limit": "number"}, values=frozenset({"word"}), check=check)}
    assert load_pack(write(tmp_path, GOOD.replace('suggest = "happens"', "limit = 1")), schemas)
    with pytest.raises(DataError, match=r"line 7: “limit” in .takes-place. lets nothing through"):
        load_pack(write(tmp_path, GOOD.replace('suggest = "happens"', "limit = 0")), schemas)
