"""The line as what visitors are shown of it."""

from collections.abc import Sequence
from dataclasses import replace

from kiosk.desk.welcome import Service, Standing
from kiosk.qt.door_shown import in_language
from kiosk.qt.line_shown import wait_view
from kiosk.ui.welcome_views import NumberView, ServiceView, WelcomeView


def welcome_view(
    services: Sequence[Service], organization: str, language: str, *, online: bool
) -> WelcomeView:
    """In the visitor's language. Service points are named where there are several."""
    several = len({service.point.id for service in services}) > 1
    shown = tuple(_service(service, language, several=several) for service in services)
    return WelcomeView(organization, shown, online)


def number_view(given: NumberView, standing: Standing) -> NumberView:
    if standing.counter is not None:
        return replace(given, counter=standing.counter)
    return replace(given, ahead=standing.ahead, wait=wait_view(standing.forecast))


def _service(service: Service, language: str, *, several: bool) -> ServiceView:
    point, category = service.point, service.category
    name = in_language(category.name, language) or category.id
    return ServiceView(
        point.id,
        category.id,
        # A line for one thing alone is called what its place is called.
        point.name if len(point.settings.categories) == 1 else name,
        point.name if several and len(point.settings.categories) > 1 else "",
        service.ahead,
        wait_view(service.forecast),
        point.settings.requires,
        service.refusal,
    )
