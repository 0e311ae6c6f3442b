"""What can be wrong in a rule of each kind: said with file, line, key and the nearest right thing when the pack is read."""

import re

import pytest

from auditor.errors import DataError

WAYS = [
    ("consistency", 'check = "dot"', 6, "check", "cannot be “dot”; did you mean “dots”?"),
    ("density", 'match.any = ["a", "b"]\nmarks = 3\nrate = 5', 7, "marks", "has to be from 2 to the number of patterns, 2"),
    ("fragment", 'find = "orphan"', 6, "find", "cannot be “orphan”; did you mean “orphans”?"),
    ("fragment", 'find = "cuts"\nend.any = ["(the"]', 7, "end.any", "is no pattern: “(the”"),
    ("numbers", 'find = "clock"', 6, "find", "cannot be “clock”; did you mean “clocks”?"),
    ("phrase", 'match.any = "a("', 6, "match.any", "is no pattern: “a(”"),
    ("phrase", 'match.any = "a"\nmatch.except = "b["', 7, "match.except", "is no pattern: “b[”"),
    ("phrase", 'near.any = "b"\nmatch.any = "a("', 7, "match.any", "is no pattern: “a(”"),
    ("phrase", '[x.match]\nany = "a"\nexcept = "b["', 8, "match.except", "is no pattern: “b[”"),
    ("phrase", 'match.any = "a"\nmatch.except = "b?"', 7, "match.except", "matches nothing at all: “b?”"),
    ("phrase", 'match.any = "a"\nscope = ["body", "bodi"]', 7, "scope", "cannot be “bodi”; did you mean “body”?"),
    ("phrase", 'match.any = "a"\nnear.within = "sentense"', 7, "near.within", "cannot be “sentense”; did you mean “sentence”?"),
    ("phrase", "match.any = 'a'\nsuggest = '\\2'", 7, "suggest", "names a group that no pattern has: “\\2”"),
    ("phrase", "match.any = '(a|b) c'\nsuggest = '{1:d|e|f} c'", 7, "suggest", "gives 3 forms where the group has 2"),
    ("punctuation", 'find = "foreign-quote"', 6, "find", "cannot be “foreign-quote”; did you mean “foreign-quotes”?"),
    ("punctuation", 'match.except = "a"', 1, "", "needs “match.any” or “find”"),
    ("punctuation", "match.any = '(a)'\nsuggest = ['\\2']", 7, "suggest", "names a group that no pattern has"),
    ("repetition", 'find = "loop"', 6, "find", "cannot be “loop”; did you mean “loops”?"),
    ("repetition", 'find = "loops"\nleast = "four"', 7, "least", "has to be a number"),
    ("pronoun", 'find = "person"\nmale.pronouns = "he"\nfemale.pronouns = "she"', 6, "find", "cannot be “person”; did you mean “persons”?"),
    ("residue", 'match.any = "a"\nanchor = "line-begin"', 7, "anchor", "cannot be “line-begin”; did you mean “line-"),
    ("residue", 'match.any = "a"\nanchor = "anywhere"\nat = "botom"', 8, "at", "cannot be “botom”; did you mean “bottom”?"),
    ("residue", 'match.any = "a"\nanchor = "anywhere"\nextent = "lines"', 8, "extent", "cannot be “lines”; did you mean “line”?"),
    ("residue", 'match.any = "a"\nanchor = "anywhere"\noutside = ["captions"]', 8, "outside", "did you mean “caption”?"),
    ("residue", 'anchor = "anywhere"\nmatch.any = "{credits}"', 7, "match.any", "unknown placeholder {credits}; did you mean “credit_words”?"),
    ("romanisation", 'entities = ["plaice"]', 6, "entities", "cannot be “plaice”; did you mean “place”?"),
    ("romanisation", 'form = "hause"', 6, "form", "cannot be “hause”; did you mean “house”?"),
    ("untranslated", 'find = "word"', 6, "find", "cannot be “word”; did you mean “words”?"),
    ("untranslated", 'find = "words"\nallow = ["(de"]', 7, "allow", "is no pattern: “(de”"),
]


@pytest.mark.parametrize(("kind", "parameters", "line", "key", "said"), WAYS)
def test_a_mistake_is_told_with_its_place(find, kind, parameters, line, key, said):
    where = f"“{key}” in [x]" if key else "[x]"
    with pytest.raises(DataError, match=rf"en\.toml: line {line}: {re.escape(where)} .*{re.escape(said)}"):
        find(kind, parameters, "a")


@pytest.mark.parametrize(
    ("kind", "parameters", "said"),
    [
        ("phrase", 'near.any = "a"', "needs “match.any” (kind phrase)"),
        ("residue", 'match.any = "a"', "needs “anchor” (kind residue)"),
        ("phrase", 'match.any = "a"\nnear.all = "b"', "line 7: unknown key “near.all” in [x]; did you mean “near."),
    ],
)
def test_what_is_missing_or_unknown_is_told(find, kind, parameters, said):
    with pytest.raises(DataError, match=re.escape(said)):
        find(kind, parameters, "a")
