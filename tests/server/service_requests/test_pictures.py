"""What belongs to a device in pictures: photos, a signature, the label."""

import os
import time
from io import BytesIO

import numpy as np
import pypdfium2
from PIL import Image

from domain.clock import DAY
from kiosk.devices.decoder import decode
from server.service_requests import photos
from tests.builders import ManualClock
from tests.server.events.gallery.samples import SVG, encoded, jpeg, with_metadata
from tests.server.queues.lobby import good, open_lobby, problem
from tests.server.service_requests.workshop import ROUTES, Workshop


async def send(workshop: Workshop, picture: bytes, headers: dict[str, str] | None = None) -> str:
    """The id of a photo that was sent."""
    answer = await workshop.lobby.client.post(
        f"{ROUTES}/photo", files={"picture": picture}, headers=headers or workshop.lobby.desk
    )
    return str(good(answer)["id"])


async def test_photos_and_a_signature_come_in_before_the_request_that_names_them(workshop: Workshop) -> None:
    photo, signature = await send(workshop, with_metadata()), await send(workshop, jpeg(90, 30))
    made = await workshop.join(photos=[photo], signature=signature)
    said = {each["id"]: each["signature"] for each in made["photos"]}
    assert said == {photo: False, signature: True}
    shown = await workshop.lobby.client.get(f"{ROUTES}/photo/{photo}/full", headers=workshop.lobby.desk)
    assert (shown.status_code, shown.headers["content-type"]) == (200, "image/jpeg")
    assert Image.open(BytesIO(shown.content)).size == (64, 48)
    assert b"Secret" not in shown.content
    large = encoded(Image.effect_noise((1400, 1200), 90), quality=98)
    assert len(large) > 2**20
    other = await send(workshop, large)
    more = await workshop.change(made, photos=[other])
    assert {each["id"] for each in more["photos"]} == {photo, signature, other}


async def test_a_photo_is_its_senders_and_one_requests(workshop: Workshop, clock: ManualClock) -> None:
    lobby = workshop.lobby
    photo = await send(workshop, jpeg())
    for headers in (lobby.clerk, lobby.welcome):
        assert problem(await workshop.try_join(headers, photos=[photo])) == (422, "photo_unknown")
    made = await workshop.join(photos=[photo])
    assert problem(await workshop.try_join(photos=[photo])) == (422, "photo_unknown")
    assert await workshop.get() == [made["number"]]
    other = await open_lobby(lobby.app, lobby.client, clock, "org-b")
    for headers in (other.clerk, other.desk):
        shown = await lobby.client.get(made["photos"][0]["thumb"], headers=headers)
        assert problem(shown) == (404, "not_found")
    assert (await lobby.client.get(made["photos"][0]["thumb"])).status_code == 401


async def test_what_is_no_picture_is_refused(workshop: Workshop) -> None:
    for content, expected in ((SVG, 422), (b"text", 415), (jpeg()[:200], 422)):
        answer = await workshop.lobby.client.post(
            f"{ROUTES}/photo", files={"picture": content}, headers=workshop.lobby.desk
        )
        assert answer.status_code == expected, answer.text
    plain = await workshop.lobby.client.post(f"{ROUTES}/photo", json={}, headers=workshop.lobby.desk)
    assert problem(plain) == (415, "media_type")


async def test_a_photo_that_no_request_ever_names_goes_with_its_files(
    workshop: Workshop, clock: ManualClock
) -> None:
    app = workshop.lobby.app
    kept, lost = await send(workshop, jpeg(80, 60)), await send(workshop, jpeg(60, 80))
    made = await workshop.join(photos=[kept])
    pictures = app.state.service_request_pictures
    clock.forward(DAY + 1)
    files = list((app.state.settings.data / "service-requests").glob("??/*.jpg"))
    for file in files:
        os.utime(file, (time.time() - 7200,) * 2)
    await photos.sweep(app.state.database, pictures)
    assert len(list((app.state.settings.data / "service-requests").glob("??/*.jpg"))) == len(files) // 2 == 2
    assert problem(await workshop.try_(made, photos=[lost])) == (422, "photo_unknown")
    shown = await workshop.lobby.client.get(made["photos"][0]["full"], headers=workshop.lobby.desk)
    assert shown.status_code == 200


async def label(workshop: Workshop, of: dict[str, object], format_: str, type_: str) -> bytes:
    answer = await workshop.lobby.client.get(
        f"{ROUTES}/label/{of['id']}", params={"format": format_}, headers=workshop.lobby.desk
    )
    assert (answer.status_code, answer.headers["content-type"].partition(";")[0]) == (200, type_)
    return answer.content


async def test_a_kiosk_reads_the_label_and_people_read_its_number(workshop: Workshop) -> None:
    made = await workshop.join(customer={"name": "محمد أحمد"})
    paper = pypdfium2.PdfDocument(await label(workshop, made, "pdf", "application/pdf"))
    picture = paper[0].render(scale=3).to_numpy()
    [reading] = decode(np.ascontiguousarray(picture.min(axis=2)))
    assert reading.text == made["code"]
    words = paper[0].get_textpage().get_text_range()
    assert all(said in words for said in ("R0001", "Phone Acme X5", "The desk", "Sun"))
    png = Image.open(BytesIO(await label(workshop, made, "png", "image/png"))).convert("L")
    [reading] = decode(np.asarray(png, np.uint8))
    assert reading.text == made["code"]
    assert (await label(workshop, made, "svg", "image/svg+xml")).startswith(b"<svg ")
    assert (
        await workshop.lobby.ok("GET", f"{ROUTES}/by-code/{reading.text}", None, workshop.lobby.desk)
    ) == made
