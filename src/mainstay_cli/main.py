"""The command ``mainstay``: its commands, loaded when called, and how errors end."""

from __future__ import annotations

import os
import sys
from importlib import import_module
from typing import TYPE_CHECKING, NoReturn

import click

from mainstay_cli.exits import DONE, FAULT, STOPPED, WRONG_USE

if TYPE_CHECKING:
    from collections.abc import Sequence

COMMANDS = {
    "new": "Begin a case: from a bundled one, or empty tables to fill in.",
    "check": "Check the tables of a case; every finding says what to do.",
    "survey": "Say what makers can really do, from what they report.",
    "demand": "Derive what people will need from the course of the epidemic.",
    "chain": "See the industrial chain: who depends on whom, key enterprises, a map.",
    "plan": "Plan a case: what to make, convert, license, import, ship.",
    "explain": "Say why something is short, who gets it instead, what would help.",
    "stress": "Say what would break us: what each loss costs, the smallest blow, what helps.",
    "futures": "Draw what may come, and keep the few futures that stand for all.",
    "prepare": "Say what should stand ready: stock, lines, contracts, sites for a budget.",
    "convert": "Turn a case folder into a workbook, or back.",
    "push": "Send a file of reports to the platform.",
    "schema": "Show the tables of a case and their columns.",
}
"""Each command's name and line of help, so that ``--help`` loads none of them."""


class LazyGroup(click.Group):
    """A group that knows its commands by name and loads one only when it is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Names of the commands, in the order of a first day's work."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of that name; None when there is none."""
        if cmd_name not in COMMANDS:
            return None
        module = import_module(f"mainstay_cli.commands.{cmd_name}")
        command: click.Command = module.command
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command, or say which one was probably meant."""
        if args and not args[0].startswith("-") and args[0] not in COMMANDS:
            from mainstay_cli.words import did_you_mean

            hint = did_you_mean(args[0], COMMANDS) or f"Commands: {', '.join(COMMANDS)}."
            raise click.UsageError(f'There is no command "{args[0]}". {hint}', ctx)
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands without loading them."""
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


def _print_version(ctx: click.Context, _parameter: click.Parameter, value: bool) -> None:
    if value and not ctx.resilient_parsing:
        from mainstay import __version__

        click.echo(f"mainstay {__version__}")
        ctx.exit()


@click.group(
    cls=LazyGroup,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="""\b
Example:
  mainstay new my-case --from hubei-2020
  mainstay check my-case
  mainstay plan my-case --out my-plan

\b
Exit codes: 0 done; 1 findings, or no plan that passes its check; 2 wrong use;
3 a fault of Mainstay itself; 130 stopped with Ctrl-C.""",
)
@click.option(
    "--version",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=_print_version,
    help="Show the version.",
)
@click.option("--debug", is_flag=True, help="On a fault of Mainstay itself, show where it happened.")
def cli(debug: bool) -> None:
    """Guarantee emergency supplies in an epidemic.

    Mainstay reads what you have, what you can make and what people need, and plans what to do,
    day by day; it checks the plan and says why what runs short runs short.
    """


def run(arguments: Sequence[str]) -> int:
    """Carry out one command line and return its exit code; a user's mistake never shows a traceback."""
    from mainstay.errors import Cancelled, DataError, MainstayError, SolveError

    try:
        code = cli.main(list(arguments), prog_name="mainstay", standalone_mode=False)
        return code if isinstance(code, int) else DONE
    except click.ClickException as error:
        error.show()
        return WRONG_USE
    except DataError as error:
        from mainstay_cli.findings import show_refused

        return show_refused(error)
    except SolveError as error:
        return _say(str(error), 1)
    except (Cancelled, click.Abort, KeyboardInterrupt) as error:
        return _say(str(error) or "Stopped.", STOPPED)
    except MainstayError as error:
        return _say(str(error), WRONG_USE)
    except BrokenPipeError:
        # The reader of our output has gone, as in `mainstay schema | head`: not an error.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return DONE
    except OSError as error:
        return _say(_explain_os_error(error), WRONG_USE)
    except Exception as error:
        return _report_fault(error, debug="--debug" in arguments)


def _say(message: str, code: int) -> int:
    click.echo(message, err=True)
    return code


def _explain_os_error(error: OSError) -> str:
    where = f"{error.filename}: " if error.filename else ""
    return f"{where}{error.strerror or error}. Check the path, its rights and the room on the disk."


def _report_fault(error: Exception, *, debug: bool) -> int:
    if debug:
        import traceback

        traceback.print_exception(error)
    else:
        click.echo(
            f"A fault of Mainstay itself: {type(error).__name__}: {error}\n"
            "Your files are as they were. Run again as `mainstay --debug ...` and report what it prints, "
            "with the case if you may share it (CONTRIBUTING.md says where).",
            err=True,
        )
    return FAULT


def main() -> NoReturn:
    """Entry point of the command ``mainstay``."""
    sys.exit(run(sys.argv[1:]))
