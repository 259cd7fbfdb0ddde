"""Routes on the hottest path: FastAPI documents them as any other, and leaves out its general solver."""

import inspect
from collections.abc import Awaitable, Callable, Coroutine, Iterator
from contextlib import contextmanager
from operator import itemgetter
from typing import Any, get_type_hints

from fastapi import APIRouter, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.params import Depends, Path, Query
from fastapi.routing import APIRoute
from pydantic import BaseModel, TypeAdapter, ValidationError
from starlette.datastructures import URLPath
from starlette.routing import BaseRoute, Match, NoMatchFound
from starlette.types import Receive, Scope, Send

Handler = Callable[[Request], Coroutine[Any, Any, Response]]
Part = Callable[[Request], Awaitable[Any]]
"""What makes the value of one parameter."""


class DirectRoute(APIRoute):
    """A route whose parameters are dependencies that take the request alone, the request, values of the path,
    one model of the query, one model as body.

    The endpoint answers with a `Response` of its own. Who calls is asked before anything else is looked at.
    """

    def get_route_handler(self) -> Handler:
        """Raises `TypeError` for an endpoint with other parameters."""
        endpoint = self.endpoint
        parts = _parts(endpoint)

        async def handle(request: Request) -> Response:
            response: Response = await endpoint(**{name: await part(request) for name, part in parts})
            return response

        return handle


class Shortcut(BaseRoute):
    """The way to a direct route without looking through all others; its place is before them."""

    def __init__(self, route: DirectRoute) -> None:
        self._path, self._methods = route.path_regex, route.methods or set()
        self._handle = route.get_route_handler()

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        if scope["type"] != "http" or scope["method"] not in self._methods:
            return Match.NONE, {}
        found = self._path.match(scope["path"])
        return (Match.FULL, {"path_params": found.groupdict()}) if found else (Match.NONE, {})

    def url_path_for(self, name: str, /, **path_params: Any) -> URLPath:
        """It is the route that has a name. Raises `NoMatchFound`."""
        raise NoMatchFound(name, path_params)

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        response = await self._handle(Request(scope, receive, send))
        await response(scope, receive, send)


def shortcuts(*routers: APIRouter) -> list[BaseRoute]:
    """To each of their routes that is direct."""
    return [Shortcut(r) for router in routers for r in router.routes if isinstance(r, DirectRoute)]


def _parts(endpoint: Callable[..., Any]) -> list[tuple[str, Part]]:
    """Dependencies first, the body last."""
    hints = {n: h for n, h in get_type_hints(endpoint, include_extras=True).items() if n != "return"}
    ranked = sorted(((*_part(name, hint), name) for name, hint in hints.items()), key=itemgetter(0))
    return [(name, part) for _, part, name in ranked]


def _part(name: str, hint: Any) -> tuple[int, Part]:
    for said in getattr(hint, "__metadata__", ()):
        match said:
            case Depends(dependency=dependency) if dependency is not None:
                return 0, dependency
            case Path():
                return 1, _of_path(said.alias or name, TypeAdapter(hint))
            case Query() if _is_model(hint.__origin__):
                return 2, _of_query(hint.__origin__)
    if hint is Request:
        return 1, _itself
    if _is_model(hint):
        return 3, _of_body(hint)
    raise TypeError(f"a direct route cannot take {name}: {hint}")


def _is_model(hint: Any) -> bool:
    return inspect.isclass(hint) and issubclass(hint, BaseModel)


async def _itself(request: Request) -> Request:
    return request


def _of_path(name: str, adapter: TypeAdapter[Any]) -> Part:
    async def part(request: Request) -> Any:
        with _told("path", name):
            return adapter.validate_python(request.path_params[name])

    return part


def _of_query(model: type[BaseModel]) -> Part:
    # Most give none, and the answer to that is always the same.
    none = model()

    async def part(request: Request) -> BaseModel:
        if not request.scope["query_string"]:
            return none
        with _told("query"):
            return model.model_validate(dict(request.query_params))

    return part


def _of_body(model: type[BaseModel]) -> Part:
    async def part(request: Request) -> BaseModel:
        body = await request.body()
        with _told("body"):
            return model.model_validate_json(body)

    return part


@contextmanager
def _told(*place: str) -> Iterator[None]:
    try:
        yield
    except ValidationError as fault:
        raise RequestValidationError(
            [{**error, "loc": (*place, *error["loc"])} for error in fault.errors(include_url=False)]
        ) from None
