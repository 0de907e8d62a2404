"""Forms with a file whose name may have joiners, which Persian, Hindi and emoji need."""

from __future__ import annotations

import html
from collections.abc import Mapping
from typing import Any

from django.http.multipartparser import MultiPartParser as DjangoMultiPartParser
from django.http.multipartparser import MultiPartParserError
from rest_framework.exceptions import ParseError
from rest_framework.parsers import DataAndFiles, MultiPartParser

from utils.visible_text import JOINERS


class FileFormParser(MultiPartParser):
    """`multipart/form-data`, read as Django REST framework reads it, except for file names."""

    def parse(
        self,
        stream: Any,
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> DataAndFiles[Any, Any]:
        context = parser_context or {}
        request = context["request"]
        meta = {**request.META, "CONTENT_TYPE": media_type}
        encoding = context.get("encoding", "utf-8")
        try:
            form = _Form(meta, stream, request.upload_handlers, encoding)
            return DataAndFiles(*form.parse())
        except MultiPartParserError as error:
            raise ParseError(f"Multipart form parse error - {error}") from error


class _Form(DjangoMultiPartParser):
    def sanitize_file_name(self, file_name: str) -> str | None:
        """The last part of a path without invisible characters. Django removes joiners as well."""
        last = html.unescape(file_name).rsplit("/")[-1].rsplit("\\")[-1]
        visible = "".join(char for char in last if char.isprintable() or char in JOINERS)
        return None if visible.strip(JOINERS) in {"", ".", ".."} else visible
