"""Looking tickets up by code and by name in the kiosk's own copies."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from domain import rotating_code, ticket_code
from domain.admission import Direction, Scan
from domain.clock import HOUR, Instant
from domain.errors import Unavailable
from domain.ids import ListId, OpId, TicketId
from domain.ticket_code import TicketCode
from kiosk.store.journal import Journal, Noted
from kiosk.store.replica import Change
from kiosk.store.store import Store
from tests.kiosk.sample import EVENT, LIST, NOON, Sample, adopt, sample_event

FOREIGN = "https://tickets.example.org/abc?x=1"


@pytest.fixture
def sample() -> Sample:
    sample = sample_event(30)
    sample.ticket(41, code=FOREIGN, name="Zoë Björnsdóttir", order_number="K7-99")
    sample.ticket(42, type="backstage", digest=ticket_code.digest(sample.code(42, type_=2)))
    sample.ticket(43, generation=1, digest=ticket_code.digest(sample.code(43, generation=1)))
    sample.put("revoked_code", digest=ticket_code.digest("an old foreign code"), event=EVENT.id, ticket="t44")
    sample.ticket(44, code="a new foreign code")
    sample.ticket(45, main="t1", type="backstage")
    sample.ticket(46, perks='["Drink", "Bag", "Drink"]', redeemed='["Drink"]')
    return sample


@pytest.fixture
def store(tmp_path: Path, sample: Sample) -> Iterator[Store]:
    store = Store(tmp_path)
    adopt(store.copies, EVENT, sample)
    yield store
    store.close()


def found(store: Store, code: str) -> list[str]:
    return [ticket.id for ticket in store.tickets.gather(code, NOON).found.tickets]


@pytest.mark.parametrize("around", ["{}", "]Q3{}", " {}\r\n", "\\000001{}", "{}\x00"])
def test_a_code_is_found_with_whatever_scanners_add(store: Store, sample: Sample, around: str) -> None:
    assert found(store, around.format(sample.code(7))) == ["t7"]


def test_a_code_of_another_system_is_found_by_all_its_characters(store: Store) -> None:
    assert found(store, FOREIGN) == ["t41"]
    assert found(store, FOREIGN[:-1] + "2") == []


def test_a_perk_that_was_handed_out_is_not_handed_out_again(store: Store, sample: Sample) -> None:
    [ticket] = store.tickets.gather(sample.code(46), NOON).found.tickets
    assert ticket.perks_left == ("Bag", "Drink")


def test_a_genuine_code_that_no_copy_has_is_a_ticket_all_the_same(store: Store, sample: Sample) -> None:
    code = ticket_code.encode(TicketCode(1, 1, 999, 1, 0, NOON, None), sample.key.sign)
    [ticket] = store.tickets.gather(code, NOON).found.tickets
    assert (ticket.event, ticket.type, ticket.number) == (EVENT.id, "standard", 999)
    assert ticket.valid_from == NOON


def test_a_code_of_an_event_that_this_kiosk_has_not_belongs_to_no_event(store: Store, sample: Sample) -> None:
    [ticket] = store.tickets.gather(sample.code(1, event=9), NOON).found.tickets
    assert ticket.event == ""


def test_a_code_in_our_form_with_another_signature_is_forged(store: Store) -> None:
    forged = ticket_code.encode(TicketCode(1, 1, 7, 1), Ed25519PrivateKey.generate().sign)
    assert store.tickets.gather(forged, NOON).found.forged


def test_a_code_signed_with_a_key_that_never_came_is_unknown_and_not_called_forged(
    store: Store, sample: Sample
) -> None:
    code = ticket_code.encode(TicketCode(77, 1, 7, 1), sample.key.sign)
    known = store.tickets.gather(code, NOON).found
    assert (known.tickets, known.forged) == ((), False)


def test_the_code_from_before_a_transfer_is_superseded(store: Store, sample: Sample) -> None:
    assert store.tickets.gather(sample.code(43), NOON).found.superseded
    assert store.tickets.gather("an old foreign code", NOON).found.superseded
    assert not store.tickets.gather(sample.code(43, generation=1), NOON).found.superseded


def test_a_rotating_code_is_stale_without_its_digits(store: Store, sample: Sample) -> None:
    code = sample.code(42, type_=2)
    secret = rotating_code.secret(b"r" * 32, 42, 0)
    assert store.tickets.gather(code, NOON).found.stale
    assert not store.tickets.gather(f"{code}/{rotating_code.digits(secret, NOON)}", NOON).found.stale


def test_addons_come_along_where_a_list_asks_for_them(store: Store, sample: Sample) -> None:
    assert store.tickets.gather(sample.code(1), NOON).found.addons == ()
    sample.check_in_list("with-addons", addons=True)
    adopt(store.copies, EVENT, sample)
    assert [a.id for a in store.tickets.gather(sample.code(1), NOON).found.addons] == ["t45"]


def test_a_ticket_has_the_times_of_the_session_that_it_names(store: Store, sample: Sample) -> None:
    sample.session("talk", NOON, NOON + HOUR)
    for number, session in ((47, "talk"), (48, ""), (49, "talk about nothing"), (50, None)):
        sample.ticket(number, session=session, name=f"Visitor{number}")
    adopt(store.copies, EVENT, sample)
    found = [store.tickets.gather(sample.code(number), NOON).found.tickets for number in (47, 48, 49, 50)]
    times = [(ticket.session_starts, ticket.session_ends) for [ticket] in found]
    assert times == [(NOON, NOON + HOUR), (None, None), (None, None), (None, None)]
    picked = store.tickets.gather_ticket(TicketId("t47")).found.tickets
    assert [*picked, *store.tickets.search("visitor47", 5)] == [found[0][0]] * 2


def test_a_session_that_is_moved_moves_its_tickets(store: Store, sample: Sample) -> None:
    sample.session("talk", NOON, NOON + HOUR)
    sample.ticket(47, session="talk")
    adopt(store.copies, EVENT, sample)

    def times() -> list[tuple[Instant | None, Instant | None]]:
        tickets = store.tickets.gather(sample.code(47), NOON).found.tickets
        return [(ticket.session_starts, ticket.session_ends) for ticket in tickets]

    moved = sample.session("talk", NOON + HOUR, NOON + 2 * HOUR)
    store.apply(EVENT, [Change(1, "event_session", "talk", moved)], 1, NOON)
    assert times() == [(NOON + HOUR, NOON + 2 * HOUR)]
    store.apply(EVENT, [Change(2, "event_session", "talk", None)], 2, NOON)
    assert times() == [(None, None)]


def test_scans_of_this_kiosk_count_beside_those_of_the_copy(store: Store, sample: Sample) -> None:
    sample.scan("theirs", "t7", NOON - 1000)
    adopt(store.copies, EVENT, sample)
    own = Scan(OpId("ours"), NOON, TicketId("t7"), ListId(LIST), Direction.EXIT)
    store.door.note(Noted(own))
    assert {scan.op for scan in store.tickets.gather(sample.code(7), NOON).past} == {"theirs", "ours"}


def test_a_scan_from_before_a_ticket_was_known_is_a_scan_of_that_ticket(store: Store, sample: Sample) -> None:
    [unseen] = store.tickets.gather(sample.code(999), NOON).found.tickets
    Journal(store.file).add(Noted(Scan(OpId("early"), NOON, unseen.id, ListId(LIST))))
    sample.ticket(999)
    adopt(store.copies, EVENT, sample)
    gathered = store.tickets.gather(sample.code(999), NOON)
    assert [(scan.op, scan.ticket) for scan in gathered.past] == [("early", "t999")]


def test_without_a_copy_nothing_is_called_unknown(tmp_path: Path, sample: Sample) -> None:
    store = Store(tmp_path / "empty")
    with pytest.raises(Unavailable, match="no copy of the tickets yet"):
        store.tickets.gather(sample.code(7), NOON)
    store.close()


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        ("gue", 20),
        ("Guest17", 1),
        ("GUEST17 exa", 1),
        ("zoe bjorn", 1),
        ("ZOË", 1),
        ("K7 99", 0),
        ("k7-99 zoë", 1),
        ("guest17@example", 1),
        ("ORD00017", 1),
        ("ord00017 g", 1),
        ("nobody", 0),
        ("gu", 0),
        ("", 0),
    ],
)
def test_people_are_found_by_the_beginnings_of_their_words(store: Store, text: str, ids: int) -> None:
    assert len(store.tickets.search(text, 20)) == ids


def test_a_search_finds_everybody_where_many_share_a_beginning(tmp_path: Path) -> None:
    sample = Sample()
    for number in range(600):
        sample.ticket(number, name=f"Marta{number:03} Smith", email="", order_number="")
    sample.ticket(601, name="Marvin Last", email="", order_number="")
    store = Store(tmp_path / "many")
    adopt(store.copies, EVENT, sample)
    assert [ticket.name for ticket in store.tickets.search("marvin", 20)] == ["Marvin Last"]
    assert [ticket.name for ticket in store.tickets.search("mar l", 20)] == []
    assert [ticket.name for ticket in store.tickets.search("smith marta599", 20)] == ["Marta599 Smith"]
    store.close()


@pytest.mark.parametrize("every", [2, 20, 60, 400])
def test_a_search_that_goes_on_in_the_whole_index_finds_nobody_twice(tmp_path: Path, every: int) -> None:
    sample, names = Sample(), []
    for number in range(1, 1_000):
        names.append(f"Mary Bé{number:03}" if number % every == 0 else f"Marta Bén{number:03}")
        sample.ticket(number, name=names[-1], email="", order_number="")
    store = Store(tmp_path / "many")
    adopt(store.copies, EVENT, sample)
    wanted = [name for name in names if name.startswith("Mary")]
    assert [ticket.name for ticket in store.tickets.search("MARY be", 20)] == wanted[:20]
    store.close()


@settings(max_examples=300, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.text() | st.text(alphabet='"*^:-+()%_ NEARANDguest\x00\ud800é̈') | st.from_regex(r"[\w\s]{3,20}"))
def test_any_text_is_a_query_and_a_code(store: Store, text: str) -> None:
    store.tickets.search(text, 5)
    store.tickets.gather(text, NOON)
