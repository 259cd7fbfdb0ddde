"""The composition root of the backend: builds everything once, and is the only place that reads the clock."""

import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from fastapi import APIRouter, FastAPI
from fastapi.routing import APIRoute
from fastapi_swagger import patch_fastapi
from prometheus_client import CollectorRegistry
from sqlalchemy import Engine

from domain.clock import Instant
from server import errors, health, housekeeping, openapi, setup
from server.activity import tables as _activity_tables  # noqa: F401
from server.admission import operations as admission_operations
from server.admission import routes as admission_routes
from server.admission import tables as _admission_tables  # noqa: F401
from server.auth import customer_mails, customer_routes, device_routes, staff_routes, store
from server.auth import routes as auth_routes
from server.auth.access import Access
from server.auth.limits import MovingWindow
from server.auth.passwords import Passwords
from server.auth.sightings import Sightings
from server.body_limit import BodyLimit
from server.calm import Calm, Counted
from server.contacts import book
from server.contacts import routes as contact_routes
from server.contacts import tables as _contacts_tables  # noqa: F401
from server.contacts.agenda import routes as agenda_routes
from server.contacts.agenda import tables as _agenda_tables  # noqa: F401
from server.customer import routes as attendee_routes
from server.customer.mails import composers as ticket_mails
from server.customer.pages import routes as pages_routes
from server.db import tables as _db_tables  # noqa: F401
from server.db.database import Clock, Database
from server.db.sqlite import SqliteDatabase, sqlite_engine
from server.db.wake import Wake
from server.direct import shortcuts
from server.events import routes as events_routes
from server.events import tables as _events_tables  # noqa: F401
from server.events.gallery import routes as gallery_routes
from server.events.gallery import tables as _gallery_tables  # noqa: F401
from server.events.gallery.pictures import Pictures
from server.events.participants import mails as participants_mails
from server.events.participants import routes as invitation_routes
from server.events.participants import tables as _participants_tables  # noqa: F401
from server.events.sessions import routes as session_routes
from server.events.sessions import tables as _sessions_tables  # noqa: F401
from server.idempotency import Idempotency
from server.kept_answers import KeptAnswers
from server.messaging import tables as _messaging_tables  # noqa: F401
from server.messaging.folder import FolderTransport
from server.messaging.message import Sender
from server.messaging.postman import Postman
from server.messaging.smtp import SmtpServer, SmtpTransport
from server.messaging.transport import Transport
from server.migrations import copies
from server.migrations.migrate import SchemaError, migrate
from server.pages import static, trouble
from server.queues import operations as queues_operations
from server.queues import routes as queues_routes
from server.queues import tables as _queues_tables  # noqa: F401
from server.queues.boards import Boards
from server.queues.learning import Learner
from server.queues.pages import routes as queue_pages
from server.queues.sweep import Sweeper
from server.reservations import definitions
from server.reservations import mails as reservation_mails
from server.reservations import routes as reservation_routes
from server.reservations import tables as _reservations_tables  # noqa: F401
from server.reservations.meetings import choice as meeting_choice
from server.reservations.meetings import tables as _meetings_tables  # noqa: F401
from server.reservations.meetings.service import Meetings
from server.reservations.pages import routes as reservation_pages
from server.reservations.sweep import ReservationSweeper
from server.service_requests import mails as service_request_mails
from server.service_requests import operations as service_request_operations
from server.service_requests import routes as service_request_routes
from server.service_requests import tables as _service_requests_tables  # noqa: F401
from server.service_requests.pages import routes as service_request_pages
from server.settings import Settings
from server.sync import routes as sync_routes
from server.sync import tables as _sync_tables  # noqa: F401
from server.sync.live import Live
from server.sync.snapshot import Snapshots
from server.ticketing import import_routes, owning, type_routes
from server.ticketing import routes as ticket_routes
from server.ticketing import tables as _ticketing_tables  # noqa: F401
from server.ticketing.orders import lease_routes
from server.ticketing.orders import routes as order_routes
from server.ticketing.orders import tables as _orders_tables  # noqa: F401
from server.ticketing.orders.sales import Sales
from server.ticketing.orders.sweep import OrderSweeper
from server.ticketing.payments.choice import choose

# Matched in this order: the scan comes first.
_ROUTERS = (
    admission_routes.router,
    *attendee_routes.MOST_ASKED,
    sync_routes.router,
    queues_routes.router,
    reservation_routes.router,
    service_request_routes.router,
    auth_routes.router,
    customer_routes.router,
    staff_routes.router,
    device_routes.router,
    contact_routes.router,
    agenda_routes.router,
    events_routes.router,
    session_routes.router,
    invitation_routes.router,
    gallery_routes.router,
    ticket_routes.router,
    type_routes.router,
    import_routes.router,
    order_routes.router,
    lease_routes.kiosks,
    lease_routes.staff,
    *attendee_routes.ROUTERS,
    setup.router,
    health.router,
    *pages_routes.ROUTERS,
    *queue_pages.ROUTERS,
    *reservation_pages.ROUTERS,
    *service_request_pages.ROUTERS,
    static.router,
)
# Once for all applications: what a route depends on is worked out anew wherever its router is included.
_API = APIRouter()
for _router in _ROUTERS:
    _API.include_router(_router)
