"""Made pictures: a QR code on a phone or a sheet, seen by a camera at 1280×720."""

from dataclasses import dataclass, replace
from typing import TypeAlias

import base45
import cv2
import numpy as np
import numpy.typing as npt
import qrcode
from qrcode.constants import ERROR_CORRECT_M

Image: TypeAlias = npt.NDArray[np.uint8]
Points: TypeAlias = npt.NDArray[np.float32]

WIDTH, HEIGHT = 1280, 720
_PIXELS_PER_MODULE = 8
_FOCAL = 1400.0


@dataclass(frozen=True, slots=True)
class Shot:
    """How one code is held before the camera.

    `module` is the side of a module in picture pixels before tilting; `turn`, `pitch` and `yaw` are
    degrees; `bend` is the arc, in degrees, that the sheet is rolled into; `crumple` is the height of its
    waves in modules.
    """

    text: str
    module: float = 5.0
    turn: float = 0.0
    pitch: float = 0.0
    yaw: float = 0.0
    bend: float = 0.0
    crumple: float = 0.0
    inverted: bool = False
    phone: bool = True
    centre: tuple[float, float] = (WIDTH / 2, HEIGHT / 2)


@dataclass(frozen=True, slots=True)
class Scene:
    """A grey picture with the place of its code: four corners in pixels, and a module's side in pixels."""

    image: Image
    corners: Points
    module: float


def ticket_text(rng: np.random.Generator) -> str:
    """Three in four a signed ticket code (100 bytes as base45), else a short code of another system."""
    if rng.random() < 0.75:
        return str(base45.b45encode(rng.bytes(100)).decode())
    letters = np.array(list("ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz23456789-"))
    return "".join(rng.choice(letters, int(rng.integers(8, 33))))


def held(rng: np.random.Generator) -> Shot:
    """A code as a person in a queue holds it: near the middle, a little askew."""
    return Shot(
        text=ticket_text(rng),
        module=float(rng.uniform(3.5, 6.5)),
        turn=float(rng.normal(0, 8)),
        pitch=float(rng.normal(0, 8)),
        yaw=float(rng.normal(0, 8)),
        phone=bool(rng.random() < 0.6),
        centre=(WIDTH / 2 + float(rng.normal(0, 90)), HEIGHT / 2 + float(rng.normal(0, 40))),
    )


def photograph(shot: Shot, rng: np.random.Generator) -> Scene:
    """Render `shot` before a cluttered, blurred room."""
    sheet, square = _sheet(shot, rng)
    sheet = _waves(sheet, shot, rng)
    room = background(rng)
    place = _placement(shot, sheet)
    # Without a blur of its own a strong reduction would alias, which no lens does.
    step = shot.module / _PIXELS_PER_MODULE
    if step < 0.9:
        sheet = _blurred(sheet, 0.45 / step)
    cover = cv2.warpPerspective(np.full_like(sheet, 255), place, (WIDTH, HEIGHT), flags=cv2.INTER_AREA)
    seen = cv2.warpPerspective(sheet, place, (WIDTH, HEIGHT), flags=cv2.INTER_AREA)
    share = cover.astype(np.float32) / 255
    image = np.asarray(room * (1 - share) + seen * share, np.float32)
    corners = cv2.perspectiveTransform(square[None], place)[0]
    return Scene(_lens(image, rng), corners.astype(np.float32), _module_side(corners, shot))


