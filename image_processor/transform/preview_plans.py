"""Plan previews: which file they are rendered from, and what the finished result would be."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from typing import Any

from django.conf import settings

from image_processor import configured_limits
from image_processor.engine import Facts, Plan, PreviewPlan, engine_version, plan
from image_processor.library.readiness import require_object, require_ready
from image_processor.models import SourceImage, StoredObject
from image_processor.transform import pipelines

# A proxy replaces the source if it has at least this share of the width that is needed.
_NEARLY = 0.98


@dataclass(frozen=True)
class PlannedPreview:
    """A valid preview that nobody has rendered yet.

    `message` describes it to the worker, which does not query the database. `plan` is the plan of
    the finished result. `etag` identifies the bytes of the preview.
    """

    message: dict[str, Any]
    plan: Plan
    etag: str


def plan_preview(image: SourceImage, *, encoded: bool = False, **request: Any) -> PlannedPreview:
    """Plan the preview of a request (see `pipelines.parse`) for an image.

    `encoded` as in `engine.preview`. Raises what `submit` raises for a request that it refuses.
    """
    given = pipelines.parse(image.owner_id, **request)
    require_ready(image)
    facts = Facts.from_dict(image.metadata)
    planned = plan(facts, given.pipeline, configured_limits.limits())
    pipeline = given.pipeline.with_focal_point(facts, image.focal_point)
    canonical = pipeline.canonical()
    preview = PreviewPlan.of(facts, planned.steps)
    source = _choose_source(image, preview.scales[0])
    message = {
        "source": _file(source),
        "facts": facts.to_dict(),
        "pipeline": canonical,
        "plan": preview.to_dict(),
        "overlays": {str(pk): _file(_overlay_source(it)) for pk, it in given.overlays.items()},
        "encoded": encoded,
    }
    parts = [image.metadata["sha256"], source.pk, canonical, given.digests, encoded]
    state = json.dumps([*parts, engine_version()], sort_keys=True)
    etag = f'"{hashlib.sha256(state.encode()).hexdigest()[:32]}"'
    return PlannedPreview(message, planned, etag)


def _choose_source(image: SourceImage, scale: float) -> StoredObject:
    """Return the proxy if it has enough pixels for the scale, else the picture itself."""
    stored = require_object(image)
    proxy = stored.proxy if settings.IMAGE_PROXY else None
    if proxy is None or proxy.metadata["width"] < _NEARLY * scale * image.metadata["width"]:
        return stored
    return proxy


def _overlay_source(image: SourceImage) -> StoredObject:
    """Return the proxy if there is one: an overlay is small on a preview."""
    stored = require_object(image)
    return (stored.proxy if settings.IMAGE_PROXY else None) or stored


def _file(stored: StoredObject) -> dict[str, Any]:
    return {"key": stored.key, "facts": asdict(Facts.from_dict(stored.metadata))}
