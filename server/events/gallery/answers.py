"""Pictures and links of guests as callers are told of them."""

from typing import Any

from server.events.gallery.pictures import SIZES
from server.events.gallery.schemas import LinkOut, ShotOut, StaffShotOut
from server.events.gallery.store import Link, Shot

GUESTS = "g"
"""The page of guests: `/g/{token}`."""


def shot_out(shot: Shot, base: str, actor: str = "") -> ShotOut:
    """The picture for a caller to whom the gallery stands at `base`."""
    return ShotOut(**_values(shot, base, actor))


def staff_shot(shot: Shot, actor: str) -> StaffShotOut:
    base = f"/api/organizations/{shot.org}/events/{shot.event}/media"
    return StaffShotOut(**_values(shot, base, actor), uploader=shot.uploader, hidden=shot.hidden)


def link_out(link: Link, base_url: str) -> LinkOut:
    return LinkOut(
        id=link.id,
        label=link.label,
        token=link.token,
        link=f"{base_url}/{GUESTS}/{link.token}",
        revoked=link.revoked,
        created=link.created,
    )


def _values(shot: Shot, base: str, actor: str) -> dict[str, Any]:
    return {
        "id": shot.id,
        "width": shot.width,
        "height": shot.height,
        "created": shot.created,
        "own": shot.uploader == actor,
        **{size: f"{base}/{shot.id}/{size}" for size in SIZES},
    }
