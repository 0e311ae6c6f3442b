"""`auditor rule`: lists the rules, or explains one: what it says, why, its examples, what was measured."""

from __future__ import annotations

from typing import Annotated

import typer

from auditor.cli import options as o


def rule(
    name: Annotated[str | None, typer.Argument(metavar="NAME", help="A rule such as de-en/acting-up.", show_default=False)] = None,
    every: Annotated[bool, typer.Option("--all", help="Explain every rule.")] = False,
    config: o.ConfigFile = None,
    isolated: o.Isolated = False,
) -> int:
    """Explain a rule: message, why, examples, measured precision. Without a name: list them."""
    from auditor import pipeline
    from auditor.cli.settings import resolve
    from auditor.errors import UsageError, nearest
    from auditor.rules.figures import figures

    rules, _ = pipeline.rule_set(resolve({}, config_file=config, isolated=isolated))
    if name is None and not every:
        width = max((len(item.id) for item in rules), default=0)
        for item in rules:
            print(f"{item.id:{width}}  {item.severity:8} {item.status:8} {item.category:40} {figures(item.id).reading}".rstrip())
        return 0
    if name is not None and name not in rules.by_id:
        raise UsageError(f"there is no rule “{name}”{nearest(name, rules.by_id)}")
    chosen = list(rules) if name is None else [rules.by_id[name]]
    print("\n\n".join("\n".join(_explained(item)) for item in chosen))
    return 0


def _explained(rule: object) -> list[str]:
    from auditor.mqm.typology import TYPES
    from auditor.rules.figures import figures
    from auditor.types import Rule

    assert isinstance(rule, Rule)
    source = f"texts from {rule.source}" if rule.source else "texts from any language"
    type_ = TYPES[rule.category]
    lines = [rule.id, f"  {rule.severity}, {rule.category}; {rule.status}; kind {rule.kind}; for {source}"]
    lines += [f"  type: {type_.dimension} / {type_.name} ({type_.id}) in MQM-Core, {type_.its} in ITS 2.0"]
    lines += [f"  says: {rule.message}"]
    lines += [f"  why: {rule.why}"] if rule.why else []
    lines += [f"  print instead: {' / '.join(rule.suggest)}"] if rule.suggest else []
    lines += ["  reported only where the language model finds a suggestion more probable"] if rule.verify else []
    for example in rule.bad:
        lines.append(f"  wrong: {_marked(example.text, [(s.start, s.end) for s in example.spans])}")
        lines += [f"  mended: {example.fixed}"] if example.fixed else []
    lines += [f"  right: {example.text}" for example in rule.good]
    lines += [f"  see: {ref}" for ref in rule.refs]
    measured = figures(rule.id)
    lines += [f"  measured: {measured.summary}"]
    lines += [f"  measured by: {measured.signature}"] if measured.signature else []
    return [line.replace("\n", " ¶ ") for line in lines]


def _marked(text: str, spans: list[tuple[int, int]]) -> str:
    for start, end in reversed(spans):
        text = f"{text[:start]}[{text[start:end]}]{text[end:]}"
    return text