def background(rng: np.random.Generator) -> npt.NDArray[np.float32]:
    """A room out of focus: light falling off, boxes, lamps, lettering."""
    room = cv2.resize(
        rng.uniform(40, 190, (6, 10)).astype(np.uint8), (WIDTH, HEIGHT), interpolation=cv2.INTER_CUBIC
    )
    for _ in range(int(rng.integers(8, 20))):
        x, y = int(rng.integers(0, WIDTH)), int(rng.integers(0, HEIGHT))
        w, h = int(rng.integers(20, 400)), int(rng.integers(20, 300))
        shade = float(rng.uniform(10, 245))
        if rng.random() < 0.5:
            cv2.rectangle(room, (x, y), (x + w, y + h), shade, -1)
        else:
            cv2.ellipse(room, (x, y), (w // 2, h // 2), float(rng.uniform(0, 180)), 0, 360, shade, -1)
    for _ in range(int(rng.integers(0, 5))):
        at = (int(rng.integers(0, WIDTH)), int(rng.integers(0, HEIGHT)))
        cv2.putText(room, "ENTRANCE A", at, cv2.FONT_HERSHEY_SIMPLEX, float(rng.uniform(0.6, 3)), 20.0, 3)
    return cv2.GaussianBlur(room, (0, 0), float(rng.uniform(0.6, 4))).astype(np.float32)


def _sheet(shot: Shot, rng: np.random.Generator) -> tuple[npt.NDArray[np.float32], Points]:
    code = _code(shot)
    side = code.shape[0]
    margin, head = int(side * 0.12), int(side * 0.45)
    light = 255.0 if shot.phone else float(rng.uniform(215, 245))
    paper, ink = (25.0, 235.0) if shot.inverted else (light, 20.0)
    sheet = np.full((side + 2 * margin + 2 * head, side + 2 * margin), paper, np.uint8)
    sheet[margin + head : margin + head + side, margin : margin + side] = np.where(code > 0, paper, ink)
    for line in range(3):
        at = (margin, int(head * (0.3 + 0.3 * line)))
        cv2.putText(
            sheet, "Row 12 Seat 7  GA", at, cv2.FONT_HERSHEY_SIMPLEX, side / 400, ink, max(1, side // 120)
        )
    if shot.phone:
        sheet = cv2.copyMakeBorder(sheet, 20, 20, 20, 20, cv2.BORDER_CONSTANT, value=(12.0,))
    edge = 20 if shot.phone else 0
    quiet = 4 * _PIXELS_PER_MODULE
    low_x, low_y = margin + edge + quiet, margin + head + edge + quiet
    far = side - 2 * quiet
    square = np.array(
        [[low_x, low_y], [low_x + far, low_y], [low_x + far, low_y + far], [low_x, low_y + far]], np.float32
    )
    return sheet.astype(np.float32), square


def _code(shot: Shot) -> Image:
    code = qrcode.QRCode(error_correction=ERROR_CORRECT_M, border=4)
    code.add_data(shot.text)
    code.make(fit=True)
    modules = np.where(np.array(code.get_matrix(), bool), 0, 255).astype(np.uint8)
    return np.kron(modules, np.ones((_PIXELS_PER_MODULE, _PIXELS_PER_MODULE), np.uint8))


def _waves(sheet: npt.NDArray[np.float32], shot: Shot, rng: np.random.Generator) -> npt.NDArray[np.float32]:
    if not shot.bend and not shot.crumple:
        return sheet
    height, width = sheet.shape
    ys, xs = np.mgrid[0:height, 0:width].astype(np.float32)
    if shot.bend:
        half = np.radians(shot.bend) / 2
        offset = (xs / width - 0.5) * 2 * np.sin(half)
        angle = np.arcsin(np.clip(offset, -1, 1))
        ys = ys + (1 - np.cos(angle)) * width / (2 * half) * 0.35
        xs = ((angle / half + 1) / 2 * width).astype(np.float32)
    if shot.crumple:
        size, phase = shot.crumple * _PIXELS_PER_MODULE, rng.uniform(0, 6.28, 4)
        xs = xs + size * np.sin(ys / (width * 0.11) + phase[0]) * np.cos(xs / (width * 0.17) + phase[1])
        ys = ys + size * np.sin(xs / (width * 0.13) + phase[2]) * np.cos(ys / (width * 0.15) + phase[3])
    moved = cv2.remap(
        sheet, xs.astype(np.float32), ys.astype(np.float32), cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE
    )
    return np.asarray(moved, np.float32)


def _placement(shot: Shot, sheet: npt.NDArray[np.float32]) -> npt.NDArray[np.float64]:
    height, width = sheet.shape
    scale = shot.module / _PIXELS_PER_MODULE
    flat = np.array([[-width, -height], [width, -height], [width, height], [-width, height]]) * scale / 2
    turn, pitch, yaw = np.radians([shot.turn, shot.pitch, shot.yaw])
    spin = cv2.Rodrigues(np.array([0, 0, turn]))[0]
    tilt = cv2.Rodrigues(np.array([pitch, 0, 0]))[0] @ cv2.Rodrigues(np.array([0, yaw, 0]))[0]
    solid = np.column_stack([flat, np.zeros(4)]) @ (tilt @ spin).T
    depth = _FOCAL + solid[:, 2]
    seen = solid[:, :2] * (_FOCAL / depth)[:, None] + np.array(shot.centre)
    source = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    return np.asarray(cv2.getPerspectiveTransform(source, seen.astype(np.float32)), np.float64)


def _module_side(corners: npt.NDArray[np.float32], shot: Shot) -> float:
    area = float(cv2.contourArea(corners.astype(np.float32)))
    modules = _code(replace(shot, text=shot.text)).shape[0] / _PIXELS_PER_MODULE - 8
    return max(0.5, float(area**0.5 / modules))


def _lens(image: npt.NDArray[np.float32], rng: np.random.Generator) -> Image:
    soft = _blurred(image * 0.82 + 18, 0.55)
    return np.clip(soft + rng.normal(0, 2.0, soft.shape), 0, 255).astype(np.uint8)


def _blurred(image: npt.NDArray[np.float32], sigma: float) -> npt.NDArray[np.float32]:
    return cv2.GaussianBlur(image, (0, 0), sigma).astype(np.float32)
