"""`ips operations`: list the operations, or show one with its parameters."""

from __future__ import annotations

import argparse
import difflib
import json
from dataclasses import asdict

from image_processing_client.cli.account import connect
from image_processing_client.cli.exits import DONE, UsageError
from image_processing_client.cli.output import Output
from image_processing_client.operations import Operation


def operations(arguments: argparse.Namespace, output: Output) -> int:
    """Print one line for each operation, or the parameters of the named operation."""
    with connect(arguments, authenticated=False) as client:
        known = {operation.name: operation for operation in client.operations.list()}
    if arguments.name is None:
        for operation in known.values():
            first = operation.description.partition("\n")[0]
            output.say(f"{operation.name:16} {first}", asdict(operation))
        return DONE
    if arguments.name not in known:
        near = difflib.get_close_matches(arguments.name, known, n=1)
        hint = f" Do you mean {near[0]}?" if near else " `ips operations` lists them."
        raise UsageError(f"Unknown operation {arguments.name}.{hint}")
    operation = known[arguments.name]
    output.say(_page(operation), asdict(operation))
    return DONE


def _page(operation: Operation) -> str:
    required = operation.parameters.get("required", [])
    lines = [f"{operation.name} ({operation.group})", operation.description, ""]
    for name, schema in operation.parameters.get("properties", {}).items():
        kind = "required" if name in required else f"default {json.dumps(schema.get('default'))}"
        lines.append(f"  {name}: {schema.get('description', '')} ({kind})")
    lines += ["", f"Example: {json.dumps(operation.example)}"]
    return "\n".join(lines)
