"""A Python client that openapi-python-client generates from the OpenAPI document."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from tests.project.documents import marked_code

PACKAGE = "generated_client"


def generate(document: dict[str, Any], folder: Path) -> Path:
    """Generate the package `PACKAGE` in a folder, as the documentation says; any warning fails."""
    description, config = folder / "openapi.json", folder / "config.yml"
    description.write_text(json.dumps(document))
    # The generator's usual last step only formats the code.
    config.write_text(marked_code("docs/generated-clients.md", "python-config") + "post_hooks: []")
    command = [sys.executable, "-m", "openapi_python_client", "generate", "--fail-on-warning"]
    options = ["--path", description, "--config", config, "--meta", "none"]
    package = folder / PACKAGE
    done = subprocess.run(
        [*command, *map(str, options), "--output-path", str(package)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return package
