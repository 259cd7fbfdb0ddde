"""Damage to made pictures: what light, lenses, hands and screens do to a code."""

from collections.abc import Callable
from dataclasses import replace

import cv2
import numpy as np

from bench.scene import HEIGHT, WIDTH, Image, Shot, held, photograph

Harm = Callable[[Image, np.random.Generator], Image]
Pose = Callable[[Shot, np.random.Generator], Shot]


def _u8(image: object) -> Image:
    return np.clip(np.asarray(image, np.float32), 0, 255).astype(np.uint8)


def motion(image: Image, rng: np.random.Generator) -> Image:
    """The hand moves: a blur along a line."""
    length = int(rng.integers(5, 15))
    kernel = np.zeros((length, length), np.float32)
    angle = rng.uniform(0, np.pi)
    middle = (length - 1) / 2
    for step in np.linspace(-middle, middle, length * 4):
        x, y = round(middle + step * np.cos(angle)), round(middle + step * np.sin(angle))
        kernel[y, x] = 1
    return _u8(cv2.filter2D(image, -1, kernel / kernel.sum()))


def defocus(image: Image, rng: np.random.Generator) -> Image:
    return _u8(cv2.GaussianBlur(image, (0, 0), float(rng.uniform(1.5, 3.2))))


def noise(image: Image, rng: np.random.Generator) -> Image:
    return _u8(image + rng.normal(0, rng.uniform(20, 55), image.shape))


def glare(image: Image, rng: np.random.Generator) -> Image:
    """A lamp in the glass: one spot is washed out, and its surroundings are pale."""
    x, y = WIDTH / 2 + rng.normal(0, 90), HEIGHT / 2 + rng.normal(0, 70)
    ys, xs = np.mgrid[0:HEIGHT, 0:WIDTH]
    far = np.hypot((xs - x) / rng.uniform(50, 140), (ys - y) / rng.uniform(40, 120))
    return _u8(image + rng.uniform(150, 330) * np.exp(-(far**2)))


def shadow(image: Image, rng: np.random.Generator) -> Image:
    """An edge of shadow across the code."""
    angle, place = rng.uniform(0, 2 * np.pi), rng.normal(0, 70)
    ys, xs = np.mgrid[0:HEIGHT, 0:WIDTH]
    side = (xs - WIDTH / 2) * np.cos(angle) + (ys - HEIGHT / 2) * np.sin(angle) - place
    return _u8(image * (1 - rng.uniform(0.55, 0.85) / (1 + np.exp(-side / rng.uniform(3, 40)))))


def dark(image: Image, rng: np.random.Generator) -> Image:
    """Little light: everything is dim, and the sensor adds its own."""
    return _u8(image * rng.uniform(0.06, 0.2) + rng.normal(0, rng.uniform(3, 7), image.shape))


def faded(image: Image, rng: np.random.Generator) -> Image:
    """Pale print, or a bright screen in bright light."""
    return _u8(image * rng.uniform(0.12, 0.3) + rng.uniform(120, 180))


def jpeg(image: Image, rng: np.random.Generator) -> Image:
    _, packed = cv2.imencode(".jpg", image, [cv2.IMWRITE_JPEG_QUALITY, int(rng.integers(6, 18))])
    return _u8(cv2.imdecode(packed, cv2.IMREAD_GRAYSCALE))


def moire(image: Image, rng: np.random.Generator) -> Image:
    """The grid of a screen against that of the sensor."""
    ys, xs = np.mgrid[0:HEIGHT, 0:WIDTH]
    waves = np.zeros(image.shape)
    for _ in range(2):
        angle, period = rng.uniform(0, np.pi), rng.uniform(4, 14)
        waves += np.sin((xs * np.cos(angle) + ys * np.sin(angle)) * 2 * np.pi / period)
    return _u8(image + rng.uniform(18, 45) * waves)


def covered(image: Image, rng: np.random.Generator) -> Image:
    """A thumb on a corner, or a scratch."""
    made = image.copy()
    x, y = int(WIDTH / 2 + rng.normal(0, 90)), int(HEIGHT / 2 + rng.normal(0, 90))
    cv2.circle(made, (x, y), int(rng.integers(12, 34)), float(rng.uniform(60, 150)), -1)
    return made


def tilted(shot: Shot, rng: np.random.Generator) -> Shot:
    return replace(shot, pitch=float(rng.uniform(25, 52)), yaw=float(rng.uniform(-45, 45)), module=6.0)


def rolled(shot: Shot, rng: np.random.Generator) -> Shot:
    return replace(shot, bend=float(rng.uniform(60, 140)), crumple=0.0)


def crumpled(shot: Shot, rng: np.random.Generator) -> Shot:
    return replace(shot, crumple=float(rng.uniform(0.5, 1.3)), phone=False)


def far(shot: Shot, rng: np.random.Generator) -> Shot:
    return replace(shot, module=float(rng.uniform(1.5, 2.3)))


def turned(shot: Shot, rng: np.random.Generator) -> Shot:
    return replace(shot, turn=float(rng.uniform(0, 360)))


def inverted(shot: Shot, rng: np.random.Generator) -> Shot:
    return replace(shot, inverted=True)


TUNING: tuple[str, ...] = ("clean", "motion", "glare", "dark", "tilted", "noise")
"""Kinds that were looked at while the attempts were chosen and put in order."""

HARMS: dict[str, Harm] = {
    f.__name__: f for f in (motion, defocus, noise, glare, shadow, dark, faded, jpeg, moire, covered)
}
POSES: dict[str, Pose] = {f.__name__: f for f in (tilted, rolled, crumpled, far, turned, inverted)}
KINDS = ("clean", *HARMS, *POSES, "mixed")


def picture(kind: str, rng: np.random.Generator) -> tuple[Image, str]:
    """A picture with one kind of damage, or two for `mixed`, and the text of its code."""
    shot = held(rng)
    kinds = [kind]
    if kind == "mixed":
        kinds = [str(rng.choice(list(POSES))), str(rng.choice(list(HARMS)))]
    for name in kinds:
        shot = POSES[name](shot, rng) if name in POSES else shot
    image = photograph(shot, rng).image
    for name in kinds:
        image = HARMS[name](image, rng) if name in HARMS else image
    return image, shot.text


def empty(rng: np.random.Generator) -> Image:
    """A picture without any code: a room, or noise."""
    from bench.scene import background

    if rng.random() < 0.5:
        return _u8(background(rng))
    return rng.integers(0, 256, (HEIGHT, WIDTH), np.uint8)
