"""Exit codes and error messages.

0 done; 1 the service refused something, or a task failed; 2 the command line is wrong;
3 not signed in; 4 the service does not answer or has failed; 5 timeout; 130 interrupted.
"""

from __future__ import annotations

import json
import sys

from image_processing_client.errors import (
    APIError,
    ClientError,
    ConnectionFailed,
    NotSignedIn,
    ServiceFailed,
    WaitTimedOut,
)
from image_processing_client.file_names import to_text

DONE, FAILED, USAGE, NOT_SIGNED_IN, NO_ANSWER, TIME_OVER, INTERRUPTED = 0, 1, 2, 3, 4, 5, 130


class CommandError(Exception):
    """Ends the command with this exit code and message."""

    def __init__(self, code: int, message: str) -> None:
        super().__init__(message)
        self.code = code


class UsageError(CommandError):
    """The command line is wrong."""

    def __init__(self, message: str) -> None:
        super().__init__(USAGE, message)


def exit_code(error: Exception) -> int:
    """Return the exit code for an error."""
    match error:
        case CommandError():
            return error.code
        case NotSignedIn():
            return NOT_SIGNED_IN
        case ConnectionFailed() | ServiceFailed():
            return NO_ANSWER
        case WaitTimedOut():
            return TIME_OVER
    return FAILED


def print_error(error: Exception, *, as_json: bool, subject: str = "") -> None:
    """Print the error to standard error."""
    text = f"{subject}: {error}" if subject else str(error)
    if isinstance(error, NotSignedIn):
        text += "\nSign in with `ips login URL`."
    if not as_json:
        print(f"ips: {to_text(text)}", file=sys.stderr)
        return
    members: dict[str, object] = dict(error.body) if isinstance(error, APIError) else {}
    members |= {"error": type(error).__name__, "message": text}
    if subject:
        members["subject"] = subject
    print(json.dumps(members), file=sys.stderr)


# Errors that are not bugs of this program.
EXPECTED = (CommandError, ClientError, OSError)
