"""Where fonts, icons, styles and texts lie: beside the packages in a checkout, in `kiosk` once installed."""

from pathlib import Path

_HERE = Path(__file__).resolve()
_PLACES = (_HERE.parents[2] / "resources", _HERE.parents[1] / "resources")
ROOT = next((place for place in _PLACES if place.is_dir()), _PLACES[0])


def path(name: str) -> Path:
    """The path of a resource such as `icons/check.svg`; it need not exist."""
    return ROOT / name
