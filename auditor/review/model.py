"""What the desk hands to the page and what it refuses: frozen values, none of them knows of a database or of HTML."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from auditor.errors import AuditorError

STATES = ("open", "fixed", "dismissed", "query")
"""What may have become of a place: still to be settled, mended, let stand, or put as a question to the source."""

SCOPES = ("here", "document", "everywhere")
"""How far a dismissal reaches: the places that it is given, the same words in the same texts, the same words anywhere."""


class NotFoundError(AuditorError):
    """A text, a group of findings or a place that the desk does not have (any more)."""


class HeldError(AuditorError):
    """Somebody else is on this group: `by`, for `seconds` more unless they go on."""

    def __init__(self, by: str, seconds: float) -> None:
        super().__init__(f"{by} is on this finding")
        self.by, self.seconds = by, seconds


class ConflictError(AuditorError):
    """What was acted on has changed meanwhile: by whom, when, what stands now (`now`) where `asked` was wanted, and the version to act on.

    `fields`: what a form that asked has to say instead to have its way all the same.
    """

    def __init__(
        self, said: str, *, by: str = "", at: str = "", now: str = "", asked: str = "", version: int = 0, fields: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(said)
        self.by, self.at, self.now, self.asked, self.version, self.fields = by, at, now, asked, version, fields or {}


@dataclass(frozen=True, slots=True)
class Filters:
    """What of the queue is wanted; an empty text is any. `rule` may be a pack with a star (`de-en/*`); `words` are looked for in the marked words;
    `weight`: act (what counts against a text) or look (what a rule in preview found)."""

    file: str = ""
    language: str = ""
    rule: str = ""
    severity: str = ""
    state: str = "open"
    words: str = ""
    weight: str = ""


@dataclass(frozen=True, slots=True)
class Quote:
    """A passage as plain text: the words of a place with what stands before and after them in their paragraph."""

    before: str
    marked: str
    after: str


@dataclass(frozen=True, slots=True)
class Option:
    """A suggestion: the words to print instead (empty: cut the place), whether it is safe, and what the language model gains by it in nats."""

    text: str
    safe: bool = False
    lm_gain: float | None = None


@dataclass(frozen=True, slots=True)
class Item:
    """A group in the queue: one rule on the same words with the same suggestions, wherever they stand. `state` is that of its open places if it
    has any; `quote` its first place; `places` all of them, `open` those to be settled; `held` who is on it."""

    key: str
    version: int
    rule: str
    text: str
    message: str
    category: str
    severity: str
    confidence: float
    gating: bool
    state: str
    path: str
    line: int
    quote: Quote
    language: str
    options: tuple[Option, ...]
    places: int
    open: int
    files: int
    held: str = ""


@dataclass(frozen=True, slots=True)
class Page:
    """A stretch of the queue: `total` groups fit the filters; `next` is the `after` of the next stretch, None at the end."""

    items: tuple[Item, ...]
    total: int
    next: str | None


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a sentence on the fluency strip. `band` 0–5 by how much it stands out (0: not); `surprisal` in nats where the model told it."""

    text: str
    surprisal: float | None = None
    band: int = 0


@dataclass(frozen=True, slots=True)
class Where:
    """One place of a group: in which text (`path` names it, `version` is the text's), where, in its paragraph, what became of it, what was printed
    there, and its source sentence. `start` and `end` count code points of the text as it stands now."""

    id: int
    path: str
    version: int
    line: int
    column: int
    start: int
    end: int
    quote: Quote
    state: str
    scope: str = ""
    printed: str = ""
    source: str = ""
    source_language: str = ""
    said: str = ""
    """Who decided what, when, and the note."""


@dataclass(frozen=True, slots=True)
class Comment:
    """A remark on a group."""

    by: str
    at: str
    text: str


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the history: who did what, when; `undone` where it was taken back."""

    id: int
    by: str
    at: str
    said: str
    undone: bool = False


@dataclass(frozen=True, slots=True)
class Detail:
    """Everything on one group. `place` is the one that is shown first; `evidence` name and value in an editor's words; `fluency` says how the
    sentence stands against native news, `strip` holds its words; `precision` what was measured of the rule; empty texts: not known."""

    item: Item
    places: tuple[Where, ...]
    why: str = ""
    refs: tuple[str, ...] = ()
    evidence: tuple[tuple[str, str], ...] = ()
    fluency: str = ""
    strip: tuple[Word, ...] = ()
    precision: str = ""
    comments: tuple[Comment, ...] = ()
    history: tuple[Entry, ...] = ()


@dataclass(frozen=True, slots=True)
class Mark:
    """A stretch of a paragraph; `key` names the group that it belongs to (empty: plain copy), `number` is unique among the marks of the text.
    `start` is its first code point in the text."""

    text: str
    start: int
    key: str = ""
    rule: str = ""
    severity: str = ""
    state: str = ""
    message: str = ""
    number: int = 0
    edited: bool = False


FRONT = "front"
"""The scope of what stands before the copy and tells of it: its lines are the file's, not the editor's."""


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph of a text: its scope (headline, body … or FRONT), where it starts, its stretches in order."""

    scope: str
    start: int
    marks: tuple[Mark, ...]


@dataclass(frozen=True, slots=True)
class TextView:
    """A text as it stands now. `signed` says who let it pass and when (empty: nobody); `sha256` is the hash that a sign-off names."""

    path: str
    version: int
    sha256: str
    language: str
    source_language: str
    text: str
    paragraphs: tuple[Paragraph, ...]
    signed: str = ""
    notices: tuple[str, ...] = ()
    source: str = ""
    edited: bool = False


@dataclass(frozen=True, slots=True)
class Counts:
    """How many places stand in each state."""

    open: int = 0
    fixed: int = 0
    dismissed: int = 0
    query: int = 0

    @property
    def total(self) -> int:
        """All of them."""
        return self.open + self.fixed + self.dismissed + self.query


@dataclass(frozen=True, slots=True)
class TextRow:
    """A text in the list of texts."""

    path: str
    version: int
    language: str
    words: int
    counts: Counts
    signed: str = ""
    edited: bool = False
    triage: str = ""
    score: str = ""


@dataclass(frozen=True, slots=True)
class Done:
    """What an action did, in a sentence; how many places it settled; what it could not do, and why; the version to act on next; the log entry, and
    the group and the text that it was on."""

    said: str
    settled: int = 0
    refused: tuple[str, ...] = ()
    version: int = 0
    entry: int = 0
    key: str = ""
    path: str = ""


@dataclass(frozen=True, slots=True)
class Written:
    """The outcome of writing out: the files written, those left as they were, and the fixes that the files have no place for."""

    files: tuple[str, ...]
    unchanged: int = 0
    refused: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Choices:
    """What the filters may be set to: everything that the queue holds."""

    files: tuple[str, ...]
    languages: tuple[tuple[str, str], ...]
    rules: tuple[tuple[str, int], ...]
    severities: tuple[str, ...]
