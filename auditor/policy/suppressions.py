"""Comments in the copy that silence a rule for a paragraph, `<!-- auditor-ignore RULE -- reason -->`: the only place that reads them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from fnmatch import fnmatchcase

from auditor.io.place import locate
from auditor.types import Document, Located, Span

_COMMENT = re.compile(r"<!--\s*auditor-ignore(?![\w-])(?P<body>.*?)-->", re.DOTALL)
_BODY = re.compile(r"\s*(?P<rules>[^\s,]+(?:(?:\s*,\s*|\s+)(?!--)[^\s,]+)*?)\s+--\s*(?P<reason>\S.*?)\s*", re.DOTALL)
_LINE_END = re.compile(r"\r\n|\r|\n")
_RULE = re.compile(r"[\w*?\[\]-]*\w[\w*?\[\]-]*/[\w*?\[\]-]+")


@dataclass(frozen=True, slots=True)
class Suppression:
    """A comment: the globs of the rules it names, why, and for which part of `Document.text` (the paragraph it stands in, else the next).

    `problem` says why it is not obeyed, and is empty for one that is.
    """

    rules: tuple[str, ...]
    reason: str
    line: int
    span: Span
    problem: str = ""

    @property
    def written(self) -> tuple[str, ...]:
        """What it says, wherever it stands."""
        return (*self.rules, "--", self.reason)

    def covers(self, rule: str, place: Located) -> bool:
        """Whether it silences a rule at a place of its document."""
        return not self.problem and self.span.covers(place.inner) and any(fnmatchcase(rule, glob) for glob in self.rules)


def suppressions(document: Document) -> tuple[Suppression, ...]:
    """The comments of a text in order; only HTML and Markdown have any."""
    raw = document.origin.raw
    if raw is None or "auditor-ignore" not in raw:
        return ()
    return tuple(_found(document, raw))


def _found(document: Document, raw: str) -> Iterator[Suppression]:
    blocks = [(locate(document, block.span).span, block.span) for block in document.blocks]
    for comment in _COMMENT.finditer(raw):
        span = next((inner for outer, inner in blocks if comment.start() < outer.end), Span(0, 0))
        line = len(_LINE_END.findall(raw, 0, comment.start())) + 1
        said = _BODY.fullmatch(comment["body"])
        if said is None:
            yield Suppression((), "", line, span, "names no rule and reason: write <!-- auditor-ignore RULE -- reason -->")
            continue
        rules = tuple(re.split(r"\s*,\s*|\s+", said["rules"]))
        broad = next((rule for rule in rules if not _RULE.fullmatch(rule)), None)
        problem = f"“{broad}” is no rule such as names/romanisation" if broad else ""
        yield Suppression(rules, " ".join(said["reason"].split()), line, span, problem)
