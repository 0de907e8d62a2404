"""Checks whether the service answers: over HTTP like its users, and through its queue."""

import http.client
import urllib.error
import urllib.request
from collections.abc import Iterable, Mapping
from urllib.parse import urlsplit

from celery import Celery

PING_SECONDS = 1.0
# Short, because Ctrl-C is not noticed during a request. A slow server is asked again.
ANSWER_SECONDS = 5.0


class Web:
    """The web server; `GET /readyz` shows whether it is ready."""

    def __init__(self, address: str, environment: Mapping[str, str]) -> None:
        self._request = urllib.request.Request(f"{address}/readyz")
        names = environment.get("ALLOWED_HOSTS", "").split(",")
        public = urlsplit(environment.get("PUBLIC_URL", "")).netloc
        if public and not {"*", urlsplit(address).hostname} & {name.strip() for name in names}:
            # The service only accepts its public host name.
            self._request.add_header("Host", public)
        self.last_answer = "it does not accept connections"

    def is_ready(self) -> bool:
        """Whether the server answers 200; otherwise `last_answer` describes its answer."""
        try:
            with urllib.request.urlopen(self._request, timeout=ANSWER_SECONDS) as answer:
                return bool(answer.status == 200)
        except urllib.error.HTTPError as error:
            body = error.read(500).decode(errors="replace").strip()
            self.last_answer = f"it answers {error.code}: {body}"
        except (OSError, http.client.HTTPException):
            pass
        return False


class Workers:
    """The workers; a ping through the broker shows whether they are ready."""

    def __init__(self, broker: str, nodes: Iterable[str]) -> None:
        # A bare application: the ping needs the broker's address and nothing of the project.
        self._application = Celery(broker=broker, set_as_current=False)
        self._silent_nodes = set(nodes)

    def are_ready(self) -> bool:
        """Whether each worker has answered at least once."""
        control = self._application.control
        try:
            answers = control.ping(
                destination=sorted(self._silent_nodes),
                timeout=PING_SECONDS,
                limit=len(self._silent_nodes),
            )
        except (OSError, self._application.connection().recoverable_connection_errors):
            return False
        for answer in answers:
            self._silent_nodes -= answer.keys()
        return not self._silent_nodes
