"""Exit 0 if the web server of this container answers /readyz with 200, else 1 with the reason.

Django only accepts host names in ALLOWED_HOSTS, so the request sends the host of PUBLIC_URL.
"""

from __future__ import annotations

import http.client
import os
import sys
from urllib.parse import urlsplit


def check(host: str, port: int, public_url: str) -> str:
    """Return the reason why the server is not ready; an empty string if it is."""
    connection = http.client.HTTPConnection(host, port, timeout=4)
    try:
        connection.request(
            "GET", "/readyz", headers={"Host": urlsplit(public_url).netloc or "localhost"}
        )
        answer = connection.getresponse()
        text = answer.read(500).decode(errors="replace")
    except (OSError, http.client.HTTPException) as error:
        return f"{host}:{port} did not answer: {error!r}"
    finally:
        connection.close()
    return "" if answer.status == 200 else f"/readyz answered {answer.status}: {text}"


if __name__ == "__main__":
    port = int(sys.argv[1]) if len(sys.argv) > 1 else 8000
    sys.exit(check("127.0.0.1", port, os.environ.get("PUBLIC_URL", "")) or 0)
