"""The body of `PATCH images/<id>/`."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from api.requests.body import ABSENT, Body
from api.requests.fields import Description, FileName, Text

Fraction = Annotated[float, Field(ge=0, le=1)]


class FocalPointRequest(Body):
    """A point of the upright image, as fractions of its width and height from the top left."""

    x: Fraction
    y: Fraction


class ImageChangeRequest(Body):
    """What an owner may change of an image. Absent fields stay as they are."""

    file_name: FileName = ABSENT
    description: Description = ABSENT
    tags: Annotated[list[Annotated[Text, Field(max_length=64)]], Field(max_length=50)] = ABSENT
    focal_point: FocalPointRequest | None = None
