"""Send a delivery once, signed, and describe the outcome."""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import timezone

from image_processor.jobs.connection import close_idle_connection
from utils.outbound import Client, OutboundError
from webhooks import signing
from webhooks.delivery import retrying
from webhooks.models import Delivery, Webhook

# For the whole attempt: name look-up, connection, request, and the response to its end.
SECONDS = 10
# Characters of the response's body that the owner is shown.
EXCERPT = 500


@dataclass(frozen=True, slots=True)
class Outcome:
    """The outcome of one attempt: the response's status, or why there was no response.

    `url` is the address of this attempt; the webhook may have another one by now. `retry_after` is
    the pause in seconds that the receiver asked for.
    """

    url: str
    at: datetime
    milliseconds: int
    status: int | None = None
    body: str = ""
    code: str = ""
    message: str = ""
    retry_after: float = 0

    @property
    def accepted(self) -> bool:
        return self.status is not None and 200 <= self.status < 300

    @property
    def gone(self) -> bool:
        return self.status == 410

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON form, as `Delivery.tries` has it."""
        return {
            "at": self.at.isoformat(),
            "milliseconds": self.milliseconds,
            "status": self.status,
            "body": self.body,
            "error_code": self.code or None,
            "error_message": self.message or None,
        }


def send(webhook: Webhook, delivery: Delivery) -> Outcome:
    """Make one attempt, in at most `SECONDS`."""
    body = delivery.body.encode()
    now = timezone.now()
    stamp = int(now.timestamp())
    headers = {
        "content-type": "application/json",
        "webhook-id": delivery.message_id,
        "webhook-timestamp": str(stamp),
        "webhook-signature": signing.signature_header(
            _secrets(webhook, now), message_id=delivery.message_id, timestamp=stamp, body=body
        ),
    }
    close_idle_connection()  # the other server may take its time
    start = time.monotonic()

    def outcome(**fields: Any) -> Outcome:
        return Outcome(webhook.url, now, round(1000 * (time.monotonic() - start)), **fields)

    try:
        answer = Client().post(webhook.url, body, headers=headers, seconds=SECONDS)
    except OutboundError as error:
        return outcome(code=error.code, message=error.detail)
    accepted = 200 <= answer.status < 300
    return outcome(
        status=answer.status,
        body=_excerpt(answer.body),
        code="" if accepted else "not_accepted",
        message="" if accepted else f"The receiver answered {answer.status}.",
        retry_after=retrying.parse_retry_after(answer.retry_after, now),
    )


def _secrets(webhook: Webhook, now: datetime) -> list[str]:
    old = [secret for secret, until in webhook.old_secrets if datetime.fromisoformat(until) > now]
    return [webhook.secret, *reversed(old)]


def _excerpt(body: bytes) -> str:
    text = body[: 4 * EXCERPT].decode(errors="replace")[:EXCERPT]
    return text.replace("\0", "\N{REPLACEMENT CHARACTER}")  # PostgreSQL's text has no zero byte
