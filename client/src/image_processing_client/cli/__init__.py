"""`ips`: the service from a shell."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

from image_processing_client.cli.arguments import parser
from image_processing_client.cli.exits import EXPECTED, FAILED, INTERRUPTED, code_of, explain
from image_processing_client.cli.output import Output


def main(typed: Sequence[str] | None = None) -> int:
    """Run one command and return the exit code."""
    arguments = parser().parse_args(typed)
    output = Output(as_json=arguments.json, quiet=arguments.quiet)
    try:
        code: int = arguments.run(arguments, output)
    except KeyboardInterrupt:
        print("ips: interrupted", file=sys.stderr)
        return INTERRUPTED
    except BrokenPipeError:  # `ips operations | head`
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return FAILED
    except EXPECTED as error:
        explain(error, as_json=output.as_json)
        return code_of(error)
    return code
