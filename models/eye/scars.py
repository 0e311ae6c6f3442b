"""Makes synthetic scars of translation by rule from clean English; nothing here was copied from a data set."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")
_PHRASES: Mapping[str, tuple[str, ...]] = {
    # literal renderings and look-alikes: what stands there -> what a translation might have put
    "currently": ("actually", "at the moment momentarily", "presently in this time"),
    "current": ("actual",),
    "eventually": ("finally", "in the end effect"),
    "possible": ("eventual",),
    "possibly": ("eventually",),
    "took place": ("found place", "has taken place", "passed"),
    "take place": ("find place", "pass itself"),
    "according to": ("after", "in accordance to", "following"),
    "years ago": ("years before now", "years since"),
    "years old": ("years aged", "years"),
    "such as": ("like for example", "as"),
    "as well as": ("as also", "so as"),
    "in order to": ("for to", "in view to"),
    "because of": ("because", "due of", "by reason of"),
    "despite": ("despite of", "in spite"),
    "more than": ("more as", "over than"),
    "less than": ("less as",),
    "rather than": ("instead to",),
    "at least": ("at the least", "at minimum"),
    "for example": ("by example", "to the example"),
    "a number of": ("a row of", "a series from"),
    "responsible for": ("responsible of",),
    "interested in": ("interested on", "interested for"),
    "depend on": ("depend of", "depend from"),
    "depends on": ("depends of", "depends from"),
    "consists of": ("consists in",),
    "part of": ("part from", "a part of the"),
    "based on": ("based in", "basing on"),
    "led to": ("conducted to", "brought to"),
    "lead to": ("conduct to", "bring to"),
    "carried out": ("realised", "made", "effected"),
    "carry out": ("realise", "effectuate"),
    "set up": ("put in place", "put on the feet"),
    "called for": ("called to", "asked after"),
    "pointed out": ("made to remark", "pointed"),
    "turned out": ("has shown itself", "revealed"),
    "found out": ("has learned", "got to know"),
    "died": ("deceased", "has died", "lost the life"),
    "killed": ("deadly injured", "died"),
    "injured": ("hurted", "wounded themselves", "in hurt state"),
    "arrested": ("detained in arrest", "taken fixed"),
    "wounded": ("hurt",),
    "protest": ("manifestation",),
    "protests": ("manifestations",),
    "protesters": ("manifestants", "protestants"),
    "rally": ("meeting", "manifestation"),
    "attend": ("assist at", "assist to"),
    "attended": ("assisted at", "assisted to"),
    "company": ("society", "enterprise", "firma"),
    "companies": ("societies", "concerns"),
    "factory": ("fabric", "usine"),
    "novel": ("romance", "roman"),
    "library": ("bookshop",),
    "lawyer": ("advocate", "jurist"),
    "politician": ("politic", "politician man"),
    "politicians": ("politics", "political men"),
    "government": ("executive", "governance"),
    "elections": ("votes", "choices"),
    "election": ("choice", "scrutiny"),
    "candidate": ("applicant", "aspirant"),
    "parliament": ("chamber of parliament", "the parliament"),
    "spokesman": ("speaker", "press man"),
    "spokesperson": ("speaker", "talker"),
    "spokeswoman": ("speaker", "talkeress"),
    "teenager": ("youth person", "adolescent person"),
    "students": ("scholars", "pupils of university"),
    "teacher": ("professor",),
    "scientists": ("scientifics", "searchers"),
    "researchers": ("searchers", "investigators"),
    "research": ("researches", "investigation"),
    "information": ("informations",),
    "advice": ("advices", "council"),
    "damage": ("damages",),
    "evidence": ("evidences", "proofs"),
    "equipment": ("equipments",),
    "progress": ("progresses",),
    "people": ("persons", "peoples", "humans"),
    "police": ("the police", "policemen"),
    "children": ("childs", "kids of age"),
    "news": ("novelties", "the news"),
    "weather": ("time",),
    "building": ("construction", "edifice"),
    "house": ("home house",),
    "road": ("way", "street of road"),
    "crash": ("accident of collision", "fall"),
    "plane": ("aeroplane machine", "apparatus"),
    "hospital": ("clinic house", "sickhouse"),
    "month": ("months",),
    "million": ("millions", "millions of"),
    "billion": ("milliard", "billions"),
    "percent": ("percents", "per cents"),
    "several": ("more", "various", "several of"),
    "many": ("much", "numerous of"),
    "much": ("many",),
    "most": ("the most", "the most of"),
    "other": ("another", "others"),
    "others": ("other ones", "the others"),
    "same": ("even", "equal"),
    "also": ("as well also", "too", "equally"),
    "only": ("just only", "first"),
    "still": ("yet", "again"),
    "already": ("yet", "still"),
    "however": ("but", "though", "nevertheless however"),
    "meanwhile": ("in between", "in the meanwhile time"),
    "since": ("from", "as from"),
    "during": ("while", "in the course from"),
    "until": ("by", "up to until"),
    "between": ("among", "from"),
    "against": ("contra", "versus to"),
    "about": ("over", "around of"),
    "said": ("told", "informed", "has said", "says", "declared"),
    "told": ("said", "said to", "has told"),
    "announced": ("made known", "has announced", "informed"),
    "added": ("completed", "has added", "supplemented"),
    "reported": ("informed", "has reported", "communicated"),
    "confirmed": ("has confirmed", "affirmed"),
    "claimed": ("pretended", "has asserted"),
    "demanded": ("pretended", "asked"),
    "asked": ("demanded", "has asked"),
    "warned": ("has warned", "alerted before"),
    "discuss": ("discuss about", "debate over"),
    "discussed": ("discussed about", "has treated"),
    "entered": ("entered in", "has stepped in"),
    "visited": ("visited in", "has made a visit to"),
    "received": ("became", "has obtained"),
    "receive": ("become", "get to"),
    "became": ("got", "has become"),
    "won": ("gained", "has won"),
    "lost": ("has lost", "missed"),
    "built": ("constructed up", "has built"),
    "increase": ("augmentation", "raise up"),
    "increased": ("augmented", "has risen itself"),
    "decrease": ("diminution", "reduce"),
    "rise": ("raise", "ascent"),
    "rose": ("raised", "has climbed"),
    "fell": ("has fallen", "felt"),
    "support": ("sustain", "supporting"),
    "plans": ("projects", "plannings"),
    "plan": ("project", "planning"),
    "meeting": ("encounter", "reunion", "gathering together"),
    "talks": ("conversations", "speeches"),
    "agreement": ("accord", "convention of agreement"),
    "measures": ("dispositions", "measurements"),
    "issue": ("thematic", "question"),
    "issues": ("thematics", "problematics"),
    "opportunity": ("possibility", "chance of opportunity"),
    "chance": ("possibility",),
    "experience": ("experiences", "experiment"),
    "event": ("manifestation", "happening"),
    "events": ("manifestations", "happenings"),
    "team": ("equip", "crew team"),
    "match": ("meeting", "game match"),
    "coach": ("trainer", "trainer man"),
    "championship": ("mastership",),
    "goal": ("gate", "aim"),
    "season": ("saison", "time of season"),
    "which": ("what", "that which"),
    "who": ("which", "what"),
    "whose": ("of which the", "which"),
    "where": ("in which where", "there where"),
    "when": ("if", "as"),
    "if": ("when",),
    "his": ("its", "her"),
    "her": ("his", "its"),
    "its": ("his", "her", "their"),
    "their": ("its", "theirs"),
    "he": ("it", "she"),
    "she": ("he", "it"),
    "it": ("he", "this", "she"),
    "they": ("it", "these"),
    "them": ("it", "those"),
    "this": ("that", "the"),
    "these": ("this", "the"),
    "is": ("are", "has been", "be"),
    "are": ("is", "be"),
    "was": ("were", "has been", "is"),
    "were": ("was", "have been", "are"),
    "has": ("have", "had"),
    "have": ("has", "possess"),
    "had": ("has", "would have"),
    "will": ("would", "becomes to"),
    "would": ("will", "should"),
    "could": ("can", "might could"),
    "can": ("could", "may"),
    "must": ("should", "has to must"),
    "should": ("must", "ought"),
    "not": ("no", "not any"),
}
_PREPOSITIONS = ("of", "in", "to", "for", "on", "with", "at", "by", "from", "into", "over", "after", "under", "about", "through", "against")
_ADVERBS = ("also", "still", "already", "often", "never", "now", "recently", "previously", "reportedly", "currently", "later", "always", "only")
_AUXILIARIES = ("has", "have", "had", "is", "are", "was", "were", "will", "would", "can", "could", "may", "been", "be")
_CAPS = re.compile(r"[^\W\d_a-z]")


@dataclass(frozen=True, slots=True)
class Edit:
    """`text` in place of [start, end); the words of `text` are what a reader stumbles over."""

    start: int
    end: int
    text: str
    kind: str


def scarred(text: str, *, rate: float, draw: random.Random, neighbours: Mapping[str, Sequence[str]]) -> tuple[str, list[tuple[int, int, str]]]:
    """The text with about `rate` scars a word, and the span and kind of each in the new text. No two edits touch."""
    found = list(edits(text, draw, neighbours))
    wanted = max(1, round(rate * len(text.split())))
    by_kind: dict[str, list[Edit]] = {}
    for edit in found:
        by_kind.setdefault(edit.kind, []).append(edit)
    chosen: list[Edit] = []
    kinds = [kind for kind in WEIGHTS if kind in by_kind]
    for _ in range(4 * wanted):
        if len(chosen) >= wanted or not kinds:
            break
        kind = draw.choices(kinds, [WEIGHTS[kind] for kind in kinds])[0]
        edit = draw.choice(by_kind[kind])
        if all(edit.end + 1 < other.start or other.end + 1 < edit.start for other in chosen):
            chosen.append(edit)
    out, spans, at, length = [], [], 0, 0
    for edit in sorted(chosen, key=lambda edit: edit.start):
        out += [text[at : edit.start], edit.text]
        length += edit.start - at
        spans.append((length, length + len(edit.text), edit.kind))
        length += len(edit.text)
        at = edit.end
    return "".join([*out, text[at:]]), spans


WEIGHTS: Mapping[str, float] = {
    "neighbour": 6,
    "phrase": 5,
    "preposition": 2.5,
    "article": 3,
    "order": 3,
    "tense": 2,
    "number": 1,
    "repeat": 0.3,
    "comma": 1,
}
"""How often each kind of scar is made where it can be."""


def edits(text: str, draw: random.Random, neighbours: Mapping[str, Sequence[str]]) -> Iterator[Edit]:
    """All that could be done to a text, each with one random outcome."""
    words = [(match.start(), match.end(), match.group()) for match in _WORD.finditer(text)]
    for number, (start, end, word) in enumerate(words):
        following = words[number + 1 : number + 3]
        joined = [one for one in following if text[end : one[0]] == " "][:1]
        if joined and len(following) == 2 and text[following[0][1] : following[1][0]] == " ":
            joined.append(following[1])
        plain = word.islower()
        yield from _phrases(text, words, number, draw)
        if not plain:
            continue
        if word in neighbours:
            yield Edit(start, end, draw.choice(neighbours[word]), "neighbour")
        if word in _PREPOSITIONS and joined:
            yield Edit(start, end, draw.choice([other for other in _PREPOSITIONS if other != word]), "preposition")
        yield from _articles(word, start, joined, draw)
        yield from _orders(word, start, joined)
        yield from _tenses(word, start, end, words[number - 1][2] if number else "", draw)
        if len(word) > 4 and word[-1] == "s" and word[-2] not in "sui":
            yield Edit(start, end, word[:-1], "number")
        elif len(word) > 4 and word.endswith(("ion", "er", "ment", "ar", "ent", "or")):
            yield Edit(start, end, f"{word}s", "number")
        if draw.random() < 0.2:
            yield Edit(start, end, f"{word} {word}", "repeat")
        if word == "that" and number and text[start - 1] == " " and text[start - 2].isalpha():
            yield Edit(start - 1, end, ", that", "comma")


def _phrases(text: str, words: Sequence[tuple[int, int, str]], number: int, draw: random.Random) -> Iterator[Edit]:
    start = words[number][0]
    for size in (3, 2, 1):
        if number + size > len(words):
            continue
        end = words[number + size - 1][1]
        found = text[start:end]
        options = _PHRASES.get(found) or _PHRASES.get(found[0].lower() + found[1:])
        if options:
            new = draw.choice(options)
            yield Edit(start, end, new[0].upper() + new[1:] if _CAPS.match(found) else new, "phrase")
            return


def _articles(word: str, start: int, joined: Sequence[tuple[int, int, str]], draw: random.Random) -> Iterator[Edit]:
    if not joined:
        return
    following = joined[0]
    if word in ("the", "a", "an") and following[2].islower():
        outcome = draw.choice([following[2], f"{'a' if word == 'the' else 'the'} {following[2]}"])
        yield Edit(start, following[1], outcome, "article")
    elif word in _PREPOSITIONS and draw.random() < (0.2 if following[2][0].isupper() else 0.5) and len(following[2]) > 4:
        yield Edit(start, following[1], f"{word} the {following[2]}", "article")


def _orders(word: str, start: int, joined: Sequence[tuple[int, int, str]]) -> Iterator[Edit]:
    if not joined:
        return
    first = joined[0]
    if word in _AUXILIARIES and first[2] in _ADVERBS and len(joined) == 2:
        yield Edit(start, joined[1][1], f"{word} {joined[1][2]} {first[2]}", "order")
    if (
        len(joined) == 2
        and word in ("the", "a", "this", "new")
        and first[2].islower()
        and joined[1][2].islower()
        and min(len(first[2]), len(joined[1][2])) > 4
    ):
        yield Edit(first[0], joined[1][1], f"{joined[1][2]} of {'the ' if word == 'the' else ''}{first[2]}", "order")
        yield Edit(first[0], joined[1][1], f"{joined[1][2]} {first[2]}", "order")
    if len(word) > 3 and len(first[2]) > 3 and first[2].islower() and (word.endswith("ly") or first[2].endswith("ly")):
        yield Edit(start, first[1], f"{first[2]} {word}", "order")
    if first[2] in ("said", "says", "told", "added") and word in ("he", "she", "they", "officials", "police"):
        yield Edit(start, first[1], f"{first[2]} {word}", "order")


def _tenses(word: str, start: int, end: int, before: str, draw: random.Random) -> Iterator[Edit]:
    if before.lower() in _AUXILIARIES or len(word) < 5:
        if word.endswith("ing") and before.lower() in ("is", "are", "was", "were") and len(word) > 6:
            yield Edit(start, end, draw.choice([word[:-3], f"{word[:-3]}s"]), "tense")
        return
    if word.endswith("ed"):
        yield Edit(
            start, end, draw.choice([f"has {word}", f"was {word}", f"had {word}", f"did {word[:-1] if word[-3] in 'aeiou' else word[:-2]}"]), "tense"
        )
    elif word.endswith("ing") and len(word) > 6:
        yield Edit(start, end, f"to {word[:-3]}", "tense")
