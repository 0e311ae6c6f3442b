# ruff: noqa: E501  copy stands on long lines, as it does in files
"""An invented folder of translated copy with findings of every sort, and the makers of its parts."""

from __future__ import annotations

import re
from collections.abc import Sequence

import pytest

from auditor.types import (
    Audit,
    Block,
    Document,
    Extract,
    Failure,
    Finding,
    Located,
    Peak,
    Provenance,
    Quality,
    Report,
    Rule,
    Run,
    Scope,
    Score,
    Segment,
    Severity,
    Span,
    Status,
    Suggestion,
    Triage,
)

HARBOUR = """Dockers in Valmère extend their strike until Sunday
Enlarge image
The dockers of Valmère voted on Wednesday morning to extend the blockade of the container terminal, which has lasted eleven days. The movement risks to spread to the two neighbouring ports, the harbour master warned.
Mr. Renaud Delcourt, the secretary of the union, affirmed that “the negotiations are at a standstill since Monday and nobody at the prefecture calls us back”. The prefecture did not want to react at first. Then it published a communiqué.
In Cairo, president Abdelfattah al-Sissi assured that the deliveries of wheat would not be touched. Abdel Fattah al-Sisi had received the ambassador the day before. For al-Sissi, the affair is above all a French one.
The damage is put at 1,5 million euros a day by the chamber of commerce. Some 240 ships are waiting off the coast, it specifies, against 35 in a normal week.
Also read: What the strike changes for your holidays
The talks will resume resume on Friday at 14 Uhr. Which does not mean an agreement is near.
According to Delcourt « nothing will move » before the weekend.
"""

FOREST = """Forest fires: the worst is over
Around 800 firefighters have the blaze near Lauterbrück under control since the night, said the district office on Tuesday. Three villages could be visited again by their inhabitants, but the road to Ober-Selm remains closed until further notice.
The mayor, Heike Brandt, thanked the helpers. "That was a tour de force," she said.
"""

CLEAN = """Council approves new tram line
The city council approved a second tram line on Monday night by 31 votes to 24. Work begins in March and will take four years, the transport department said.
Shopkeepers on Mill Street had asked for compensation during the works. The council promised a fund of £2m.
"""

GERMAN = """Die Feuerwehr hat den Brand unter Kontrolle gebracht. Verletzt wurde niemand, teilte das Landratsamt am Abend mit.
"""

HOSTILE = """Shares\x1b[31m fall</script><script>alert(1)</script> \u202egnp.exe &amp; <b>bold</b> 日本語のテキスト here
\tTabbed\u200b line::error title=x,=cmd|' /C calc'!A0 and a word
"""


def document(path: str, text: str, **provenance: object) -> Document:
    """A flat text: a block a line, a segment a sentence."""
    blocks, segments = [], []
    for line in re.finditer(r"[^\n]+", text):
        blocks.append(Block(Span(line.start(), line.end())))
        for sentence in re.finditer(r"\S.*?(?:[.!?][”\"]?(?=\s|$)|$)", line.group()):
            span = Span(line.start() + sentence.start(), line.start() + sentence.end())
            scope = Scope.HEADLINE if not blocks[1:] else Scope.BODY
            segments.append(Segment(len(segments), text[span.start : span.end], span, scope, len(blocks) - 1))
    return Document(path, text, provenance=Provenance(**provenance), blocks=tuple(blocks), segments=tuple(segments))  # type: ignore[arg-type]


def place(doc: Document, words: str, nth: int = 0) -> Located:
    """The nth place of some words in a flat text."""
    start = -1
    for _ in range(nth + 1):
        start = doc.text.index(words, start + 1)
    end = start + len(words)

    def line_column(offset: int) -> tuple[int, int]:
        return doc.text.count("\n", 0, offset) + 1, offset - doc.text.rfind("\n", 0, offset)

    bytes_start = len(doc.text[:start].encode("utf-8", "surrogatepass"))
    return Located(
        doc.path,
        None,
        Span(start, end),
        Span(bytes_start, bytes_start + len(words.encode("utf-8", "surrogatepass"))),
        *line_column(start),
        *line_column(end),
        words,
        Span(start, end),
    )


def finding(doc: Document, rule: str, words: str, message: str, *fixes: str, nth: int = 0, **more: object) -> Finding:
    """A finding on the nth place of some words; stable and gating unless told."""
    at = place(doc, words, nth)
    sentence = next((segment.text for segment in doc.segments if segment.span.covers(at.inner)), at.text)
    values: dict[str, object] = {
        "kind": "phrase",
        "category": "style/unidiomatic",
        "severity": Severity.MINOR,
        "confidence": 0.9,
        "scope": Scope.BODY,
        "evidence": {},
        "related": (),
        "occurrences": (),
        "rule_status": Status.STABLE,
        "gating": True,
        "source_lang": doc.provenance.source_lang,
        "fingerprint": f"{rule}:{words}"[:40],
        "suggestions": tuple(Suggestion(fix) for fix in fixes),
        **more,
    }
    return Finding(rule=rule, at=at, sentence=sentence, message=message, **values)  # type: ignore[arg-type]


