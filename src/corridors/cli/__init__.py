"""The command line: a thin layer over the library."""

from __future__ import annotations

import sys

import typer

from corridors.cli.agreements import app as agreements_app
from corridors.cli.aid import app as aid_app
from corridors.cli.atlas import app as atlas_app
from corridors.cli.brief import app as brief_app
from corridors.cli.cards import app as facts_app
from corridors.cli.claims import app as claims_app
from corridors.cli.document import app as document_app
from corridors.cli.estimate import app as estimate_app
from corridors.cli.evaluate import app as evaluate_app
from corridors.cli.monitor import app as monitor_app
from corridors.cli.prices import app as prices_app
from corridors.cli.publish import app as publish_app
from corridors.cli.register import app as register_app
from corridors.cli.sources import app as sources_app
from corridors.errors import CorridorsError, SourceUnavailable

app = typer.Typer(
    name="corridors",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
    context_settings={"help_option_names": ["-h", "--help"]},
    help="International migration and development: public figures you can use and defend.\n\n"
    "Build the atlas once with [bold]corridors build[/bold], then ask it.",
)


def _add(panel: str | None, *groups: typer.Typer, **named: typer.Typer) -> None:
    """Add commands, and groups of commands by name, below a heading of the help."""
    for group in groups:
        for command in (*group.registered_commands, *group.registered_groups):
            command.rich_help_panel = panel
        app.add_typer(group)
    for name, group in named.items():
        app.add_typer(group, name=name, rich_help_panel=panel)


_add(None, atlas_app, prices=prices_app)
_add("Show and share", publish_app, brief_app)
_add(
    "What was promised",
    monitor_app,
    claims_app,
    document_app,
    register=register_app,
    agreements=agreements_app,
)
_add("Public facts and aid", facts_app, aid_app)
_add("Your own figures", sources=sources_app, estimate=estimate_app, evaluate=evaluate_app)


def main() -> None:
    """Run the command line; exit 0 ok, 1 data problem, 2 usage, 3 source unreachable."""
    try:
        app()
    except CorridorsError as error:
        typer.secho("Error: ", fg="red", bold=True, err=True, nl=False)
        typer.echo(str(error), err=True)
        sys.exit(3 if isinstance(error, SourceUnavailable) else 1)
