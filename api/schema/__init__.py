"""The OpenAPI document: what drf-spectacular cannot derive from the views.

Views describe their operations with the names of this package.
"""

from api.schema.auto_schema import AutoSchema
from api.schema.bodies import BodySchema, StrictSerializerSchema
from api.schema.components import CATALOGUE_ITEM, add_shared_parts
from api.schema.parameters import (
    AUTH_MODE,
    CONDITIONS,
    IF_NONE_MATCH,
    LOCATION,
    RANGE,
    etag,
    header,
    location,
)
from api.schema.responses import NOT_MODIFIED, binary, problems

__all__ = [
    "AUTH_MODE",
    "CATALOGUE_ITEM",
    "CONDITIONS",
    "IF_NONE_MATCH",
    "LOCATION",
    "NOT_MODIFIED",
    "RANGE",
    "AutoSchema",
    "BodySchema",
    "StrictSerializerSchema",
    "add_shared_parts",
    "binary",
    "etag",
    "header",
    "location",
    "problems",
]
