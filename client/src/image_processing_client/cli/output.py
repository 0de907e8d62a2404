"""The output of a command: sentences, or with `--json` one JSON object per line."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from image_processing_client.file_names import to_text


class Output:
    """Writes to standard output according to `--json` and `--quiet`."""

    def __init__(self, *, as_json: bool, quiet: bool) -> None:
        self.as_json = as_json
        self.quiet = quiet

    def say(self, text: str, data: Mapping[str, Any]) -> None:
        """Print the text for people, or with `--json` the same as data."""
        if self.as_json:
            print(json.dumps(data, default=str), flush=True)
        elif not self.quiet:
            print(to_text(text), flush=True)
