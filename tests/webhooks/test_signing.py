"""Secrets and signatures, checked by the library that receivers use."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta

import pytest
from standardwebhooks.webhooks import Webhook as Receiver
from standardwebhooks.webhooks import WebhookVerificationError

from webhooks import signing
from webhooks.delivery import sending
from webhooks.models import Webhook

BODY = b'{"type": "task.failed"}'


def headers(*secrets: str) -> dict[str, str]:
    now = int(time.time())
    signature = signing.signature_header(secrets, message_id="msg_1", timestamp=now, body=BODY)
    return {"webhook-id": "msg_1", "webhook-timestamp": str(now), "webhook-signature": signature}


def test_the_signature_is_that_of_the_specification() -> None:
    """The example of Standard Webhooks 1.0."""
    signature = signing.signature_header(
        ["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"],
        message_id="msg_p5jXN8AQM9LWM0D4loKWxJek",
        timestamp=1_614_265_330,
        body=b'{"test": 2432232314}',
    )
    assert signature == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_each_of_several_secrets_signs() -> None:
    secrets = [signing.new_secret() for _ in range(3)]
    sent = headers(*secrets)
    for secret in secrets:
        assert Receiver(secret).verify(BODY, sent)
    with pytest.raises(WebhookVerificationError):
        Receiver(signing.new_secret()).verify(BODY, sent)


@pytest.mark.parametrize("name", ["webhook-id", "webhook-timestamp", "body"])
def test_nothing_of_a_message_can_be_exchanged(name: str) -> None:
    secret = signing.new_secret()
    sent, body = headers(secret), BODY
    if name == "body":
        body = b'{"type": "task.succeeded"}'
    else:
        sent[name] = {"webhook-id": "msg_2", "webhook-timestamp": str(int(time.time()) + 9)}[name]
    with pytest.raises(WebhookVerificationError):
        Receiver(secret).verify(body, sent)


def test_old_secrets_sign_until_their_time_is_over() -> None:
    now = datetime(2030, 1, 1, tzinfo=UTC)
    seconds = {"over": 0, "older": 1, "old": 2}
    old = [[name, (now + timedelta(seconds=left)).isoformat()] for name, left in seconds.items()]
    webhook = Webhook(secret="new", old_secrets=old)
    assert sending._secrets(webhook, now) == ["new", "old", "older"]
