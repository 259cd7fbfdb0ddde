"""Routes on the hottest path: FastAPI documents them as any other, and leaves out its general solver."""

import inspect
from collections.abc import Awaitable, Callable, Coroutine, Iterable
from typing import Any, get_type_hints

from fastapi import Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.params import Depends
from fastapi.routing import APIRoute
from pydantic import BaseModel, ValidationError
from starlette.datastructures import URLPath
from starlette.routing import BaseRoute, Match, NoMatchFound
from starlette.types import Receive, Scope, Send

Handler = Callable[[Request], Coroutine[Any, Any, Response]]


class DirectRoute(APIRoute):
    """A route whose parameters are one body, a model, and dependencies that take the request alone.

    The endpoint answers with a `Response` of its own. Who calls is asked before the body is looked at.
    """

    def get_route_handler(self) -> Handler:
        """Raises `TypeError` for an endpoint with other parameters."""
        endpoint = self.endpoint
        asked, body, model = _parameters(endpoint)

        async def handle(request: Request) -> Response:
            values = {name: await dependency(request) for name, dependency in asked}
            values[body] = _read(model, await request.body())
            response: Response = await endpoint(**values)
            return response

        return handle


class Shortcut(BaseRoute):
    """The way to a direct route without looking through all others; its place is before them."""

    def __init__(self, route: DirectRoute) -> None:
        self._path, self._methods = route.path, route.methods or set()
        self._handle = route.get_route_handler()

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        mine = scope["type"] == "http" and scope["path"] == self._path and scope["method"] in self._methods
        return (Match.FULL if mine else Match.NONE), {}

    def url_path_for(self, name: str, /, **path_params: Any) -> URLPath:
        """It is the route that has a name. Raises `NoMatchFound`."""
        raise NoMatchFound(name, path_params)

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        response = await self._handle(Request(scope, receive, send))
        await response(scope, receive, send)


def shortcuts(routes: Iterable[BaseRoute]) -> list[BaseRoute]:
    """To each route that is direct and whose path is a text."""
    direct = [route for route in routes if isinstance(route, DirectRoute)]
    return [Shortcut(route) for route in direct if not route.param_convertors]


def _parameters(
    endpoint: Callable[..., Any],
) -> tuple[list[tuple[str, Callable[[Request], Awaitable[Any]]]], str, type[BaseModel]]:
    asked: list[tuple[str, Callable[[Request], Awaitable[Any]]]] = []
    bodies: list[tuple[str, type[BaseModel]]] = []
    for name, hint in get_type_hints(endpoint, include_extras=True).items():
        if name == "return":
            continue
        depends = next((m for m in getattr(hint, "__metadata__", ()) if isinstance(m, Depends)), None)
        if depends is not None and depends.dependency is not None:
            asked.append((name, depends.dependency))
        elif inspect.isclass(hint) and issubclass(hint, BaseModel):
            bodies.append((name, hint))
        else:
            raise TypeError(f"a direct route cannot take {name}: {hint}")
    [(body, model)] = bodies
    return asked, body, model


def _read(model: type[BaseModel], body: bytes) -> BaseModel:
    try:
        return model.model_validate_json(body)
    except ValidationError as fault:
        raise RequestValidationError(
            [{**error, "loc": ("body", *error["loc"])} for error in fault.errors(include_url=False)]
        ) from None
