"""How much time a client has to send or to read some bytes."""

# A client that makes no progress at all is given up after this time.
GRACE_SECONDS = 15.0
# What the slowest client sends or reads in a second: 32 KiB, a poor mobile connection.
SLOWEST = 32 * 1024


def seconds_for(size: int) -> float:
    """Return the time for `size` bytes, however they are spread over it."""
    return GRACE_SECONDS + size / SLOWEST
