"""The commands of this checkout. An older Python stops here with a sentence, not a syntax error."""

import sys

if sys.version_info < (3, 11):  # noqa: UP036
    version = ".".join(map(str, sys.version_info[:2]))
    sys.exit(f"This needs Python 3.11 or newer; python3 is {version}.")
