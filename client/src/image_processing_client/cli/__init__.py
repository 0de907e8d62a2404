"""`ips`: the command line of the service."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Sequence

from image_processing_client.cli.arguments import parser
from image_processing_client.cli.exits import EXPECTED, FAILED, INTERRUPTED, exit_code, print_error
from image_processing_client.cli.output import Output


def main(words: Sequence[str] | None = None) -> int:
    """Run one command and return the exit code."""
    arguments = parser().parse_args(words)
    output = Output(as_json=arguments.json, quiet=arguments.quiet)
    if isinstance(sys.stdout, io.TextIOWrapper):  # a terminal may lack letters of a file's name
        sys.stdout.reconfigure(errors="backslashreplace")
    try:
        code: int = arguments.run(arguments, output)
    except KeyboardInterrupt:
        print("ips: interrupted", file=sys.stderr)
        return INTERRUPTED
    except BrokenPipeError:  # `ips operations | head`
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return FAILED
    except EXPECTED as error:
        print_error(error, as_json=output.as_json)
        return exit_code(error)
    return code
