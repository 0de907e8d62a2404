"""Bodies that announce a file which this request does not carry."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from api.requests.body import ABSENT, Body
from api.requests.fields import Address, Description, FileName
from image_processor.ingest import direct_uploads


class ImportRequest(Body):
    """The body of `POST images/import/`: an image to be fetched from an address."""

    url: Address = Field(
        description="Starts with http:// or https:// and leads to the public internet."
    )
    file_name: FileName = Field(ABSENT, description="By default, the last part of the address.")
    description: Description = ""


class DirectUploadRequest(Body):
    """The body of `POST images/direct-uploads/`: a file to be sent to the object storage."""

    file_name: FileName = Field(
        description="Taken as it is: 1 to 255 characters, no slash, and no invisible characters "
        "except joiners (U+200C and U+200D)."
    )
    size_bytes: int = Field(
        ge=1, description="Size of the file. The storage refuses a file of another size."
    )
    content_type: Annotated[
        str,
        Field(
            min_length=1,
            max_length=64,
            description="`image/jpeg`, for example. The content of the file decides its format.",
            json_schema_extra={"enum": direct_uploads.content_types()},
        ),
    ]
    description: Description = ""
