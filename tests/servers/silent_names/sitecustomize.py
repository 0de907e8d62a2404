"""Makes the resolver of a process wait for a name server that never answers.

Python imports this module at its start if its folder is on `PYTHONPATH`.
"""

import socket
import time

SUFFIX = ".silent.example"
# As the resolver of glibc does by default: two attempts of five seconds at each of two servers.
SECONDS = 20

_resolve = socket.getaddrinfo


def getaddrinfo(host, *arguments, **options):  # type: ignore[no-untyped-def]
    if isinstance(host, str) and host.endswith(SUFFIX):
        time.sleep(SECONDS)
        raise socket.gaierror(socket.EAI_AGAIN, "Temporary failure in name resolution")
    return _resolve(host, *arguments, **options)


socket.getaddrinfo = getaddrinfo
