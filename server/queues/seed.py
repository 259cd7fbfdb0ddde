"""The sample service points of the sample organisation."""

from server.db.database import Transaction
from server.queues import service_points, store
from server.queues.schemas import CategoryModel, CounterIn, PointIn
from server.queues.stretches import SYSTEM

_SAMPLES = (
    PointIn(
        id="registration-desk",
        name="Registration desk",
        categories=[
            CategoryModel(
                id="general",
                letter="A",
                name={
                    "en": "General",
                    "de": "Allgemein",
                    "es": "General",
                    "fr": "Général",
                    "ar": "عام",
                    "id": "Umum",
                },
            ),
            CategoryModel(
                id="priority",
                letter="B",
                name={
                    "en": "Priority",
                    "de": "Vorrang",
                    "es": "Prioritario",
                    "fr": "Prioritaire",
                    "ar": "أولوية",
                    "id": "Prioritas",
                },
                priority="priority",
            ),
        ],
        counters=[
            CounterIn(id="registration-desk-1", name="Counter 1"),
            CounterIn(id="registration-desk-2", name="Counter 2"),
        ],
        service_seconds=240,
    ),
    PointIn(
        id="help-desk",
        name="Help desk",
        categories=[
            CategoryModel(
                id="help",
                letter="H",
                name={
                    "en": "Help",
                    "de": "Hilfe",
                    "es": "Ayuda",
                    "fr": "Aide",
                    "ar": "مساعدة",
                    "id": "Bantuan",
                },
            )
        ],
        counters=[CounterIn(id="help-desk-1", name="Help desk")],
        service_seconds=420,
    ),
)


def seed_service_points(transaction: Transaction, org: str) -> list[dict[str, object]]:
    """Makes two service points, and tells of each its `id`, `name`, `zone`, `categories`, `counters`."""
    return [_seed(transaction, org, sample) for sample in _SAMPLES]


def _seed(transaction: Transaction, org: str, sample: PointIn) -> dict[str, object]:
    point = service_points.create(transaction, org, SYSTEM, sample)
    counters = store.counters_of(transaction.connection, org, point.id)
    return {
        "id": point.id,
        "name": point.name,
        "zone": point.zone,
        "categories": [
            {"id": category.id, "letter": category.letter, "priority": category.priority}
            for category in point.settings.categories
        ],
        "counters": [{"id": counter.id, "name": counter.name} for counter in counters],
    }