_ABOUT: dict[str, Any] = {
    "title": "Usher",
    "version": "1",
    "openapi_url": "/api/openapi.json",
    "docs_url": None,
    "redoc_url": None,
    "swagger_ui_oauth2_redirect_url": None,
    "telemetry": {"tracing": False, "metrics": False, "logs": False},
}
_DOCS = FastAPI(**_ABOUT)
patch_fastapi(_DOCS, redirect_from_root_to_docs=False)
# FastAPI remembers every function that it ever served: with the page's functions made for each application,
# none would ever be let go.
_PAGE = [route for route in _DOCS.routes if isinstance(route, APIRoute)]


def system_clock() -> Instant:
    return Instant(time.time_ns() // 1_000_000)


def open_database(settings: Settings, clock: Clock = system_clock) -> Database:
    """The database that the settings name, with the newest schema. Raises `SchemaError`."""
    url = settings.database_url
    try:
        settings.data.mkdir(parents=True, exist_ok=True)
        copies.finish(settings.sqlite_path)
    except OSError as fault:
        raise SchemaError(
            f"the data folder {settings.data} cannot be used ({fault.strerror}): "
            "make it writable, or choose another one with --data"
        ) from fault
    if url:
        # With its driver, which a server with a file of its own never needs.
        from server.db.postgres import PostgresDatabase, postgres_engine

        _migrated(postgres_engine(url), settings)
        return PostgresDatabase(url, clock)
    _migrated(sqlite_engine(settings.sqlite_path), settings)
    return SqliteDatabase(settings.sqlite_path, clock)


def _migrated(engine: Engine, settings: Settings) -> None:
    try:
        migrate(engine, settings.data / "backups")
    finally:
        engine.dispose()


def openapi_document() -> dict[str, object]:
    """The OpenAPI document, without a database of anybody's."""
    with TemporaryDirectory() as folder:
        settings = Settings(data=Path(folder), database_url="")
        database = open_database(settings)
        try:
            return dict(create_app(settings, database).openapi())
        finally:
            database.close()


def transport_of(settings: Settings) -> Transport:
    """By which way mails leave."""
    if settings.smtp_url:
        return SmtpTransport(SmtpServer.of(settings.smtp_url))
    return FolderTransport(settings.mail_folder)


def create_app(settings: Settings, database: Database, clock: Clock = system_clock) -> FastAPI:
    """The application over an open, migrated database, which it does not close."""
    access = Access(database, clock)

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        app.state.wake = wake = Wake(database)
        app.state.live = Live(database, wake, access, clock)
        app.state.snapshots = Snapshots(database, settings.data / "snapshots", clock())
        async with (
            access.running(),
            app.state.boards.running(wake),
            app.state.sweeper.running(),
            app.state.learner.running(),
            app.state.order_sweeper.running(),
            app.state.reservation_sweeper.running(),
            app.state.postman.running(),
            housekeeping.running(database, settings, app.state.pictures, app.state.service_request_pictures),
        ):
            yield
        app.state.snapshots.close()
        await app.state.sales.payments.close()
        await app.state.meetings.close()

    routes = [*shortcuts(admission_routes.router, *attendee_routes.MOST_ASKED), *_API.routes, *_PAGE]
    app = FastAPI(**_ABOUT, routes=routes, lifespan=lifespan)
    app.state.settings, app.state.database = settings, database
    app.state.access, app.state.clock = access, clock
    app.state.passwords, app.state.calls = Passwords(), MovingWindow(clock)
    app.state.sightings = Sightings(database)
    app.add_middleware(Idempotency)
    app.add_middleware(BodyLimit, answer=trouble.answer)
    errors.install(app, trouble.answer)
    calm = Calm()
    app.add_middleware(Counted, calm=calm)
    app.state.registry = CollectorRegistry()
    app.add_middleware(health.Metrics, registry=app.state.registry)
    openapi.declare_problems(app)
    app.state.pictures = Pictures(settings.data / "media")
    app.state.service_request_pictures = Pictures(settings.data / "service-requests")
    app.state.boards = Boards(database, clock)
    app.state.sweeper = Sweeper(database, clock)
    app.state.learner = Learner(database, clock)
    app.state.sales, app.state.answers = Sales(database, choose(settings)), KeptAnswers(database, clock)
    app.state.order_sweeper = OrderSweeper(database, clock, app.state.sales)
    app.state.meetings = Meetings(database, meeting_choice.choose(settings))
    app.state.reservation_sweeper = ReservationSweeper(database, clock)
    # The contact book first: whatever follows may write into the contact's timeline.
    app.state.proven = (book.tie, owning.adopt)
    app.state.hours_checks = (definitions.check_hours,)
    app.state.composers = {
        **customer_mails.MAILS,
        **ticket_mails.MAILS,
        **participants_mails.MAILS,
        **reservation_mails.MAILS,
        **service_request_mails.MAILS,
    }
    app.state.postman = Postman(
        database,
        clock,
        app.state.composers,
        transport_of(settings),
        Sender.of(settings.mail_from),
        settings.base_url,
        store.organization_name,
        calm,
    )
    app.state.operations = {
        **admission_operations.KNOWN,
        **queues_operations.KNOWN,
        **service_request_operations.KNOWN,
    }
    return app
