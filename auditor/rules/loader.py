"""Reads the packs: one TOML table a rule, `packs/<source>-<target>.toml` (or `und`, `en`, `names`, `learned`)."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection, Iterable, Mapping
from functools import cache
from importlib import resources
from pathlib import Path
from string import Formatter
from typing import Any

from auditor import tables
from auditor.errors import DataError, nearest
from auditor.rules import pattern
from auditor.rules.model import RuleSet, Schema
from auditor.types import CATEGORIES, Example, Rule, Severity, Span, Status

_TEXT = ("kind", "message", "category", "severity", "status", "verify", "why")
_LISTS = ("suggest", "refs")
_EXAMPLES = ("bad", "good")
_EXAMPLE_KEYS = {"bad": ("text", "fixed", "source", "original"), "good": ("text", "source", "original")}
_NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_MARK = re.compile(r"\[\[|\]\](?!\])")


def packs_folder() -> Path:
    """The folder of the packs that come with the program."""
    return Path(str(resources.files("auditor") / "packs"))


def load(folders: Iterable[Path], schemas: Mapping[str, Schema], *, trusted: Collection[Path] = ()) -> RuleSet:
    """Every rule of every pack in the folders; a later folder's rule replaces an earlier one of the same id.

    DataError (file, line, key, nearest right thing) at the first thing that is wrong. What takes time to check (patterns, suggestions) is not
    looked at in `trusted` folders: the tests of the program's own packs do that.
    """
    rules: dict[str, Rule] = {}
    digest = hashlib.sha256()
    for folder in folders:
        for path in sorted(folder.glob("*.toml")):
            digest.update(path.name.encode() + b"\0" + path.read_bytes())
            rules.update((rule.id, rule) for rule in load_pack(path, schemas, trusted=folder in trusted))
    return RuleSet(tuple(rules[name] for name in sorted(rules)), digest.hexdigest())


def load_pack(path: Path, schemas: Mapping[str, Schema], *, trusted: bool = False) -> tuple[Rule, ...]:
    """The rules of one pack in the order of the file; `trusted` as for `load`."""
    content, text = tables.read(path)
    pack = path.stem
    source, target = _pair(path, pack)
    rules = []
    for name, table in content.items():
        if not isinstance(table, dict):
            raise tables.wrong(path, text, "", name, "stands outside a rule; a rule is a table [name]")
        if not _NAME.fullmatch(name):
            raise tables.wrong(path, text, name, None, "is no rule name: lower-case words joined by hyphens")
        rule = _rule(path, text, name, table, schemas, f"{pack}/{name}", source, target)
        if not trusted:
            _check(path, text, name, rule, schemas[rule.kind])
        rules.append(rule)
    return tuple(rules)


def _pair(path: Path, pack: str) -> tuple[str | None, str | None]:
    """Source and target of a pack from its name: `de-en` → de, en; `en` → any, en; `und`, `names`, `learned` → any, any."""
    if re.fullmatch(r"[a-z]{2,3}-[a-z]{2,3}", pack):
        source, target = pack.split("-")
        return source, target
    if re.fullmatch(r"[a-z]{2}", pack):
        return None, pack
    if re.fullmatch(r"[a-z]{3,}", pack):
        return None, None
    raise DataError(f"{path}: a pack is named und, en or source-target such as de-en, not “{pack}”")


def _rule(
    path: Path, text: str, name: str, table: dict[str, Any], schemas: Mapping[str, Schema], rule_id: str, source: str | None, target: str | None
) -> Rule:
    kind = table.get("kind")
    if not isinstance(kind, str):
        raise tables.wrong(path, text, name, "kind", "is missing: which kind of check is it?")
    if kind not in schemas:
        raise tables.wrong(path, text, name, "kind", f"is no kind of check: “{kind}”{nearest(kind, schemas)}")
    schema = schemas[kind]
    base = {key: value for key, value in table.items() if key in (*_TEXT, *_LISTS, *_EXAMPLES)}
    params = tables.flatten({key: value for key, value in table.items() if key not in base})
    known = {*_TEXT, *_LISTS, *_EXAMPLES, *schema.keys}
    tables.refuse_unknown((*base, *params), known, path=path, text=text, table=name)
    checked = {key: _param(path, text, name, key, value, schema) for key, value in params.items()}
    for key in sorted(schema.required - params.keys()):
        raise tables.wrong(path, text, name, None, f"needs “{key}” (kind {kind})")
    for key in _TEXT:
        if not isinstance(base.get(key, ""), str):
            raise tables.wrong(path, text, name, key, "has to be a text")
    lists = {key: _strings(path, text, name, key, base.get(key, [])) for key in _LISTS}
    return Rule(
        id=rule_id,
        source=source,
        target=target,
        kind=kind,
        params=checked,
        message=_message(path, text, name, base.get("message"), schema),
        category=_one_of(path, text, name, "category", base.get("category"), CATEGORIES),
        severity=Severity(_one_of(path, text, name, "severity", base.get("severity"), tuple(Severity))),
        status=Status(_one_of(path, text, name, "status", base.get("status", "preview"), tuple(Status))),
        suggest=lists["suggest"],
        verify=_one_of(path, text, name, "verify", base.get("verify", ""), ("", "lm")),
        why=base.get("why", ""),
        bad=_examples(path, text, name, "bad", base.get("bad", [])),
        good=_examples(path, text, name, "good", base.get("good", [])),
        refs=lists["refs"],
    )


def _check(path: Path, text: str, name: str, rule: Rule, schema: Schema) -> None:
    """DataError for a pattern that is none and for what the kind finds wrong with the rule."""
    for key, value in rule.params.items():
        if schema.keys[key] == "patterns" and isinstance(value, tuple):
            for problem in filter(None, map(pattern.problem, value)):
                raise tables.wrong(path, text, name, key, problem)
    for key, problem in schema.check(rule) if schema.check else ():
        raise tables.wrong(path, text, name, key or None, problem)


def _one_of(path: Path, text: str, table: str, key: str, value: object, known: Iterable[str]) -> str:
    if value is None:
        raise tables.wrong(path, text, table, None, f"needs “{key}”")
    known = tuple(known)
    if value not in known:
        raise tables.wrong(path, text, table, key, f"cannot be “{value}”{nearest(str(value), known)}")
    return str(value)


def _strings(path: Path, text: str, table: str, key: str, value: object) -> tuple[str, ...]:
    found = tables.strings(value)
    if found is None:
        raise tables.wrong(path, text, table, key, "has to be a text or a list of texts")
    return found


def _param(path: Path, text: str, table: str, key: str, value: object, schema: Schema) -> object:
    expected, choices = schema.keys[key], schema.choices.get(key)
    if expected in ("strings", "patterns"):
        found = _strings(path, text, table, key, value)
        for item in found if choices is not None else ():
            _one_of(path, text, table, key, item, choices or ())
        return found
    fits = {
        "string": isinstance(value, str),
        "flag": isinstance(value, bool),
        "number": isinstance(value, int | float) and not isinstance(value, bool),
    }
    if not fits[expected]:
        raise tables.wrong(path, text, table, key, f"has to be a {expected}")
    return value if choices is None else _one_of(path, text, table, key, value, choices)


def _message(path: Path, text: str, table: str, value: object, schema: Schema) -> str:
    if not isinstance(value, str) or not value:
        raise tables.wrong(path, text, table, None, "needs “message”")
    known = {"match", "suggestion", *schema.values}
    try:
        fields = [name for _, name, _, _ in Formatter().parse(value) if name is not None]
    except ValueError as error:
        raise tables.wrong(path, text, table, "message", f"has a brace out of place ({error})") from error
    for name in fields:
        if name not in known:
            raise tables.wrong(path, text, table, "message", f"has an unknown placeholder {{{name}}}{nearest(name, known)}")
    return value


def _examples(path: Path, text: str, table: str, key: str, value: object) -> tuple[Example, ...]:
    if not isinstance(value, list):
        raise tables.wrong(path, text, table, key, f"has to be tables [[{table}.{key}]]")
    return tuple(_example(path, text, table, key, item) for item in value)


def _example(path: Path, text: str, table: str, key: str, item: object) -> Example:
    where = f"{table}.{key}"
    if not isinstance(item, dict) or not isinstance(item.get("text"), str):
        raise tables.wrong(path, text, where, None, "needs “text”")
    tables.refuse_unknown(item, _EXAMPLE_KEYS[key], path=path, text=text, table=where)
    plain, spans = unmark(item["text"])
    if (key == "bad") != bool(spans):
        raise tables.wrong(path, text, where, None, "needs [[ ]] around what is wrong" if key == "bad" else "is a near miss and takes no [[ ]]")
    return Example(plain, spans, item.get("fixed"), item.get("source"), item.get("original"))


@cache
def unmark(marked: str) -> tuple[str, tuple[Span, ...]]:
    """A text with [[ ]] round spans as the plain text and those spans."""
    plain, spans, opened, last = "", [], -1, 0
    for mark in _MARK.finditer(marked):
        plain += marked[last : mark.start()]
        last = mark.end()
        if mark.group() == "[[":
            opened = len(plain)
        elif opened >= 0:
            spans.append(Span(opened, len(plain)))
            opened = -1
    return plain + marked[last:], tuple(spans)
