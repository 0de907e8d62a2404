"""Types of fields that several bodies have."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, StringConstraints

from utils.outbound.target import MAX_LENGTH

# Spaces at the ends of these texts are removed.
Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
TextOrEmpty = Annotated[str, StringConstraints(strip_whitespace=True)]
Description = Annotated[str, StringConstraints(strip_whitespace=True, max_length=10_000)]

# `library.file_names.checked` says which names are allowed.
FileName = Annotated[str, Field(min_length=1)]
# `utils.outbound` says which addresses are allowed.
Address = Annotated[
    str,
    Field(min_length=1, max_length=MAX_LENGTH, examples=["https://www.example.com/garden.jpg"]),
]
