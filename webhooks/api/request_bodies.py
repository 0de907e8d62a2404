"""Bodies of requests to `webhooks/`."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator, Field, StringConstraints

from api.requests.body import ABSENT, Body
from api.requests.fields import Address
from webhooks.models import EVENTS, Event


def _in_order(events: list[str]) -> list[str]:
    """Each event once, in the order of `EVENTS`."""
    return [event for event in EVENTS if event in events]


Url = Annotated[
    Address,
    Field(
        description="The address that receives the messages: https:// or http://, on the public "
        "internet."
    ),
]
Events = Annotated[
    list[Event],
    Field(min_length=1, max_length=len(EVENTS), description="The events to report."),
    AfterValidator(_in_order),
]
Note = Annotated[
    str,
    StringConstraints(strip_whitespace=True, max_length=200),
    Field(description="A note for people."),
]


class WebhookRequest(Body):
    """The body of `POST webhooks/`."""

    url: Url
    events: Events
    description: Note = ABSENT


class WebhookChangeRequest(Body):
    """The body of `PATCH webhooks/<id>/`. Absent fields stay as they are."""

    url: Url = ABSENT
    events: Events = ABSENT
    description: Note = ABSENT
    enabled: bool = Field(
        ABSENT, description="False disables the webhook and cancels the messages that wait."
    )
