"""Quotations that are never closed, and marks that close what was never opened; the only kind that pairs marks from one paragraph to the next.

Only typographic marks tell which side they stand on. A paragraph that has other marks beside them, or one that stands between two words or between
two spaces, is left alone, and so is one in which more than a single mark is missing: what is wrong there cannot be said.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from auditor.detect.kind import Detector, Kind, Resources
from auditor.rules.model import Schema
from auditor.types import Block, Document, Match, Rule, Scope, Span

_MARK = re.compile("[“”]")
_OTHER = re.compile("[\"„‟«»‹›″]|''|’’|‘‘")
_LONGEST = 1000
"""Code points of a block beyond which it is taken for several paragraphs that lost their breaks."""
_OPENING, _CLOSING = "([{—–-/‘…", ".,;:!?)]}—–-…’"
_WORD = re.compile(r"\s*[\w’'-]+|\S")
_LAST = re.compile(r"[\w’'-]*[^\w\s]*$")
_SKIPPED = (Scope.CREDIT, Scope.TEASER)


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A block with its marks: where each stands and whether it opens. `told`: all of them say so."""

    block: Block
    marks: tuple[tuple[int, bool], ...]
    told: bool

    @property
    def missing(self) -> int:
        """How many more quotations it opens than it closes."""
        return sum(1 if opens else -1 for _, opens in self.marks)


def build(rules: Sequence[Rule], resources: Resources) -> Detector:
    """One detector for all rules of the kind, each by the finder that it names. Places of one wording are one match."""
    del resources
    finders = [(rule, FINDERS[str(rule.params["find"])]) for rule in rules]

    def detect(document: Document) -> Iterator[tuple[Rule, Match]]:
        if not _MARK.search(document.text):
            return
        page = [_read(document.text, block) for block in document.blocks if block.scope not in _SKIPPED]
        for rule, find in finders:
            groups: dict[str, list[Span]] = {}
            for span in find(document.text, page):
                groups.setdefault(document.text[span.start : span.end], []).append(span)
            for first, *others in groups.values():
                yield rule, Match(first, occurrences=tuple(others))

    return detect


def _read(text: str, block: Block) -> Paragraph:
    found = []
    content = text[block.span.start : block.span.end]
    told = len(content) <= _LONGEST and not _OTHER.search(content)
    for match in _MARK.finditer(content) if told else ():
        at = match.start()
        before, after = content[at - 1 : at] or " ", content[at + 1 : at + 2] or " "
        opens = (before.isspace() or before in _OPENING) and not after.isspace()
        closes = not before.isspace() and (after.isspace() or after in _CLOSING)
        if opens == closes:  # “—” on either side
            opens, closes = match.group() == "“", match.group() == "”"
            told = told and (before in _OPENING or after in _CLOSING)
        found.append((block.span.start + at, opens))
    return Paragraph(block, tuple(found), told)


def unclosed(text: str, page: Sequence[Paragraph]) -> Iterator[Span]:
    """The opening mark and the word behind it of a quotation that ends nowhere: of two that open one behind the other the first, else the last of
    the paragraph, unless the next paragraph goes on with it, by a mark of its own or by closing it."""
    for paragraph, following in zip(page, (*page[1:], None), strict=False):
        if not paragraph.told or paragraph.missing != 1:
            continue
        opened = [at for (at, opens), (_, again) in zip(paragraph.marks, paragraph.marks[1:], strict=False) if opens and again]
        last, opens = paragraph.marks[-1]
        if not opened and (not opens or _goes_on(following)):
            continue
        at = opened[0] if opened else last
        word = _WORD.match(text, at + 1)
        yield Span(at, min(word.end(), paragraph.block.span.end) if word else at + 1)


def _goes_on(following: Paragraph | None) -> bool:
    """Whether a paragraph goes on with the quotation of the one before, as far as can be told."""
    if following is None:
        return False
    first = next(iter(following.marks), None)
    return not following.told or (first is not None and (not first[1] or first[0] == following.block.span.start))


def unopened(text: str, page: Sequence[Paragraph]) -> Iterator[Span]:
    """The closing mark with the word before it where nothing was opened, in this paragraph or the one before."""
    for before, paragraph in zip((None, *page[:-1]), page, strict=False):
        if not paragraph.told or paragraph.missing != -1 or (before is not None and (not before.told or before.missing > 0)):
            continue
        depth = 0
        for at, opens in paragraph.marks:
            depth += 1 if opens else -1
            if depth < 0 and not text[at - 1].isdigit():  # no inches
                begin = max(paragraph.block.span.start, at - 40)
                tail = _LAST.search(text, begin, at)
                yield Span(tail.start() if tail else at, at + 1)
            if depth < 0:
                break


Finder = Callable[[str, Sequence[Paragraph]], Iterator[Span]]
FINDERS: Mapping[str, Finder] = {"unclosed": unclosed, "unopened": unopened}

KIND = Kind(
    Schema(keys={"find": "string"}, required=frozenset({"find"}), choices={"find": tuple(FINDERS)}),
    build,
)
