"""Keeping a source image from going while something is made of it."""

from __future__ import annotations

from django.db import connection

from utils.errors import DomainError


class ImageGone(DomainError):
    code = "not_found"
    status = 404
    title = "There is no such image"


def share_image(image_id: int) -> None:
    """Hold the image's row against deletion until this transaction ends; many may hold it.

    The lock that a foreign key takes by itself, only earlier, so that everyone locks in the same
    order. Raises `ImageGone`.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT 1 FROM image_processor_sourceimage WHERE id = %s FOR KEY SHARE", [image_id]
        )
        if cursor.fetchone() is None:
            raise ImageGone("The image was deleted.")
