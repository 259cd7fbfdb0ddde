"""The words of mails: complete in every language, and safe whatever they are filled with."""

import re
from dataclasses import replace

import orjson
import pytest
from jinja2 import UndefinedError
from jinja2.exceptions import SecurityError

from server.auth.customer_mails import MAILS
from server.messaging import templates
from server.messaging.letters import Letter
from server.messaging.templates import one_line, words
from server.texts import LANGUAGES, PUBLIC, public_text
from tests.server.messaging.letters import LINK, OWED

PURPOSES = ("entry", "register", "password", "sign_in")
ENGLISH = orjson.loads((PUBLIC / "en.json").read_bytes())


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("purpose", PURPOSES)
def test_a_link_is_mailed_in_every_language(language: str, purpose: str) -> None:
    link = "https://usher.example/sign-in/abc"
    said = words(
        replace(OWED, language=language), Letter("customer.link", {"purpose": purpose, "link": link})
    )
    assert f'<a class="button" href="{link}"' in said.html
    assert link in said.text.splitlines()
    assert "Riverside" in said.subject
    assert said.subject in said.html
    assert not re.search(r"mail\.\w|\{\w+\}", said.subject + said.text + said.html)
    assert f'<html lang="{language}" dir="{"rtl" if language == "ar" else "ltr"}">' in said.html


def test_every_kind_of_mail_has_its_templates() -> None:
    for kind in MAILS:
        for form in ("txt", "html"):
            assert (templates.FOLDER / f"{kind}.{form}").is_file()


def test_what_is_filled_in_is_no_markup() -> None:
    said = words(replace(OWED, name="<b>Ada</b>", organization="<script>"), LINK)
    assert "<b>" not in said.html
    assert "<script>" not in said.html
    assert "Hello <b>Ada</b>," in said.text


def test_a_subject_is_one_line_whatever_is_filled_in() -> None:
    params = {"event": "Sum\r\nmit", "when": "Sunday", "where": "", "taker": "Bob"}
    said = words(OWED, Letter("ticket.claimed", params))
    assert said.subject == "Your ticket for Sum mit was accepted"
    assert said.text.startswith("Hello Ada,")


def test_what_is_filled_in_is_not_filled_itself() -> None:
    said = words(replace(OWED, name="{organization}"), LINK)
    assert "Hello {organization}," in said.text


def test_a_template_cannot_reach_what_it_is_not_given(monkeypatch: pytest.MonkeyPatch) -> None:
    environment = templates._environment
    with pytest.raises(SecurityError):
        environment.from_string("{{ ''.__class__.__mro__ }}").render()
    with pytest.raises(UndefinedError):
        environment.from_string("{{ nothing }}").render()


def test_a_picture_that_the_letter_lacks_is_a_fault() -> None:
    common = templates._common(OWED, Letter("x", inline={"qr": b""}), "en")
    assert common["cid"]("qr") == f"cid:qr@{OWED.id}.usher"
    with pytest.raises(KeyError):
        common["cid"]("map")


def test_one_line_is_one_line() -> None:
    assert one_line(" a\r\nb\u2028c\x00\td ") == "a b c d"


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_language_says_all_that_english_says_with_the_same_parameters(language: str) -> None:
    own = orjson.loads((PUBLIC / f"{language}.json").read_bytes())
    plain = {_without_form(key): key for key in own}
    assert set(plain) == {_without_form(key) for key in ENGLISH}
    for key, sentence in own.items():
        english = ENGLISH.get(key) or ENGLISH[f"{_without_form(key)}.other"]
        assert _parameters(sentence) <= _parameters(english), key
        assert _parameters(english) - {"count"} <= _parameters(sentence), key


def test_a_number_chooses_the_form_and_is_written_as_the_language_writes_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    known = {"x.one": "{count} seat", "x.other": "{count} seats", "x.few": "few", "plain": "{count}"}
    monkeypatch.setattr("server.texts._texts", lambda _folder, _language: known)
    said = [public_text("x", {"count": count}, language) for count, language in _COUNTS]
    assert said == ["1 seat", "2 seats", "1,234 seats", "1.234 seats", "few"]
    assert public_text("plain", {"count": 5}) == "5"


_COUNTS = [(1, "en"), (2, "en"), (1234, "en"), (1234, "de"), (3, "ar")]
_FORM = re.compile(r"\.(zero|one|two|few|many|other)$")


def _without_form(key: str) -> str:
    return _FORM.sub("", key)


def _parameters(sentence: str) -> set[str]:
    return set(re.findall(r"\{(\w+)\}", sentence))
