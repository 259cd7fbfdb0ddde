"""Which form of a word goes with a number, as the languages that the kiosk speaks have it."""

FORMS = ("zero", "one", "two", "few", "many", "other")


def form(language: str, count: int) -> str:
    """`one`, `other`, or what else the language tells apart, by the names of Unicode's CLDR."""
    match language.split("-")[0]:
        case "ar":
            return _arabic(count)
        case "id":
            return "other"
        case "fr":
            return "one" if count in (0, 1) else "other"
        case _:
            return "one" if count == 1 else "other"


def _arabic(count: int) -> str:
    if count < 3:
        return ("zero", "one", "two")[max(0, count)]
    last = count % 100
    if 3 <= last <= 10:
        return "few"
    return "many" if last >= 11 else "other"
