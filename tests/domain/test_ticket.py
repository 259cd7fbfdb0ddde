"""What is still to hand out of a ticket's perks."""

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from domain.ticket import perks_left

PERKS = st.lists(st.sampled_from(["Drink", "Bag", "Lounge"]), max_size=6)


@given(PERKS, PERKS)
def test_what_is_left_and_what_was_handed_out_are_all_there_was(
    perks: list[str], redeemed: list[str]
) -> None:
    left = perks_left(perks, redeemed)
    assert Counter(left) == Counter(perks) - Counter(redeemed)
    positions = iter(perks)
    assert all(perk in positions for perk in left)
