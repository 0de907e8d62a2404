"""The WSGI environment of a request that an ASGI server received."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from typing import Any
from urllib.parse import unquote_to_bytes

from image_processing_service.web.answer import FilePieces

# Repeated headers are one list, except for cookies, whose separator is another.
_SEPARATORS = {"HTTP_COOKIE": "; "}
_WITHOUT_PREFIX = {"HTTP_CONTENT_TYPE": "CONTENT_TYPE", "HTTP_CONTENT_LENGTH": "CONTENT_LENGTH"}


def build_environ(scope: Mapping[str, Any]) -> dict[str, Any]:
    """Return the environment of a request, without its body (`wsgi.input`)."""
    client, server = scope["client"] or ("", 0), scope["server"] or ("", 0)
    environ = {
        "REQUEST_METHOD": scope["method"],
        "SCRIPT_NAME": "",
        "PATH_INFO": unquote_to_bytes(_path(scope["raw_path"])).decode("latin-1"),
        "QUERY_STRING": scope["query_string"].decode("latin-1"),
        "SERVER_PROTOCOL": f"HTTP/{scope['http_version']}",
        "SERVER_NAME": server[0],
        "SERVER_PORT": str(server[1]),
        "REMOTE_ADDR": client[0],
        "REMOTE_PORT": str(client[1]),
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope["scheme"],
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
        "wsgi.file_wrapper": FilePieces,
    }
    for name, value in scope["headers"]:
        key = f"HTTP_{name.decode('latin-1').upper().replace('-', '_')}"
        key = _WITHOUT_PREFIX.get(key, key)
        earlier = f"{environ[key]}{_SEPARATORS.get(key, ',')}" if key in environ else ""
        environ[key] = earlier + value.decode("latin-1")
    return environ


def _path(target: bytes) -> bytes:
    """The path of a request's target, which may be a whole address, valid or not."""
    if target.startswith((b"/", b"*")):
        return target
    return b"/" + target.partition(b"://")[2].partition(b"/")[2]
