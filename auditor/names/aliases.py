"""The alias table: which spellings of a name are right in English and which are another language's; the only place that reads aliases/*.toml."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from importlib import resources
from pathlib import Path
from typing import Any

from auditor import tables
from auditor.config import Config, project
from auditor.errors import DataError
from auditor.names.mixed import mixed
from auditor.names.skeleton import ARTICLE, without_article
from auditor.types import Span

KINDS = ("person", "place", "organisation", "people", "term", "acronym")
_KEYS = ("canonical", "kind", "region", "accepted", "variants", "only", "profiles", "short", "valid", "notes", "sources")
_SHORT_KEYS = ("canonical", "accepted", "variants", "only", "profiles", "alone")
_CODE = re.compile(r"[a-z]{2,3}")
_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_WORD = re.compile(r"[\w\u0300-\u036f]+")
_TOKEN = re.compile(r"[\w\u0300-\u036f]+|\s+|[^\w\s]")
_MARKS = str.maketrans({"’": "'", "‘": "'", "`": "'", "ʼ": None, "ʿ": None, "ʾ": None, "‐": "-", "‑": "-", "\u00a0": " "})
_PARTICLES = frozenset({"al", "el", "as", "ash", "asch", "ad", "ar", "an", "at", "az", "bin", "ben", "ibn", "abu", "abou", "von", "van", "de"})


@dataclass(frozen=True, slots=True)
class Form:
    """One way of naming an entity, its full name or its surname.

    `variants` are other languages' spellings by convention; `only` those that are foreign only in a text translated from that language
    (“EI” from French). `accepted` are further right English forms, `profiles` the one form that a house style prints.
    """

    canonical: str
    accepted: tuple[str, ...] = ()
    variants: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    only: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    profiles: Mapping[str, str] = field(default_factory=dict)

    @property
    def right(self) -> tuple[str, ...]:
        """Every form that is right in English somewhere, the canonical one first, none twice."""
        return tuple(dict.fromkeys((self.canonical, *self.accepted, *self.profiles.values())))

    def english(self, profile: str = "") -> str:
        """The form to print under a house style (none: the canonical one)."""
        return self.profiles.get(profile, self.canonical)


@dataclass(frozen=True, slots=True)
class Entity:
    """A person, place, organisation, people, term or acronym of the news.

    `short` is the surname form. Its variants are reported beside a full form of the entity in the same text, or anywhere when `alone`.
    """

    id: str
    kind: str
    full: Form
    short: Form | None = None
    alone: bool = False
    region: str = ""
    valid: str = ""
    notes: str = ""
    sources: tuple[str, ...] = ()
    path: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """What the table says of one spelling. `role` is canonical, accepted or variant; `conventions` the languages whose spelling it is
    (“und”: not told); `only` the source languages that it is reported for (empty: any)."""

    surface: str
    entity: Entity
    role: str
    short: bool = False
    conventions: tuple[str, ...] = ()
    only: frozenset[str] = frozenset()

    @property
    def form(self) -> Form:
        """The form of the entity that this spelling belongs to."""
        return self.entity.short if self.short and self.entity.short else self.entity.full

    def english(self, profile: str = "") -> str:
        """What to print instead; a spelling without the Arabic article keeps standing without it."""
        right = self.form.english(profile)
        return right if ARTICLE.match(self.surface) else without_article(right) if self.short else right

    def holds_for(self, source_lang: str | None) -> bool:
        """Whether the spelling is foreign in a text translated from `source_lang`."""
        return not self.only or source_lang in self.only


Node = dict[str, Any]
"""A word of the index: what may follow it, and under "" the key that ends with it."""


@dataclass(frozen=True, slots=True)
class AliasTable:
    """Every entity in order of id, and the index of all their spellings. `digest` identifies the files it was read from."""

    entities: tuple[Entity, ...] = ()
    index: Mapping[str, tuple[Entry, ...]] = field(default_factory=dict)
    digest: str = ""

    def __len__(self) -> int:
        return len(self.entities)

    def entries(self, surface: str) -> tuple[Entry, ...]:
        """What the table says of a spelling: none, one, or several where a surname belongs to several entities."""
        shape = _shaped(surface)
        fitting = [entry for entry in self.index.get(shape.casefold(), ()) if _fits(shape, _shaped(entry.surface))]
        if len(fitting) < 2:
            return tuple(fitting)
        best: dict[str, Entry] = {}
        for entry in sorted(fitting, key=lambda entry: (_shaped(entry.surface) != shape, entry.role == "variant")):
            best.setdefault(entry.entity.id, entry)
        return tuple(best[name] for name in sorted(best))

    def lookup(self, surface: str) -> Entry | None:
        """What the table says of a spelling if that is one thing; None where it is unknown or belongs to several entities."""
        found = self.entries(surface)
        return found[0] if len({entry.entity.id for entry in found}) == 1 else None

    def scan(self, text: str, starts: Iterable[int] | None = None) -> Iterator[tuple[Span, tuple[Entry, ...]]]:
        """Every known spelling in the text in one pass, in order, whole words, the longest at each place, none overlapping. `starts`: where
        one may begin, for a caller who knows; else at every word."""
        end, words = 0, _tree(self)
        for start in _words_of(text) if starts is None else (start for start in starts if _is_start(text, start)):
            last = _reach(words, text, start) if start >= end else 0
            found = self.entries(text[start:last]) if last else ()
            if found:
                end = last
                yield Span(start, last), found


def _words_of(text: str) -> Iterator[int]:
    return (word.start() for word in _WORD.finditer(text))


def _is_start(text: str, start: int) -> bool:
    """Whether a word starts there."""
    return _WORD.match(text, start) is not None and (start == 0 or _WORD.match(text, start - 1) is None)


_trees: list[tuple[AliasTable, Node]] = []


def _tree(table: AliasTable) -> Node:
    """The spellings of a table as a tree of words, built when a text is first read; names by themselves do without."""
    if not _trees or _trees[0][0] is not table:
        _trees[:] = [(table, _words(table.index))]
    return _trees[0][1]


def _reach(words: Node, text: str, start: int) -> int:
    """Where the longest spelling that stands at `start` ends; 0 if none does."""
    node: Node | None = words
    at, last = start, 0
    while token := _TOKEN.match(text, at):
        node = node.get(_word(token.group())) if node is not None else None
        if node is None:
            break
        at = token.end()
        if "" in node:
            last = at
    return last


@lru_cache(maxsize=65536)
def _word(token: str) -> str:
    """A token as the index spells it; a blank line never joins two words of a name."""
    if token.isspace():
        return "\n" if token.count("\n") > 1 else " "
    return shaped(token).casefold()


def shaped(surface: str) -> str:
    """The spelling with one kind of apostrophe, hyphen and space, composed letters, and without the scholarly marks of ayn and hamza."""
    return " ".join((surface if surface.isascii() else unicodedata.normalize("NFC", surface)).translate(_MARKS).split())


_shaped = lru_cache(maxsize=65536)(shaped)
"""The same for names, which come again and again."""


def _fits(surface: str, known: str) -> bool:
    """Whether capitals agree: particles may be raised, a lower-case term may open a sentence, and a headline may stand in capitals."""
    if surface == known:
        return True
    if surface.isupper():
        return not known.isupper() and sum(map(str.isalpha, known)) >= 5
    parts, right = re.split(r"[ -]", surface), re.split(r"[ -]", known)
    if all(a == b or (a.casefold() == b.casefold() and b.casefold() in _PARTICLES) for a, b in zip(parts, right, strict=True)):
        return True
    return known[:1].islower() and surface == known[:1].upper() + known[1:]


def aliases_folder() -> Path:
    """The folder of the tables that come with the program."""
    return Path(str(resources.files("auditor") / "aliases"))


def of_run(config: Config) -> AliasTable:
    """The alias table of a run: the program's and the project's, which wins."""
    return load([aliases_folder(), *project(config, "aliases")])


def load(folders: Iterable[Path]) -> AliasTable:
    """Every entity of every table in the folders; a later folder's entity replaces an earlier one of the same id and wins every conflict.

    DataError (file, line, key, nearest right thing) at the first thing that is wrong, and where one folder calls a spelling right for one
    entity and foreign for another.
    """
    entities: dict[str, Entity] = {}
    rank: dict[str, int] = {}
    texts: dict[str, str] = {}
    digest = hashlib.sha256()
    for number, folder in enumerate(folders):
        seen: dict[str, Path] = {}
        for path in sorted(folder.glob("*.toml")):
            content, text = tables.read(path)
            texts[str(path)] = text
            digest.update(path.name.encode() + b"\0" + text.encode())
            for name, table in content.items():
                entity = _entity(path, text, name, table)
                if name in seen:
                    raise tables.wrong(path, text, name, None, f"stands in {seen[name].name} already")
                seen[name] = path
                entities[name], rank[name] = entity, number
    ordered = tuple(entities[name] for name in sorted(entities))
    index = _index(ordered, rank, texts)
    return AliasTable(ordered, index, digest.hexdigest())


def _entity(path: Path, text: str, name: str, table: object) -> Entity:
    if not isinstance(table, dict):
        raise tables.wrong(path, text, "", name, "stands outside an entity; an entity is a table [name]")
    if not _ID.fullmatch(name):
        raise tables.wrong(path, text, name, None, "is no id: lower-case words joined by hyphens")
    tables.refuse_unknown(table, _KEYS, path=path, text=text, table=name)
    kind = table.get("kind")
    if kind not in KINDS:
        raise tables.wrong(path, text, name, "kind" if "kind" in table else None, f"needs “kind”, one of {', '.join(KINDS)}")
    short = table.get("short")
    if short is not None:
        if not isinstance(short, dict):
            raise tables.wrong(path, text, name, "short", "has to be a table: short.canonical, short.variants.fr …")
        tables.refuse_unknown([f"short.{key}" for key in short], [f"short.{key}" for key in _SHORT_KEYS], path=path, text=text, table=name)
        if not isinstance(short.get("alone", False), bool):
            raise tables.wrong(path, text, name, "short.alone", "has to be true or false")
    for key in ("region", "valid", "notes"):
        if not isinstance(table.get(key, ""), str):
            raise tables.wrong(path, text, name, key, "has to be a text")
    return Entity(
        id=name,
        kind=str(kind),
        full=_form(path, text, name, table, ""),
        short=None if short is None else _form(path, text, name, short, "short."),
        alone=bool(short and short.get("alone", False)),
        region=table.get("region", ""),
        valid=table.get("valid", ""),
        notes=table.get("notes", ""),
        sources=_strings(path, text, name, "sources", table.get("sources", [])),
        path=str(path),
    )


def _form(path: Path, text: str, name: str, table: dict[str, Any], prefix: str) -> Form:
    canonical = table.get("canonical")
    if not isinstance(canonical, str) or not canonical.strip():
        raise tables.wrong(path, text, name, None, f"needs “{prefix}canonical”, the form to print")
    profiles = table.get("profiles", {})
    if not isinstance(profiles, dict) or not all(isinstance(value, str) for value in profiles.values()):
        raise tables.wrong(path, text, name, f"{prefix}profiles", "has to be a table of texts: profiles.ap = …")
    return Form(
        canonical,
        _strings(path, text, name, f"{prefix}accepted", table.get("accepted", [])),
        _by_language(path, text, name, f"{prefix}variants", table.get("variants", {})),
        _by_language(path, text, name, f"{prefix}only", table.get("only", {})),
        dict(sorted(profiles.items())),
    )


def _strings(path: Path, text: str, name: str, key: str, value: object) -> tuple[str, ...]:
    found = tables.strings(value)
    if found is None or not all(item.strip() for item in found):
        raise tables.wrong(path, text, name, key, "has to be a text or a list of texts, none empty")
    return found


def _by_language(path: Path, text: str, name: str, key: str, value: object) -> dict[str, tuple[str, ...]]:
    if not isinstance(value, dict):
        raise tables.wrong(path, text, name, key, f"has to be a table by language: {key}.fr = […]")
    for code in value:
        if not _CODE.fullmatch(code):
            raise tables.wrong(path, text, name, f"{key}.{code}", "is no language code such as fr, de or und")
    return {code: _strings(path, text, name, f"{key}.{code}", value[code]) for code in sorted(value)}


def _index(entities: tuple[Entity, ...], rank: Mapping[str, int], texts: Mapping[str, str]) -> dict[str, tuple[Entry, ...]]:
    """Every spelling by its folded key. A right form of one entity beats a foreign one of another from an earlier folder."""
    found: dict[str, dict[tuple[str, str], Entry]] = {}
    for entity in entities:
        for entry in _entries(entity):
            mine = found.setdefault(shaped(entry.surface).casefold(), {})
            name = (entity.id, entry.surface)
            mine[name] = _joined(mine[name], entry) if name in mine else entry
    _add_mixed(entities, found)
    return {key: _settled(tuple(mine[name] for name in sorted(mine)), rank, texts) for key, mine in sorted(found.items())}


def _add_mixed(entities: tuple[Entity, ...], found: dict[str, dict[tuple[str, str], Entry]]) -> None:
    """Adds what half the table knows (`auditor.names.mixed`) where it says nothing else. A name that is right of somebody is no foreign half."""
    persons = [entity for entity in entities if entity.kind == "person"]
    right = frozenset(word.casefold() for entity in persons for name in entity.full.right for word in name.split(" "))
    for entity in persons:
        for surface, codes in mixed(entity.full.right, entity.full.variants, right):
            key = shaped(surface).casefold()
            if all(owner == entity.id and entry.role == "variant" for (owner, _), entry in found.get(key, {}).items()):
                entry = Entry(surface, entity, "variant", conventions=codes)
                mine = found.setdefault(key, {})
                mine[entity.id, surface] = _joined(mine[entity.id, surface], entry) if (entity.id, surface) in mine else entry


def _joined(first: Entry, second: Entry) -> Entry:
    """Two entries of one entity for one spelling: a right form stays right; a foreign one gathers its conventions."""
    if first.role != "variant" or second.role != "variant" or first.short != second.short:
        return second if first.role == "variant" != second.role else first
    only = first.only | second.only if first.only and second.only else frozenset[str]()
    return Entry(first.surface, first.entity, "variant", first.short, tuple(sorted({*first.conventions, *second.conventions})), only)


def _settled(entries: tuple[Entry, ...], rank: Mapping[str, int], texts: Mapping[str, str]) -> tuple[Entry, ...]:
    """The entries of one spelling after conflicts: DataError within one folder, the later folder's word across folders.

    Somebody's right surname is never foreign, so that a surname that is both is kept as the right one.
    """
    if len(entries) == 1:
        return entries
    highest = max(rank[entry.entity.id] for entry in entries)
    if len({entry.role == "variant" for entry in entries}) > 1:
        entries = tuple(entry for entry in entries if rank[entry.entity.id] == highest)
    right = {entry.entity.id: entry for entry in entries if entry.role != "variant"}
    foreign = [entry for entry in entries if entry.role == "variant"]
    clashing = [(entry, other) for entry in foreign for name, other in sorted(right.items()) if name != entry.entity.id]
    if clashing and not clashing[0][0].short:
        raise _clash(*clashing[0], "is a right form of", texts)
    if clashing:
        return tuple(entry for entry in entries if entry.role != "variant")
    full = [entry for entry in foreign if not entry.short]
    if len({entry.english() for entry in full}) > 1:
        raise _clash(full[0], full[1], "is a variant of", texts)
    return entries


def _clash(entry: Entry, other: Entry, how: str, texts: Mapping[str, str]) -> DataError:
    path = entry.entity.path
    return tables.wrong(Path(path), texts[path], entry.entity.id, "variants", f"“{entry.surface}” {how} [{other.entity.id}] too")


def _entries(entity: Entity) -> Iterator[Entry]:
    """All spellings of an entity, right forms first; a right surname with an article is known without it too."""
    for form, short in ((entity.full, False), (entity.short, True)):
        if form is None:
            continue
        for right in form.right:
            yield Entry(right, entity, "canonical" if right == form.canonical else "accepted", short)
            if short and without_article(right) != right:
                yield Entry(without_article(right), entity, "accepted", short)
        for code, surfaces in form.variants.items():
            yield from (Entry(surface, entity, "variant", short, (code,)) for surface in surfaces)
        for code, surfaces in form.only.items():
            yield from (Entry(surface, entity, "variant", short, (code,), frozenset({code})) for surface in surfaces)


def _words(index: Mapping[str, tuple[Entry, ...]]) -> Node:
    """The spellings as a tree of words."""
    root: Node = {}
    for key in index:
        node = root
        for token in _TOKEN.findall(key):
            node = node.setdefault(_word(token), {})
        node[""] = key
    return root
