"""A new visitor: one touch on what they come for is enough; the rest is for who wants to say it."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from kiosk.ui import theme
from kiosk.ui.desk_views import CategoryView, JoinRequest, PointView
from kiosk.ui.text import number, text
from kiosk.ui.widgets.button import Button
from kiosk.ui.widgets.card import clear, column, row
from kiosk.ui.widgets.label import Label
from kiosk.ui.widgets.sheet import Sheet
from kiosk.ui.widgets.text_field import text_field
from kiosk.ui.widgets.wrap import Wrap

_ABREAST = 2
_MOST = 99
_LONGEST = 100


class JoinSheet(Sheet):
    """`asked` carries a `JoinRequest`."""

    asked = Signal(object)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent, text("desk.join.title"), "joinSheet", width=720)
        self._point = ""
        self._party = 1
        self._name = text_field("joinName", text("desk.join.name"), _LONGEST)
        self._phone = text_field("joinPhone", text("desk.join.phone"), _LONGEST)
        self._priority = _toggle("joinPriority", text("desk.join.priority"), "star")
        self._by_name = _toggle("joinByName", text("desk.join.by_name"), "speaker")
        self._people = Label("", "title")
        self._categories = column(spacing=8)
        self._arrange()

    def show_point(self, point: PointView) -> None:
        """Empty for the next visitor: nothing of the last one is left."""
        self._point, self._party = point.id, 1
        self._name.clear()
        self._phone.clear()
        self._priority.setChecked(False)
        self._by_name.setChecked(False)
        self._count(0)
        clear(self._categories)
        first = self._show_categories(point.categories)
        self.open_sheet(first)

    def _arrange(self) -> None:
        who = Wrap(spacing=8)
        for field, least in ((self._name, 360), (self._phone, 240)):
            field.setMinimumWidth(least)
            who.add(field, grow=True)
        how = Wrap(spacing=8)
        how.add(self._priority)
        how.add(self._by_name)
        fewer = Button("", "joinFewer", icon_name="minus", label=text("desk.join.fewer"))
        more = Button("", "joinMore", icon_name="plus", label=text("desk.join.more"))
        fewer.clicked.connect(lambda: self._count(-1))
        more.clicked.connect(lambda: self._count(1))
        people = QWidget()
        count = row(people, spacing=8)
        for widget in (fewer, self._people, more):
            count.addWidget(widget)
        how.add(people, push=True)
        self.body.addWidget(Label(text("desk.join.optional"), "label", "muted"))
        self.body.addLayout(who)
        self.body.addLayout(how)
        self.body.addSpacing(8)
        self.body.addWidget(Label(text("desk.join.what"), "label", "muted"))
        self.body.addLayout(self._categories)

    def _show_categories(self, categories: tuple[CategoryView, ...]) -> Button | None:
        buttons = [self._category(category) for category in categories]
        abreast = _ABREAST if self._page.width() >= self._width * theme.current().text_factor else 1
        for start in range(0, len(buttons), abreast):
            line = row(spacing=8)
            for button in buttons[start : start + abreast]:
                line.addWidget(button, 1)
            self._categories.addLayout(line)
        return buttons[0] if buttons else None

    def _category(self, category: CategoryView) -> Button:
        words = text("desk.join.category", letter=category.letter, name=category.name)
        made = Button(words, f"joinAs:{category.id}", "primary", large=True, label=category.name)
        made.clicked.connect(lambda: self._ask(category.id))
        return made

    def _count(self, by: int) -> None:
        self._party = min(_MOST, max(1, self._party + by))
        self._people.setText(number(self._party))
        self._people.setAccessibleName(text("desk.card.party", count=self._party))

    def _ask(self, category: str) -> None:
        request = JoinRequest(
            self._point,
            category,
            name=self._name.text().strip(),
            phone=self._phone.text().strip(),
            party=self._party,
            priority=self._priority.isChecked(),
            call_by_name=self._by_name.isChecked(),
        )
        self.close_sheet()
        self.asked.emit(request)


def _toggle(name: str, words: str, icon_name: str) -> Button:
    made = Button(words, name, icon_name=icon_name)
    made.setCheckable(True)
    made.setProperty("toggle", True)
    return made
