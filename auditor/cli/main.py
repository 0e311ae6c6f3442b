"""The command line: the commands by name, and how an error becomes an exit code. Loads no stage before a command runs."""

from __future__ import annotations

import gc
import os
import sys
import traceback
from typing import Annotated

import typer

from auditor import __version__
from auditor.cli import aliases, audit, baseline, config, evaluate, fix, init, lsp, models, names, review, rule, schema, score, story
from auditor.cli.say import complain, hang_up
from auditor.errors import AuditorError

app = typer.Typer(
    name="auditor",
    help="Finds, span by span, what an editor must fix in machine-translated news copy.",
    no_args_is_help=True,
    add_completion=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.command("audit", help="Audit files and folders of machine-translated copy.")(audit.command(gate=False))
app.command("gate", help="Let texts pass, or not (exit 1) with the reasons.")(audit.command(gate=True))
app.command("fix")(fix.fix)
app.command("lsp")(lsp.lsp)
app.command("review")(review.review)
app.command("init")(init.init)
app.command("score")(score.score)
app.command("story")(story.story)
app.command("names")(names.names)
app.command("rule")(rule.rule)
app.command("config")(config.config)
app.command("evaluate")(evaluate.evaluate)
app.command("schema")(schema.schema)
app.add_typer(aliases.app, name="aliases")
app.add_typer(models.app, name="models")
app.add_typer(baseline.app, name="baseline")


def _version(value: bool) -> None:
    if value:
        typer.echo(f"auditor {__version__}")
        raise typer.Exit


@app.callback()
def main(
    version: Annotated[bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version and stop.")] = False,
) -> None:
    """Finds, span by span, what an editor must fix in machine-translated news copy."""


def run() -> None:
    """The entry point: exit codes of the contract, one clear line for each error, no traceback (AUDITOR_DEBUG=1 shows it)."""
    gc.set_threshold(100_000, 50, 50)  # rules and names are a million objects that stay: looking through them again and again is a tenth of a start
    sys.exit(code(sys.argv[1:]))


def code(arguments: list[str]) -> int:
    """Runs the command and returns 0, 1, 2 or 130."""
    try:
        result = app(arguments, standalone_mode=False)
        sys.stdout.flush()
    except typer.Exit as error:
        return error.exit_code
    except typer.TyperException as error:
        complain(error.format_message())
        return 2
    except AuditorError as error:
        complain(str(error))
        return 2
    except (KeyboardInterrupt, typer.Abort):
        complain("interrupted")
        return 130
    except SystemExit as error:
        # The parser turns a closed pipe into an exit of 1, which would read like a failed gate.
        if not isinstance(error.__context__, BrokenPipeError):
            raise
        hang_up()
        return 0
    except BrokenPipeError:
        hang_up()
        return 0
    except Exception as error:  # noqa: BLE001 (an error of ours is a 2, never a 1 that reads like a failed gate)
        if os.environ.get("AUDITOR_DEBUG"):
            traceback.print_exc()
        complain(f"internal error: {type(error).__name__}: {error} (a bug; AUDITOR_DEBUG=1 shows where)")
        return 2
    return result if isinstance(result, int) else 0


if __name__ == "__main__":
    run()
