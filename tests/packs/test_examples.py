"""The examples of every rule of every pack: exactly the marked spans, the mended text reached by a suggestion, near misses silent."""

from functools import cache
from itertools import product

import pytest

from auditor.detect import KINDS
from auditor.detect.kind import Detector, Resources
from auditor.names import aliases
from auditor.rules import loader
from auditor.stages import SCHEMAS
from auditor.text.language import language
from auditor.text.provenance import settle
from auditor.text.segment import segment
from auditor.types import Document, Example, Match, Rule, Suggestion

RULES = [rule for rule in loader.load([loader.packs_folder()], SCHEMAS) if rule.kind in KINDS]
BAD = [pytest.param(rule, example, id=f"{rule.id}-{number}") for rule in RULES for number, example in enumerate(rule.bad)]
GOOD = [pytest.param(rule, example, id=f"{rule.id}-{number}") for rule in RULES for number, example in enumerate(rule.good)]


@cache
def table() -> aliases.AliasTable:
    return aliases.load([aliases.aliases_folder()])


@cache
def detector(rule_id: str) -> Detector:
    rule = next(rule for rule in RULES if rule.id == rule_id)
    return KINDS[rule.kind].build([rule], Resources(language=language, aliases=table(), profile=str(rule.params.get("example.profile", ""))))


def found(rule: Rule, example: Example) -> list[Match]:
    document = segment(settle(Document("example.txt", example.text), flag=example.source_lang or rule.source))
    return sorted((match for _, match in detector(rule.id)(document)), key=lambda match: match.span)


def mended(rule: Rule, example: Example, matches: list[Match]) -> set[str]:
    """Every text that taking one suggestion for each match can give; a deletion takes the space or line end beside it along."""
    own = tuple(map(Suggestion, rule.suggest))
    edits = [
        (span, [item.text for item in (own if match.suggestions is None else match.suggestions)])
        for match in matches
        for span in (match.span, *match.occurrences)
    ]
    texts = set()
    for chosen in product(*(options for _, options in edits)):
        text = example.text
        for (span, _), new in sorted(zip(edits, chosen, strict=True), key=lambda edit: edit[0][0], reverse=True):
            text = text[: span.start] + new + text[span.end :]
        texts.add(plain(text))
    return texts


def plain(text: str) -> str:
    """White space that a deletion leaves behind is the fixer's business, not the rule's."""
    return "\n".join(" ".join(line.split()) for line in text.splitlines() if line.strip())


@pytest.mark.parametrize(("rule", "example"), BAD)
def test_bad_example_is_found_and_mended(rule: Rule, example: Example) -> None:
    matches = found(rule, example)
    spans = sorted({span for match in matches for span in (match.span, *match.occurrences)})
    assert [example.text[span.start : span.end] for span in spans] == [example.text[span.start : span.end] for span in example.spans]
    assert tuple(spans) == example.spans
    if example.fixed is not None:
        assert plain(example.fixed) in mended(rule, example, matches)


@pytest.mark.parametrize(("rule", "example"), GOOD)
def test_near_miss_is_silent(rule: Rule, example: Example) -> None:
    assert [example.text[match.span.start : match.span.end] for match in found(rule, example)] == []


@pytest.mark.parametrize("rule", [pytest.param(rule, id=rule.id) for rule in RULES])
def test_rule_has_examples_and_a_reason(rule: Rule) -> None:
    assert rule.bad
    assert rule.good
    assert rule.why
    assert rule.message.startswith("“{match}”")
    assert "should" not in rule.message.casefold().split()
    assert "!" not in rule.message
