"""What is asked at the door before somebody is let in."""

from typing import Any

from tests.server.admission.venue import Venue, alone

QUESTIONS: list[dict[str, Any]] = [
    {"id": "age", "text": {"en": "How old?", "de": "Wie alt?"}, "kind": "number"},
    {"id": "meal", "text": {"en": "Which meal?"}, "kind": "choice", "choices": ["Fish", "Meat"]},
    {"id": "helmet", "text": {"en": "A helmet?"}, "kind": "boolean"},
    {"id": "note", "text": {"en": "Anything else?"}, "required": False},
]
GOOD = {"age": "9", "meal": "Fish", "helmet": "true", "note": ""}


async def test_questions_and_texts_are_asked_until_they_are_settled(venue: Venue) -> None:
    await venue.world.list("fair", questions=QUESTIONS, requireConfirmation=["Look at the passport"])
    code = await venue.world.ticket()
    ask = await venue.scan(code, lists=["fair"], opId="one")
    assert (ask["verdict"], ask["confirmations"]) == ("ask", ["Look at the passport"])
    assert ask["questions"] == [
        {"kind": "text", "required": True, "choices": [], **question} for question in QUESTIONS
    ]
    assert ask["ticket"]["name"] == "Person 1"
    half = await venue.scan(code, lists=["fair"], opId="one", answers={"age": "9"}, confirmed=True)
    assert ([question["id"] for question in half["questions"]], half["confirmations"]) == (
        ["meal", "helmet", "note"], [],
    )  # fmt: skip
    assert await venue.history() == []
    done = await venue.scan(code, lists=["fair"], opId="one", answers=GOOD, confirmed=True)
    assert (done["verdict"], done["duplicate"]) == ("admitted", False)
    [scan] = await venue.history()
    assert (scan["opId"], scan["answers"]) == ("one", GOOD)


async def test_an_answer_that_is_not_of_its_kind_is_asked_for_again(venue: Venue) -> None:
    await venue.world.list("fair", questions=QUESTIONS)
    code = await venue.world.ticket()
    for wrong in ({"age": "nine"}, {"meal": "Soup"}, {"helmet": "perhaps"}, {"age": " "}):
        ask = await venue.scan(code, lists=["fair"], answers=GOOD | wrong)
        assert [question["id"] for question in ask["questions"]] == list(wrong)


async def test_nobody_is_asked_on_the_way_out_or_where_the_answer_would_be_no(venue: Venue) -> None:
    await venue.world.list("fair", questions=QUESTIONS)
    code = await venue.world.ticket()
    assert await venue.reason(code, lists=["fair"], direction="exit") == "admitted"
    await venue.scan(code, lists=["fair"], answers=GOOD)
    assert await venue.reason(code, lists=["fair"]) == "already_in"
    assert await venue.reason(await venue.world.ticket(state="blocked"), lists=["fair"]) == "blocked"


async def test_answers_that_were_given_to_a_kiosk_alone_are_kept(venue: Venue) -> None:
    await venue.world.list("fair", questions=QUESTIONS)
    code = await venue.world.ticket()
    [answer] = await venue.upload(
        alone("one", venue.clock(), code=code, list="fair", lists=["fair"], answers=GOOD)
    )
    assert answer["detail"]["mark"] is None
    assert [scan["answers"] for scan in await venue.history()] == [GOOD]
