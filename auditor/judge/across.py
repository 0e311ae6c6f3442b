"""Findings about the texts of a folder taken together: one name spelled in two ways in different texts."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence

from auditor.judge.findings import base_confidence
from auditor.judge.wording import message
from auditor.names.across import Spelling
from auditor.rules.model import Schema
from auditor.types import Finding, Match, Rule, Scope, Status, Suggestion

SCHEMA = Schema(keys={}, values=frozenset({"other"}))
"""Rules of kind `across` have no parameters; {other} is the spelling of the other texts."""


def judge_across(spellings: Iterable[Spelling], rules: Sequence[Rule]) -> Iterator[Finding]:
    """A finding for each spelling that no text has a finding of its own for; its further texts are occurrences."""
    for spelling in spellings:
        if spelling.in_table:
            continue
        for rule in rules:
            first, *rest = spelling.at
            match = Match(first.inner, suggestions=(Suggestion(spelling.other),), values={"other": spelling.other}, evidence=spelling.evidence)
            fingerprint = hashlib.sha256(f"{rule.id}\0{spelling.text.casefold()}\0{spelling.other.casefold()}".encode()).hexdigest()[:16]
            yield Finding(
                rule=rule.id,
                kind=rule.kind,
                category=rule.category,
                severity=rule.severity,
                confidence=base_confidence(rule),
                at=first,
                sentence=first.text,
                scope=Scope.BODY,
                message=message(rule, match, spelling.text),
                suggestions=match.suggestions or (),
                evidence=spelling.evidence,
                related=spelling.related,
                occurrences=tuple(rest),
                rule_status=rule.status,
                gating=rule.status is Status.STABLE,
                source_lang=None,
                fingerprint=fingerprint,
                fingerprints=(fingerprint,) * len(spelling.at),
            )
