"""The body of an error report from the web page."""

from __future__ import annotations

from api.requests.strict import StrictSerializer, TextField


class ClientErrorSerializer(StrictSerializer):
    """The body of `POST client-errors/`."""

    message = TextField(max_length=2_000)
    stack = TextField(max_length=10_000, required=False, allow_blank=True)
    url = TextField(max_length=2_000, required=False, allow_blank=True)
    component = TextField(max_length=200, required=False, allow_blank=True)
    release = TextField(max_length=100, required=False, allow_blank=True)
