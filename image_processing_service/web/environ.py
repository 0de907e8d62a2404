"""The WSGI environment of a request that an ASGI server received."""

from __future__ import annotations

import re
import sys
from collections.abc import Mapping
from typing import Any
from urllib.parse import unquote_to_bytes

from image_processing_service.web.answer import FilePieces
from utils.errors import DomainError

# Repeated headers are one list, except for cookies, whose separator is another.
_SEPARATORS = {"HTTP_COOKIE": "; "}
_WITHOUT_PREFIX = {"HTTP_CONTENT_TYPE": "CONTENT_TYPE", "HTTP_CONTENT_LENGTH": "CONTENT_LENGTH"}
# The beginning of a target that is a whole address, which a client sends to a proxy.
_ORIGIN = re.compile(rb"[a-z][a-z0-9+.-]*://([^/]*)", re.IGNORECASE)


class BadTarget(DomainError):
    code = "bad_target"
    status = 400
    title = "The request names no path"


def build_environ(scope: Mapping[str, Any]) -> dict[str, Any]:
    """Return the environment of a request, without its body (`wsgi.input`)."""
    client, server = scope["client"] or ("", 0), scope["server"] or ("", 0)
    host, path = _split(scope["raw_path"])
    environ = {
        "REQUEST_METHOD": scope["method"],
        "SCRIPT_NAME": "",
        "PATH_INFO": unquote_to_bytes(path).decode("latin-1"),
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
    if host is not None:
        environ["HTTP_HOST"] = host.decode("latin-1")
    return environ


def check_target(scope: Mapping[str, Any]) -> None:
    """Raise `BadTarget` unless the request names a path, or `*` for the whole server."""
    target = scope["raw_path"]
    if not target.startswith(b"/") and target != b"*" and not _ORIGIN.match(target):
        shown = target[:100].decode("latin-1")
        raise BadTarget(
            f"The target of the request is {shown!r}. It must begin with / or be a whole address. "
            "This server is no proxy."
        )


def _split(target: bytes) -> tuple[bytes | None, bytes]:
    """The host and the path of a request's target. Only a whole address has a host.

    It replaces the header Host (RFC 9112, 3.2.2). Django refuses a host that is not allowed.
    """
    origin = _ORIGIN.match(target)
    if origin is None:
        return None, target
    return origin[1], target[origin.end() :] or b"/"
