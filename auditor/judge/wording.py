"""How a rule speaks of a match: its message with the quoted span, on one line and not too long; when two places say the same."""

from __future__ import annotations

from auditor.types import Match, Rule


def message(rule: Rule, match: Match, text: str) -> str:
    """The rule's message with the quoted span, the first suggestion and the match's own values in its placeholders."""
    suggestion = match.suggestions[0].text if match.suggestions else next(iter(rule.suggest), "")
    return rule.message.format_map({"match": shorten(text, most=80), "suggestion": suggestion, **match.values})


def shorten(text: str, *, most: int = 60) -> str:
    """The text on one line; where it is longer than `most` code points the middle is left out, between words."""
    line = " ".join(text.split())
    if len(line) <= most:
        return line
    half = (most - 3) // 2
    return f"{line[: half + 1].rpartition(' ')[0] or line[:half]} … {line[-half - 1 :].partition(' ')[2] or line[-half:]}"


def folded(text: str) -> str:
    """The words without regard to case and white space: what two places have in common that say the same."""
    return " ".join(text.casefold().split())
