"""What was compiled of a statement for one engine serves all of its kind, reading or writing, of any file."""

from sqlalchemy import Engine
from sqlalchemy.util import LRUCache

_COMPILED: LRUCache[object, object] = LRUCache(2_000)


class Alike:
    """A dialect by which what was compiled is found; else each equals itself alone."""

    def __eq__(self, other: object) -> bool:
        return type(self) is type(other)

    def __hash__(self) -> int:
        return hash(type(self))


def sharing(engine: Engine) -> Engine:
    """The same engine, which compiles nothing that another of its kind has compiled."""
    return engine.execution_options(compiled_cache=_COMPILED)