def audit(
    doc: Document,
    findings: Sequence[Finding],
    triage: Triage,
    quality: Quality,
    reasons: Sequence[str] = (),
    skipped: Sequence[str] = (),
    scored: bool = True,
) -> Audit:
    """An audit with a made-up but fixed fluency for each sentence."""
    scores = []
    for segment in doc.segments if scored else ():
        words = [Span(segment.span.start + word.start(), segment.span.start + word.end()) for word in re.finditer(r"\w+", segment.text)]
        percentile = (segment.id * 37 + len(segment.text) * 13) % 101
        peaks = (Peak(max(words, key=len), 11.5 + segment.id),) if percentile > 80 and words else ()
        scores.append(Score(segment.id, -3.1 * len(words) - percentile / 9, len(words) or 1, 0.0, float(percentile), peaks))
    words_in = len(doc.text.split())
    return Audit(
        doc.path,
        None,
        doc.provenance,
        words_in,
        len(doc.segments),
        tuple(findings),
        tuple(scores),
        Extract(doc.path, None),
        quality,
        triage,
        tuple(reasons),
        tuple(skipped),
        doc,
    )


def harbour() -> Audit:
    """French copy with problems of every sort."""
    doc = document("copy/fr/dockers-valmere.txt", HARBOUR, source_lang="fr", how="outlet tag", language="en", detail="(with AFP)")
    preview = {"gating": False, "rule_status": Status.PREVIEW}
    found = [
        finding(
            doc,
            "und/enlarge-image",
            "Enlarge image",
            "“Enlarge image” is a label of the picture viewer, left in the copy.",
            "",
            kind="residue",
            category="markup/residue",
            confidence=0.99,
        ),
        finding(
            doc,
            "fr-en/risks-to",
            "risks to spread",
            "“risks to spread” reads like French “risque de”.",
            "could spread",
            "may spread",
            "threatens to spread",
            evidence={"lm_gain_nats": 5.25},
        ),
        finding(
            doc,
            "fr-en/affirmed-that",
            "affirmed that",
            "“affirmed that” reads like French “a affirmé que”: English news says plainly who said it.",
            "said",
            **preview,
            confidence=0.62,
        ),
        finding(
            doc,
            "fr-en/since-monday",
            "are at a standstill since Monday",
            "“are at a standstill since Monday” keeps the French present tense; it stands in a quotation: check against the original.",
            **preview,
            confidence=0.7,
            scope=Scope.QUOTE,
        ),
        finding(
            doc,
            "names/romanisation",
            "Abdelfattah al-Sissi",
            "“Abdelfattah al-Sissi” follows French romanisation; the English form is Abdel Fattah al-Sisi.",
            "Abdel Fattah al-Sisi",
            kind="romanisation",
            category="terminology/inconsistent-with-resource",
            severity=Severity.MAJOR,
            confidence=0.98,
            suggestions=(Suggestion("Abdel Fattah al-Sisi", safe=True),),
            evidence={"convention": "fr", "lm_gain_nats": 4.2},
            occurrences=(place(doc, "al-Sissi", 1),),
            related=(place(doc, "Abdel Fattah al-Sisi"),),
        ),
        finding(
            doc,
            "und/decimal-comma",
            "1,5",
            "“1,5” is a number written the French way.",
            "1.5",
            kind="numbers",
            category="locale/number-format",
            severity=Severity.MAJOR,
            suggestions=(Suggestion("1.5", safe=True),),
        ),
        finding(
            doc,
            "und/teaser",
            "Also read: What the strike changes for your holidays",
            "“Also read: …” is a link to another story, left in the copy.",
            "",
            kind="residue",
            category="markup/residue",
        ),
        finding(
            doc,
            "en/doubled-word",
            "resume resume",
            "“resume resume” stands twice.",
            "resume",
            kind="repetition",
            category="linguistic/duplication",
            suggestions=(Suggestion("resume", safe=True),),
        ),
        finding(doc, "de-en/uhr", "14 Uhr", "“14 Uhr” is a time written the German way.", "2 p.m.", kind="numbers", category="locale/time-format"),
        finding(
            doc,
            "und/orphaned-clause",
            "Which does not mean an agreement is near.",
            "“Which does not mean …” is a clause cut off from its sentence, probably at a comma of the French.",
            kind="fragment",
            category="linguistic/grammar",
            **preview,
            confidence=0.55,
        ),
        finding(
            doc,
            "und/guillemets",
            "« nothing will move »",
            "“« nothing will move »” stands in French quotation marks.",
            "“nothing will move”",
            kind="punctuation",
            category="linguistic/punctuation",
            suggestions=(Suggestion("“nothing will move”", safe=True),),
        ),
        finding(
            doc,
            "und/fluency",
            "For al-Sissi, the affair is above all a French one.",
            "This sentence is less fluent than 99 % of native news.",
            kind="fluency",
            **preview,
            confidence=0.4,
            evidence={"percentile": 99.2},
        ),
    ]
    reasons = ("2 major findings on 190 words", "score 84.2, below the gate's 90")
    return audit(doc, found, Triage.FIX, Quality(84.2, 76.8, 91.0, 81.6, 30, 190), reasons)


