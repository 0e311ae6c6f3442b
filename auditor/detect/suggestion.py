"""Fills in what a rule suggests from what its pattern matched; the only place that knows groups, agreement and capitals of suggestions.

In a suggestion `\\1` and `{name}` print what a group of the pattern matched. `{1:take|takes|took}` agrees with it: where group 1 is written
`(make|makes|made)` and matched its third alternative, the third form is printed.
"""

from __future__ import annotations

import re
from functools import cache

from auditor.rules.pattern import translate

_SLOT = re.compile(r"\\(?P<number>\d)|\{(?P<group>\w+)(?::(?P<forms>[^{}]*))?\}")


def fill(template: str, match: re.Match[str], pattern: str, standing: str) -> str | None:
    """The suggestion for a match of the pattern, with the capitals of the words `standing` there; None when it asks for a group that this pattern
    lacks or for a form that its group cannot name. A group that did not take part prints nothing."""
    out, last = [], 0
    for slot in _SLOT.finditer(template):
        group = _group(slot)
        if not has(pattern, group):
            return None
        text = match[group] or ""
        if slot["forms"] is not None:
            chosen = _form(pattern, group, text, slot["forms"].split("|"))
            if chosen is None:
                return None
            text = chosen
        out += [template[last : slot.start()], text]
        last = slot.end()
    return capital(" ".join("".join([*out, template[last:]]).split()), standing)


def capital(text: str, replaced: str) -> str:
    """The text with the capitals of what it replaces: an initial one, or capitals throughout."""
    letters = [letter for letter in replaced if letter.isalpha()]
    if len(letters) > 3 and all(letter.isupper() for letter in letters):
        return text.upper()
    return text[:1].upper() + text[1:] if letters and replaced[:1].isupper() else text


def problem(template: str, patterns: tuple[str, ...]) -> str | None:
    """What is wrong with a suggestion for these patterns, in words, or None."""
    for slot in _SLOT.finditer(template):
        group = _group(slot)
        holders = [pattern for pattern in patterns if has(pattern, group)]
        if not holders:
            return f"names a group that no pattern has: “{slot.group()}”"
        if slot["forms"] is not None:
            count = slot["forms"].count("|") + 1
            if all(len(alternatives(pattern, group)) != count for pattern in holders):
                return f"gives {count} forms where the group has {len(alternatives(holders[0], group))}: “{slot.group()}”"
    return None


def has(pattern: str, group: int | str) -> bool:
    """Whether the pattern has the group, by number or name."""
    compiled = _compiled(pattern)
    return group <= compiled.groups if isinstance(group, int) else group in compiled.groupindex


@cache
def alternatives(pattern: str, group: int | str) -> tuple[str, ...]:
    """The alternatives of a group as written: `(make|makes)` → make, makes."""
    number = group if isinstance(group, int) else _compiled(pattern).groupindex[group]
    depth, opened, start, parts, position, inside = 0, 0, -1, [], 0, False
    level = 0
    while position < len(pattern):
        mark = pattern[position]
        if mark == "\\":
            position += 2
            continue
        if inside:
            inside = mark != "]"
        elif mark == "[":
            inside = True
            position += len(re.match(r"\[\^?\]?", pattern[position:]).group()) - 1  # type: ignore[union-attr]
        elif mark == "(":
            depth += 1
            head = re.match(r"\((\?P<\w+>|(?!\?))", pattern[position:])
            if head:
                opened += 1
                if opened == number:
                    start, level = position + len(head.group()), depth
        elif mark == "|" and depth == level and start >= 0:
            parts.append(pattern[start:position])
            start = position + 1
        elif mark == ")":
            if depth == level and start >= 0:
                return (*parts, pattern[start:position])
            depth -= 1
        position += 1
    return ()


def _group(slot: re.Match[str]) -> int | str:
    name = slot["number"] or slot["group"]
    return int(name) if name.isdigit() else name


def _form(pattern: str, group: int | str, text: str, forms: list[str]) -> str | None:
    known = alternatives(pattern, group)
    for alternative, form in zip(known, forms, strict=True) if len(known) == len(forms) else ():
        if re.fullmatch(translate(alternative), text, re.IGNORECASE):
            return form
    return None


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(translate(pattern))
