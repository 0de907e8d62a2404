"""Lists of ids in a body, and the images that a batch is for: such a list, or a filter."""

from __future__ import annotations

from typing import Any

from rest_framework.exceptions import ValidationError

from api.lists.image_filters import ImageFilter
from image_processor.engine.planning.pipeline_errors import describe_value as described
from image_processor.engine.planning.pipeline_errors import escape_pointer as escaped
from image_processor.engine.planning.pipeline_errors import invalid_pipeline as refused
from image_processor.engine.planning.pipeline_errors import wrong_type
from image_processor.library import selectors
from image_processor.models import SourceImage
from image_processor.transform import batches
from utils.errors import Problem

_LARGEST_ID = 2**63 - 1


def chosen_images(owner_id: int, members: dict[str, Any]) -> list[int]:
    """The ids that `image_ids` lists, or those of the owner's images that fit `filter`.

    Raises `InvalidPipeline`, `TooManyImages`, `NoImages`, `ValidationError`.
    """
    if ("image_ids" in members) == ("filter" in members):
        detail = "Say which images: either image_ids or filter, and not both."
        raise refused([Problem("/image_ids", "conflict", detail)])
    if "image_ids" in members:
        return id_list(members["image_ids"], "image_ids")
    fitting = _filtered(owner_id, members["filter"])
    # One more than may be, and no count of a million.
    found = list(fitting.order_by("pk").values_list("pk", flat=True)[: batches.MAX_IMAGES + 1])
    batches.require_few(len(found), at_least=True)
    if not found:
        raise batches.NoImages("None of your images fits the filter.", limit=1, actual=0)
    return found


def id_list(value: Any, name: str) -> list[int]:
    """A list of different ids, at most as many as a batch may have images."""
    if not isinstance(value, list):
        raise refused([wrong_type(f"/{name}", name, "a list of ids", value)])
    batches.require_few(len(value))
    seen: set[int] = set()
    problems: list[Problem] = []
    for index, pk in enumerate(value):
        pointer = f"/{name}/{index}"
        if isinstance(pk, bool) or not isinstance(pk, int) or not 0 < pk <= _LARGEST_ID:
            problems.append(wrong_type(pointer, "An id", "a whole number above 0", pk))
        elif pk in seen:
            problems.append(Problem(pointer, "repeated", f"The id {pk} is there twice.", None, pk))
        else:
            seen.add(pk)
    if problems:
        raise refused(problems)
    return value


def _filtered(owner_id: int, values: Any) -> Any:
    if not isinstance(values, dict):
        raise refused([wrong_type("/filter", "filter", "an object", values)])
    known = ImageFilter.base_filters
    problems: list[Problem] = []
    for name, value in values.items():
        pointer = f"/filter/{escaped(name)}"
        if name not in known:
            detail = f"There is no filter {described(name)}; there are: {', '.join(known)}."
            problems.append(Problem(pointer, "unknown_field", detail))
        elif isinstance(value, bool) or not isinstance(value, int | str) or value == "":
            problems.append(wrong_type(pointer, name, "a text or a whole number", value))
    if problems:
        raise refused(problems)
    ready = selectors.images_of(owner_id).filter(status=SourceImage.Status.READY)
    given = {name: str(value) for name, value in values.items()}
    chosen = ImageFilter(given, queryset=ready, owner_id=owner_id)
    if not chosen.is_valid():
        raise ValidationError({"filter": chosen.errors})
    return chosen.qs
