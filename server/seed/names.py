"""Names of people who do not exist, in several languages, for sample data."""

import random
import unicodedata
from dataclasses import dataclass
from functools import cache

_BY_LANGUAGE = (
    ("Hannah Jürgen Lukas Käthe Götz Sönke Mareike", "Müller Schäfer Weiß Größling Hoffmann Krüger"),
    ("Inés Álvaro Lucía Íñigo Begoña Martín Nuria", "García Muñoz Ibáñez Peña Castaño Núñez"),
    ("Élodie François Zoé Benoît Maëlle Jérôme Anaïs", "Lefèvre Garçon Béranger Delaître Noël Chauvet"),
    ("Olivia Harry Amelia George Freya Callum Niamh", "Baker Thornton O'Shea Whitfield Marlowe Pryce"),
    ("Łukasz Małgorzata Zbigniew Agnieszka Wojciech", "Wiśniewski Dąbrowska Zieliński Wójcik Śliwa"),
    ("Jiří Božena Tomáš Růžena Ondřej Šárka", "Dvořák Němcová Šťastný Kučera Říhová"),
    ("Åsa Björn Søren Ingrid Øyvind Märta", "Lindström Ødegård Åkerman Bjørnsen Sjöberg"),
    ("Çağla Emre Gülşen Oğuz İpek Şahin", "Yılmaz Öztürk Çelik Şimşek Güneş"),
    ("João Conceição Inês Sebastião Luísa", "Magalhães Simões Araújo Conceição Falcão"),
    ("Dewi Putri Agung Sri Bayu Ratna", "Wijaya Santoso Kusuma Pratama Hidayat"),
    ("Thảo Đức Hương Quân Ngọc Linh", "Nguyễn Trần Đặng Phạm Võ"),
    ("Ελένη Γιώργος Κατερίνα Νίκος", "Παπαδάκη Οικονόμου Βλάχος Αλεξίου"),
    ("Олена Тарас Марія Богдан", "Шевчук Коваленко Мельник Бондар"),
    ("ليلى يوسف مريم سامي", "حداد منصور خوري نجار"),
    ("美咲 健太 さくら 直樹", "佐藤 鈴木 高橋 渡辺"),
)
# Letters that do not fall apart into a plain one and a mark.
_PLAIN = str.maketrans({"ß": "ss", "ø": "o", "ł": "l", "đ": "d", "ı": "i", "æ": "ae"})

_NAMES = 10_000


@dataclass(frozen=True, slots=True)
class Person:
    name: str
    email: str


class People:
    """The same people in the same order for the same seed; no address of theirs exists."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)  # noqa: S311
        languages = [(first.split(), last.split()) for first, last in _BY_LANGUAGE]
        # The first four languages are half of all people.
        weights = [4 if n < 4 else 1.5 for n in range(len(languages))]
        self._names = [
            (self._random.choice(firsts), self._random.choice(lasts))
            for firsts, lasts in self._random.choices(languages, weights, k=_NAMES)
        ]

    def next(self, number: int) -> Person:
        first, last = self._names[int(self._random.random() * _NAMES)]
        local = f"{_ascii(first)}.{_ascii(last)}".strip(".") or "guest"
        return Person(f"{first} {last}", f"{local}{number}@example.org")


@cache
def _ascii(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text.casefold().translate(_PLAIN))
    return "".join(char for char in plain if char.isascii() and char.isalpha())
