"""Documents and rules for the tests of the kinds."""

from collections.abc import Callable
from pathlib import Path

import pytest

from auditor.detect import KINDS
from auditor.detect.kind import Resources
from auditor.names import aliases
from auditor.rules import loader
from auditor.text.language import language
from auditor.text.segment import segment
from auditor.types import Document, Match, Provenance, Rule

Find = Callable[..., list[Match]]


@pytest.fixture(scope="session")
def resources() -> Resources:
    return Resources(language=language, aliases=aliases.load([]))


@pytest.fixture
def rules(tmp_path: Path) -> Callable[[str], tuple[Rule, ...]]:
    """The rules of a pack given as TOML; message, category and severity are filled in."""

    def read(text: str) -> tuple[Rule, ...]:
        (tmp_path / "en.toml").write_text(text, encoding="utf-8")
        return loader.load_pack(tmp_path / "en.toml", {name: kind.schema for name, kind in KINDS.items()})

    return read


@pytest.fixture
def find(rules: Callable[[str], tuple[Rule, ...]], resources: Resources) -> Find:
    """The matches of one rule table in a text, in order: `find(kind, parameters, text, source_lang=…)`."""

    def run(kind: str, parameters: str, text: str, *, source_lang: str | None = None, document: Document | None = None) -> list[Match]:
        head = f'[x]\nkind = "{kind}"\nmessage = "“{{match}}”"\ncategory = "style/awkward"\nseverity = "minor"\n'
        detector = KINDS[kind].build(rules(head + parameters), resources)
        whole = document or segment(Document("x.txt", text, provenance=Provenance(source_lang, "flag" if source_lang else "unknown")))
        return sorted((match for _, match in detector(whole)), key=lambda match: match.span)

    return run
