"""`auditor models`: lists the language models, fetches one, calibrates one."""

from __future__ import annotations

from typing import Annotated

import typer

app = typer.Typer(help="The language models: list, fetch, calibrate.", no_args_is_help=True, rich_markup_mode=None)
Name = Annotated[str, typer.Argument(metavar="NAME", help="A model of `auditor models list`.")]


@app.command("list")
def list_() -> int:
    """List the models: name, licence, size, whether it is here."""
    from auditor.cli.settings import cache_folder
    from auditor.fluency import manifest, pull

    for name in manifest.names():
        found = manifest.manifest(name)
        here = "here" if pull.target(found, cache_folder()).is_file() else "not fetched"
        calibrated = "calibrated" if found.calibration else "not calibrated"
        print(f"{found.id:28} {found.licence:12} {found.size / 1e6:6.0f} MB  {here:12} {calibrated:15} {found.homepage}")
    return 0


@app.command("pull")
def pull_(name: Annotated[str | None, typer.Argument(metavar="NAME", help="The default model, unless named.", show_default=False)] = None) -> int:
    """Fetch a model into the cache folder and check its hash."""
    from auditor.cli.modelling import bar
    from auditor.cli.settings import cache_folder, resolve
    from auditor.fluency import manifest, pull

    found = manifest.manifest(name or resolve({}).model)
    with bar(f"fetching {found.name}", quiet=False) as progress:
        print(pull.pull(found, cache_folder(), offline=False, progress=progress))
    return 0


@app.command()
def calibrate(name: Name, texts: Annotated[list[str], typer.Argument(metavar="PATH…", help="Native English news: files and folders.")]) -> int:
    """Measure how surprising native news is to a model and write it into its manifest.

    What was learnt from labelled texts (the share of a word's neighbours, the weights of verification) stays as it is.
    """
    from dataclasses import replace

    from auditor import stages
    from auditor.cli.modelling import fluency
    from auditor.cli.reading import documents
    from auditor.cli.say import say
    from auditor.cli.settings import resolve
    from auditor.errors import InputError, ModelError
    from auditor.fluency import manifest
    from auditor.fluency.calibration import calibrate as measure
    from auditor.fluency.document import samples
    from auditor.types import Document

    settings = replace(resolve({}), model=name)
    read = list(documents(settings, texts, files_from=None, stdin_filename=None))
    failed = [item for item in read if not isinstance(item, Document)]
    if failed:
        raise InputError(failed[0].reason)
    native = [stages.prepared(settings, item) for item in read if isinstance(item, Document)]
    with fluency(settings, quiet=False) as loaded:
        if loaded.scorer is None:
            raise ModelError(loaded.missing)
        source = f"{len(native)} texts named on the command line, scored by {loaded.scorer.signature}"
        known = loaded.calibration
        found = measure(samples(native, loaded.scorer, cache=loaded.cache), source=source, adjustment=known.adjustment if known else None)
        found = replace(found, verification=known.verification if known else None)
    manifest.store(manifest.manifest(name), found)
    say(f"{found.words:,} words; written to {manifest.manifest(name).path}")
    return 0
