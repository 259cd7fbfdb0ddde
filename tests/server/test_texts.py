"""The language that a browser asks for."""

import pytest

from server.texts import preferred


@pytest.mark.parametrize(
    ("accept", "language"),
    [
        ("", "en"),
        ("de", "de"),
        ("DE-at, en;q=0.9", "de"),
        ("pt-BR, fr;q=0.4, es-MX;q=0.8", "es"),
        ("ja, ko", "en"),
        ("de;q=0", "en"),
        ("fr;q=loud, id;q=0.1", "id"),
        ("*", "en"),
        (";;;,,,=q", "en"),
        ("ar;q=0.5, es;q=0.5", "ar"),
        ("fr;q=nan, de;q=0.3", "de"),
        ("de;q=inf", "de"),
    ],
)
def test_the_best_liked_language_of_ours_is_spoken(accept: str, language: str) -> None:
    assert preferred(accept) == language
