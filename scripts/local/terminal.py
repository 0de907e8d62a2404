"""Messages to the person at the terminal."""

import sys


class StartError(Exception):
    """A problem outside of the program; the text is one complete sentence for the person."""


def say(text: str) -> None:
    """Report progress. It goes to standard error: other programs read standard output."""
    print(text, file=sys.stderr, flush=True)