def sample() -> Report:
    """The folder as a whole."""
    first = harbour()
    forest = document("copy/de/waldbrand.txt", FOREST, source_lang="de", how="inferred", confidence=0.83, language="en")
    clean = document("copy/en/tram-line.txt", CLEAN, language="en")
    german = document("copy/de/übersehen & <vergessen>.txt", GERMAN, source_lang="de", how="path", language="de", translated=False)
    across = finding(
        forest,
        "names/across-texts",
        "Heike Brandt",
        "“Heike Brandt” is “Heike Brand” in another text of the folder.",
        kind="consistency",
        category="terminology/inconsistent-use",
        gating=False,
        rule_status=Status.PREVIEW,
        occurrences=(place(first.document, "secretary"),),  # type: ignore[arg-type]
        related=(place(first.document, "Renaud Delcourt"),),  # type: ignore[arg-type]
    )
    return Report(
        Run("0.1.0", "9f31c2d4e5a6b7c8", 184, "smollm2-135m-instruct@12fd25f (openvino, bf16)"),
        (
            first,
            audit(
                forest,
                [
                    finding(
                        forest,
                        "de-en/has-since",
                        "have the blaze near Lauterbrück under control since the night",
                        "“have … since” keeps the German present tense.",
                        "have had the blaze near Lauterbrück under control since the night",
                    )
                ],
                Triage.FIX,
                Quality(98.2, 93.0, 100.0, 98.2, 1, 56),
                (),
            ),
            audit(
                clean,
                [],
                Triage.FINE,
                Quality(100.0, 96.1, 100.0, 100.0, 0, 50),
                (),
                ("source language unknown: rules for one source language did not run",),
            ),
            audit(
                german,
                [
                    finding(
                        german,
                        "und/not-translated",
                        GERMAN.strip(),
                        "The text stands in German: it was not translated.",
                        kind="untranslated",
                        category="accuracy/untranslated",
                        severity=Severity.CRITICAL,
                    )
                ],
                Triage.HOLD,
                Quality(None, None, None, None, 25, 16),
                ("not translated",),
                ("fluency: the text is not English",),
                scored=False,
            ),
        ),
        (Failure("copy/agency/scan.txt", "is a picture (PNG), not text"),),
        (across,),
        ("copy/notes.pages was left out: no reader for .pages",),
    )


def rules() -> dict[str, Rule]:
    """Two of the rules of the sample with their reasons."""
    common = {"source": None, "target": "en", "params": {}}
    return {
        "fr-en/risks-to": Rule(
            "fr-en/risks-to",
            "fr",
            "en",
            "phrase",
            {},
            "“{match}” reads like French “risque de”.",
            "style/unidiomatic",
            Severity.MINOR,
            Status.STABLE,
            why="English “risk” takes a noun or a gerund, and only for a danger that somebody runs.",
        ),
        "names/romanisation": Rule(
            "names/romanisation",
            **common,
            kind="romanisation",
            message="“{match}”",
            category="terminology/inconsistent-with-resource",
            severity=Severity.MAJOR,
            status=Status.STABLE,
            why="Readers and search engines know people by one spelling.",
            refs=("https://www.loc.gov/catdir/cpso/roman.html",),
        ),  # type: ignore[arg-type]
    }


def hostile() -> Report:
    """Copy that tries to command the terminal, the page and the spreadsheet that show it."""
    doc = document("copy/\x1b]0;evil\x07<img src=x onerror=alert(1)>.txt", HOSTILE, source_lang="fr", how="flag", detail="</script>\x1b[2J")
    words = "</script><script>alert(1)</script> \u202egnp.exe &amp; <b>bold</b>"
    found = [
        finding(doc, "und/hostile", words, f"“{words}” is \x1b[31mno copy\n::error::.", "\x1b[0m<i>x</i>\u202e", evidence={"<b>": "\x07</script>"}),
        finding(doc, "und/wide", "日本語", "“日本語” is left in Japanese."),
        finding(doc, "und/tab", "Tabbed\u200b line", "“Tabbed\u200b line” has a hidden space.", "Tabbed line"),
    ]
    return Report(
        Run("0.1.0", "00", 3, "none"),
        (audit(doc, found, Triage.FIX, Quality(None, None, None, None, 3, 12), ("<script>alert(2)</script>",), ("\x1b[5m",)),),
        (Failure("\x1b[1m", "<b>\x07"),),
        (),
        ("\x9b31m",),
    )


@pytest.fixture(name="sample")
def _sample() -> Report:
    return sample()


@pytest.fixture(name="hostile")
def _hostile() -> Report:
    return hostile()


@pytest.fixture(name="rules")
def _rules() -> dict[str, Rule]:
    return rules()
