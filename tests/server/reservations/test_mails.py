"""Mails about reservations: what each says, its calendar part, and reminders that come once."""

from email.message import EmailMessage

from domain.clock import HOUR, MINUTE, Instant
from server.reservations.sweep import ReservationSweeper
from tests.builders import ManualClock
from tests.server.mailbox import Mailbox, recipient, text
from tests.server.queues.lobby import good, problem
from tests.server.reservations.salon import BASE, Salon, whole
from tests.server.world import NOON


def calendar(mail: EmailMessage) -> dict[str, str]:
    """The lines of its calendar part."""
    [part] = [each for each in mail.walk() if each.get_content_type() == "text/calendar"]
    lines = str(part.get_content()).replace("\n ", "").splitlines()
    return dict(line.split(":", 1) for line in lines if ":" in line)


async def subjects(salon: Salon) -> list[str]:
    return [str(mail["Subject"]) for mail in await Mailbox(salon.lobby.app).all()]


async def test_each_step_is_mailed_with_a_calendar_whose_uid_stays_and_whose_sequence_grows(
    salon: Salon, clock: ManualClock
) -> None:
    box, made = Mailbox(salon.lobby.app), await salon.book("08:00")
    first = await box.newest("alice@example.com")
    assert str(first["Subject"]).startswith("Booked: Haircut, Monday, 11 May 2026")
    assert made["link"] in text(first)
    assert made["reservationNumber"] in text(first)
    clock.forward(MINUTE)
    good(await salon.update(made, slot={"start": whole("09:00")}))
    second = await box.newest()
    clock.forward(MINUTE)
    good(await salon.update(made, state="cancelled"))
    third = await box.newest()
    said = [calendar(mail) for mail in (first, second, third)]
    assert len({each["UID"] for each in said}) == 1
    assert [each["SEQUENCE"] for each in said] == ["0", "1", "2"]
    assert [each["DTSTART"] for each in said] == ["20260511T080000Z"] + ["20260511T090000Z"] * 2
    assert [each["METHOD"] for each in said] == ["PUBLISH", "PUBLISH", "CANCEL"]
    assert [each["STATUS"] for each in said] == ["CONFIRMED", "CONFIRMED", "CANCELLED"]


async def test_what_waits_for_a_word_is_tentative_until_it_is_confirmed_with_a_higher_sequence(
    salon: Salon, clock: ManualClock
) -> None:
    await salon.service("advice", confirmation="manual")
    box, made = Mailbox(salon.lobby.app), await salon.book("08:00", "advice")
    mails = [await box.newest()]
    for change in ({"slot": {"start": whole("09:00")}}, {"state": "confirmed"}, {"state": "cancelled"}):
        clock.forward(MINUTE)
        good(await salon.update(made, **change))
        mails.append(await box.newest())
    said = [calendar(mail) for mail in mails]
    assert len({each["UID"] for each in said}) == 1
    assert [each["STATUS"] for each in said] == ["TENTATIVE", "TENTATIVE", "CONFIRMED", "CANCELLED"]
    assert [each["SEQUENCE"] for each in said] == ["0", "1", "2", "3"]


async def test_a_mail_speaks_the_language_of_the_customer(salon: Salon) -> None:
    customer = {"email": "ada@example.com", "name": "Ada", "language": "de"}
    good(await salon.try_("08:00", customer=customer))
    mail = await Mailbox(salon.lobby.app).newest()
    assert str(mail["Subject"]).startswith("Gebucht: Haircut, Montag, 11. Mai 2026")


async def test_a_list_goes_by_mail_to_who_has_booked_only(salon: Salon) -> None:
    made, box = await salon.book("08:00"), Mailbox(salon.lobby.app)
    before = len(await box.all())
    for who in ("alice", "nobody"):
        await salon.lobby.client.get(f"{BASE}/by-email/{who}@example.com", headers=salon.public)
    added = (await box.all())[before:]
    assert [recipient(mail) for mail in added] == ["alice@example.com"]
    assert made["link"] in text(added[0])


async def test_reminders_come_once_each_across_restarts_and_processes(
    salon: Salon, clock: ManualClock
) -> None:
    await salon.service("wash", reminderMinutes=[120, 30])
    await salon.book("08:00", "wash")
    app = salon.lobby.app
    sweepers = [ReservationSweeper(app.state.database, clock) for _ in range(2)]
    clock.forward(17 * HOUR + 59 * MINUTE)
    for sweeper in sweepers:
        await sweeper.sweep()
    assert len(await subjects(salon)) == 1
    clock.forward(MINUTE)
    for sweeper in [*sweepers, ReservationSweeper(app.state.database, clock)]:
        await sweeper.sweep()
    assert [said[:8] for said in await subjects(salon)] == ["Booked: ", "Reminder"]
    clock.forward(90 * MINUTE)
    for sweeper in sweepers:
        await sweeper.sweep()
    assert len(await subjects(salon)) == 3


async def test_what_fell_due_while_nobody_was_there_is_one_reminder_and_none_after_the_start(
    salon: Salon, clock: ManualClock
) -> None:
    await salon.service("wash", reminderMinutes=[120, 60])
    await salon.book("08:00", "wash")
    await salon.book("07:00", "wash", "bob")
    sweeper = ReservationSweeper(salon.lobby.app.state.database, clock)
    clock.forward(19 * HOUR + 30 * MINUTE)
    await sweeper.sweep()
    reminded = [said for said in await subjects(salon) if said.startswith("Reminder")]
    assert len(reminded) == 1


async def test_staff_can_remind_now_and_not_of_what_is_over(salon: Salon) -> None:
    made = await salon.book("08:00")
    path = f"{BASE}/send-reminder/{made['id']}"
    for _ in range(2):
        answer = await salon.lobby.client.post(path, headers=salon.lobby.clerk)
        assert answer.status_code == 202
    assert len([said for said in await subjects(salon) if said.startswith("Reminder")]) == 2
    await salon.update(made, state="cancelled")
    refused = await salon.lobby.client.post(path, headers=salon.lobby.clerk)
    assert problem(refused) == (409, "nobody_to_remind")


async def test_nobody_is_reminded_of_a_time_that_has_passed(salon: Salon, clock: ManualClock) -> None:
    made = await salon.book("08:00")
    clock.forward(20 * HOUR + 30 * MINUTE)
    refused = await salon.lobby.client.post(f"{BASE}/send-reminder/{made['id']}", headers=salon.lobby.clerk)
    assert problem(refused) == (409, "nobody_to_remind")
    assert "appointment_reminded" not in await salon.timeline(made)


async def test_a_schedule_that_changes_reaches_what_is_booked_already(
    salon: Salon, clock: ManualClock
) -> None:
    wash = await salon.service("wash", reminderMinutes=[])
    await salon.book("08:00", "wash")
    said = {name: wash[name] for name in ("name", "servicePoint", "durationMinutes")}
    path = f"{BASE}/definitions/wash"
    for schedule, at in (([60, 180], 17), ([60], 18), ([], 19)):
        body = {**said, "reminderMinutes": schedule}
        await salon.lobby.ok("PUT", path, body, salon.lobby.clerk)
        clock.at = Instant(NOON + at * HOUR)
        await salon.lobby.app.state.reservation_sweeper.sweep()
    reminded = [mail for mail in await subjects(salon) if mail.startswith("Reminder")]
    assert len(reminded) == 1
