"""Headers of the parts of a multipart form.

Django drops a part whose headers are not UTF-8, as if the form had no file.
"""

from __future__ import annotations

END = b"\r\n\r\n"


def to_utf8(headers: bytes) -> bytes:
    """The headers in UTF-8. A line in another encoding is taken for Latin-1."""
    return b"\r\n".join(map(_line_to_utf8, headers.split(b"\r\n")))


def _line_to_utf8(line: bytes) -> bytes:
    try:
        line.decode()
    except UnicodeDecodeError:
        return line.decode("latin-1").encode()
    return line
