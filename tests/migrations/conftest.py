"""The databases of the server's own tests, without a schema."""

from tests.server.conftest import anyio_backend, postgres_url  # noqa: F401
