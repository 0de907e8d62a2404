"""Does the service answer? Asked from outside, the way its users and its queue do."""

import http.client
import urllib.error
import urllib.request
from collections.abc import Iterable, Mapping
from urllib.parse import urlsplit

from celery import Celery

PING_SECONDS = 1.0
# Short, since nobody who wants to stop is listened to meanwhile; who is slow is asked again.
ANSWER_SECONDS = 5.0


class Web:
    """The web server's own opinion, `GET /readyz`."""

    def __init__(self, address: str, environment: Mapping[str, str]) -> None:
        self._request = urllib.request.Request(f"{address}/readyz")
        names = environment.get("ALLOWED_HOSTS", "").split(",")
        public = urlsplit(environment.get("PUBLIC_URL", "")).netloc
        if public and not {"*", urlsplit(address).hostname} & {name.strip() for name in names}:
            # Only the public name is let in.
            self._request.add_header("Host", public)
        self.said = "it does not accept connections"

    def is_ready(self) -> bool:
        """Whether it answers 200; otherwise `said` tells what it answered."""
        try:
            with urllib.request.urlopen(self._request, timeout=ANSWER_SECONDS) as answer:
                return bool(answer.status == 200)
        except urllib.error.HTTPError as error:
            body = error.read(500).decode(errors="replace").strip()
            self.said = f"it answers {error.code}: {body}"
        except (OSError, http.client.HTTPException):
            pass
        return False


class Workers:
    """The workers' answers to a ping through the broker."""

    def __init__(self, broker: str, nodes: Iterable[str]) -> None:
        # A bare application: it needs the broker's address and nothing of the project.
        self._application = Celery(broker=broker, set_as_current=False)
        self._silent = set(nodes)

    def are_ready(self) -> bool:
        """Whether each has answered at least once."""
        control = self._application.control
        try:
            answers = control.ping(
                destination=sorted(self._silent), timeout=PING_SECONDS, limit=len(self._silent)
            )
        except (OSError, self._application.connection().recoverable_connection_errors):
            return False
        for answer in answers:
            self._silent -= answer.keys()
        return not self._silent
