"""`ips operations`: the catalogue, or one entry of it."""

from __future__ import annotations

import argparse
import difflib
import json
from dataclasses import asdict

from image_processing_client.cli.account import connect
from image_processing_client.cli.exits import DONE, UsageMistake
from image_processing_client.cli.output import Output
from image_processing_client.operations import Operation


def operations(arguments: argparse.Namespace, output: Output) -> int:
    """A line for each operation, or all parameters of the one that is named."""
    with connect(arguments, signed=False) as client:
        known = {operation.name: operation for operation in client.operations.list()}
    if arguments.name is None:
        for operation in known.values():
            first = operation.description.partition("\n")[0]
            output.say(f"{operation.name:16} {first}", asdict(operation))
        return DONE
    if arguments.name not in known:
        near = difflib.get_close_matches(arguments.name, known, n=1)
        hint = f" Do you mean {near[0]}?" if near else " `ips operations` lists them."
        raise UsageMistake(f"There is no operation {arguments.name}.{hint}")
    found = known[arguments.name]
    output.say(_page(found), asdict(found))
    return DONE


def _page(operation: Operation) -> str:
    required = operation.parameters.get("required", [])
    lines = [f"{operation.name} ({operation.group})", operation.description, ""]
    for name, schema in operation.parameters.get("properties", {}).items():
        kind = "required" if name in required else f"default {json.dumps(schema.get('default'))}"
        lines.append(f"  {name}: {schema.get('description', '')} ({kind})")
    lines += ["", f"Example: {json.dumps(operation.example)}"]
    return "\n".join(lines)
