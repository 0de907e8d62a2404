"""The router of the API's viewsets: route names and paths as the API spells them."""

from __future__ import annotations

from typing import Any

from rest_framework.routers import DynamicRoute, Route, SimpleRouter


class Router(SimpleRouter):
    """Names a single object by the basename (`task`), and a collection by `collection_name`.

    `collection_name` is an attribute of the viewset (`tasks`); a viewset without one names its
    collection by the basename, too. Ids are whole numbers: see `OwnedViewSet`.
    """

    routes = [
        Route(
            url="{prefix}{trailing_slash}",
            mapping={"get": "list", "post": "create"},
            name="{collection}",
            detail=False,
            initkwargs={},
        ),
        DynamicRoute(
            url="{prefix}/{url_path}{trailing_slash}",
            name="{collection}-{url_name}",
            detail=False,
            initkwargs={},
        ),
        Route(
            url="{prefix}/{lookup}{trailing_slash}",
            mapping={
                "get": "retrieve",
                "put": "update",
                "patch": "partial_update",
                "delete": "destroy",
            },
            name="{basename}",
            detail=True,
            initkwargs={},
        ),
        DynamicRoute(
            url="{prefix}/{lookup}/{url_path}{trailing_slash}",
            name="{basename}-{url_name}",
            detail=True,
            initkwargs={},
        ),
    ]

    def __init__(self) -> None:
        super().__init__(use_regex_path=False)

    def get_routes(self, viewset: Any) -> list[Any]:
        collection = getattr(viewset, "collection_name", "{basename}")
        return [
            route._replace(name=route.name.replace("{collection}", collection))
            for route in super().get_routes(viewset)
        ]

    def is_already_registered(self, new_basename: str) -> bool:
        """Never: several viewsets share the actions below one object, such as `images/<id>/`."""
        return False
