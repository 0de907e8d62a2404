"""The body of `POST client-errors/`."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from api.requests.body import ABSENT, Body
from api.requests.fields import Text, TextOrEmpty


class ClientErrorRequest(Body):
    """An error that the web page reports."""

    message: Annotated[Text, Field(max_length=2_000)]
    stack: Annotated[TextOrEmpty, Field(max_length=10_000)] = ABSENT
    url: Annotated[TextOrEmpty, Field(max_length=2_000)] = ABSENT
    component: Annotated[TextOrEmpty, Field(max_length=200)] = ABSENT
    release: Annotated[TextOrEmpty, Field(max_length=100)] = ABSENT
