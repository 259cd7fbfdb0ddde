"""Which provider of video rooms the settings name."""

from server.reservations.meetings.daily import Daily
from server.reservations.meetings.jitsi import Jitsi
from server.reservations.meetings.provider import Nobody, Provider
from server.settings import Settings


def choose(settings: Settings) -> Provider:
    match settings.meeting_provider:
        case "jitsi":
            return Jitsi(settings.jitsi_url, settings.jitsi_app_id, settings.jitsi_secret)
        case "daily":
            return Daily(settings.daily_api, settings.daily_api_key)
        case _:
            return Nobody()
