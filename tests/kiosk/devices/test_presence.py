"""A code that is held in view counts once."""

from hypothesis import given
from hypothesis import strategies as st

from kiosk.devices.presence import AWAY_SECONDS, Presence, Sight
from kiosk.devices.reading import Reading

_FRAME = 1 / 25


def read(*texts: str) -> tuple[Reading, ...]:
    corner = (0.0, 0.0)
    return tuple(Reading(text, (corner, corner, corner, corner), "zxing", "plain", 0.001) for text in texts)


def test_a_code_that_is_held_for_many_pictures_is_new_in_the_first_alone() -> None:
    presence = Presence()
    seen = [presence.seen(read("A"), frame * _FRAME) for frame in range(500)]
    assert seen[0] == Sight(("A",), several=False)
    assert {sight.new for sight in seen[1:]} == {()}


def test_a_code_that_some_pictures_miss_is_no_new_one() -> None:
    presence = Presence()
    presence.seen(read("A"), 0.0)
    for frame in range(1, 30):
        presence.seen((), frame * _FRAME)
    assert presence.seen(read("A"), AWAY_SECONDS - 0.01).new == ()


def test_a_code_that_was_away_is_new_when_it_comes_back() -> None:
    presence = Presence()
    presence.seen(read("A"), 0.0)
    presence.seen((), 1.0)
    assert presence.seen(read("A"), AWAY_SECONDS + 0.01).new == ("A",)


def test_two_codes_are_both_new_and_a_person_is_to_be_asked() -> None:
    presence = Presence()
    assert presence.seen(read("B", "A", "B"), 0.0) == Sight(("B", "A"), several=True)
    assert presence.seen(read("A", "B"), _FRAME) == Sight((), several=True)


def test_a_code_that_joins_one_that_is_held_is_the_new_one_of_several() -> None:
    presence = Presence()
    presence.seen(read("A"), 0.0)
    assert presence.seen(read("A", "B"), _FRAME) == Sight(("B",), several=True)
    assert presence.seen(read("B"), 2 * _FRAME) == Sight((), several=False)


def test_once_a_verdict_was_ended_what_is_in_view_counts_again() -> None:
    presence = Presence()
    presence.seen(read("A"), 0.0)
    presence.forget()
    assert presence.seen(read("A"), _FRAME).new == ("A",)


@given(st.lists(st.tuples(st.floats(0, 3), st.sets(st.sampled_from("ABC"))), max_size=40))
def test_a_code_is_new_exactly_when_it_was_not_seen_for_so_long(
    pictures: list[tuple[float, set[str]]],
) -> None:
    presence, now, last = Presence(), 0.0, dict[str, float]()
    for pause, texts in pictures:
        now += pause
        expected = {text for text in texts if text not in last or now - last[text] > AWAY_SECONDS}
        assert set(presence.seen(read(*sorted(texts)), now).new) == expected
        last |= dict.fromkeys(texts, now)
