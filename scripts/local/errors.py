"""The one error of these scripts: a sentence for the person at the terminal."""


class StartError(Exception):
    """Something outside the program stands in the way; its text is one complete sentence."""


class StopRequested(BaseException):
    """Ctrl-C or SIGTERM arrived; whatever is being waited for is given up."""
