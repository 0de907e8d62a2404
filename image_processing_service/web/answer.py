"""The answer of a WSGI application, which is made piece by piece."""

from __future__ import annotations

import contextvars
from collections.abc import Callable, Iterable, Iterator
from http import HTTPStatus
from typing import IO, Any

# The answer is handed over in pieces of at least this size, or its rest. Each piece costs a change
# of threads, and is held in memory until the client has read it.
PIECE = 256 * 1024
_WITHOUT_BODY = (HTTPStatus.NO_CONTENT, HTTPStatus.NOT_MODIFIED)

Application = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


class Answer:
    """Runs the application in whichever thread calls it, never in two at a time.

    All its threads share a context, which no other request has.
    """

    status: int
    headers: list[tuple[bytes, bytes]]

    def __init__(self, application: Application, environ: dict[str, Any]) -> None:
        self._application = application
        self.environ = environ
        self._context = contextvars.Context()
        self._pieces: Iterator[bytes] = iter(())
        self._close: Callable[[], object] | None = None
        self.is_complete = False

    def start(self) -> bytes:
        """Run the application until it has its status and headers, and return the first piece."""
        return self._context.run(self._start)

    def next_piece(self) -> bytes:
        """Return the next bytes of the body, and close the answer after the last ones."""
        return self._context.run(self._next_piece)

    def close(self) -> None:
        """Let the application release what the answer holds, once."""
        self._context.run(self._release)

    @property
    def is_open(self) -> bool:
        """Whether the answer holds something that `close` releases."""
        return self._close is not None

    def _start(self) -> bytes:
        result = self._application(self.environ, self._start_response)
        self._close = getattr(result, "close", None)
        if self.environ["REQUEST_METHOD"] == "HEAD" or self.status in _WITHOUT_BODY:
            self.is_complete = True
            self._release()
            return b""
        self._pieces = iter(result)
        return self._next_piece()

    def _next_piece(self) -> bytes:
        piece: list[bytes] = []
        size = 0
        for part in self._pieces:
            piece.append(part)
            size += len(part)
            if size >= PIECE:
                break
        else:
            self.is_complete = True
            self._release()
        return piece[0] if len(piece) == 1 else b"".join(piece)

    def _release(self) -> None:
        close, self._close = self._close, None
        if close is not None:
            close()

    def _start_response(
        self, status: str, headers: list[tuple[str, str]], exc_info: Any = None
    ) -> None:
        self.status = int(status.split(" ", 1)[0])
        self.headers = [
            (name.encode("latin-1"), value.encode("latin-1")) for name, value in headers
        ]


class FilePieces:
    """An open file as the body of an answer (`wsgi.file_wrapper`)."""

    def __init__(self, file: IO[bytes], block_size: int = PIECE) -> None:
        self._file = file
        self.close = getattr(file, "close", None)

    def __iter__(self) -> Iterator[bytes]:
        return iter(lambda: self._file.read(PIECE), b"")
