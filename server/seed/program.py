"""What attendees read of the sample events: texts, and the sessions of the summit."""

from domain.clock import HOUR, MINUTE, Instant
from server.events.sessions.schemas import SessionIn, Speaker

SUMMIT_TEXT = {
    "en": "A day of talks and workshops about cities by the water.\n\n"
    "Doors open an hour before the first talk. Coffee, lunch and a boat trip at sunset are included.",
    "de": "Ein Tag mit Vorträgen und Workshops über Städte am Wasser.\n\n"
    "Einlass ist eine Stunde vor dem ersten Vortrag. Kaffee, Mittagessen und eine Bootsfahrt bei "
    "Sonnenuntergang gehören dazu.",
    "es": "Un día de charlas y talleres sobre ciudades junto al agua.\n\n"
    "Las puertas se abren una hora antes de la primera charla. El café, el almuerzo y un paseo en barco al "
    "atardecer están incluidos.",
}
HARBOUR_TEXT = {
    "en": "Live music on the pier, food from the harbour kitchens, and the lights of the ships.",
    "de": "Livemusik auf dem Pier, Essen aus den Hafenküchen und die Lichter der Schiffe.",
}
NEIGHBOUR_TEXT = {
    "en": "For whoever lives by the river: free of charge.",
    "de": "Für alle, die am Fluss wohnen: kostenlos.",
    "es": "Para quienes viven junto al río: gratis.",
}
_MAIN, _WORKSHOPS = "Main stage", "Workshops"
# Id, title, hours after the beginning, minutes, track, room, seats, speakers.
_SESSIONS = (
    ("welcome", {"en": "Welcome", "de": "Begrüßung"}, 4, 30, _MAIN, "Great hall", None,
     (("Marta Lindqvist", "Riverside Events"),)),
    ("sponge-city", {"en": "The city as a sponge", "de": "Die Stadt als Schwamm"}, 4.5, 60, _MAIN,
     "Great hall", None, (("Jonas Okafor", "Institute of Hydrology"),)),
    ("mapping", {"en": "Map your own river", "de": "Den eigenen Fluss vermessen"}, 5, 90, _WORKSHOPS,
     "Room 2", 24, (("Aylin Demir", "Open Rivers"), ("Tom Becker", "Open Rivers"))),
    ("bridges", {"en": "Bridges that learn", "de": "Brücken, die lernen"}, 6, 45, _MAIN, "Great hall", None,
     (("Sofía Herrera", "Puentes"),)),
    ("boats", {"en": "Build a small boat", "de": "Ein kleines Boot bauen"}, 7, 120, _WORKSHOPS, "Yard", 12,
     (("Piet van Dam", ""),)),
    ("closing", {"en": "What we take home", "de": "Was wir mitnehmen"}, 10, 60, _MAIN, "Great hall", None,
     (("Marta Lindqvist", "Riverside Events"), ("Jonas Okafor", "Institute of Hydrology"))),
)  # fmt: skip


def sessions(starts: Instant) -> list[SessionIn]:
    """Those of the summit, which starts then."""
    return [
        SessionIn(
            id=id_,
            title=title,
            track=track,
            room=room,
            capacity=seats,
            starts=Instant(starts + int(after * HOUR)),
            ends=Instant(starts + int(after * HOUR) + minutes * MINUTE),
            speakers=[Speaker(name=name, about=about) for name, about in speakers],
        )
        for id_, title, after, minutes, track, room, seats, speakers in _SESSIONS
    ]
