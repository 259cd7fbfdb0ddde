"""Announcements: a chime and then the words in each language, one announcement after the other."""

from collections.abc import Sequence
from queue import SimpleQueue
from threading import Thread
from typing import TypeAlias

from kiosk.devices.sound import Sound
from kiosk.devices.voice import Voice

Words: TypeAlias = Sequence[tuple[str, str]]
"""What is said, each with its language."""


class Announcer:
    """`announce` returns at once. None is dropped, however many come while one is being said."""

    def __init__(self, sound: Sound, voice: Voice) -> None:
        self._sound, self._voice = sound, voice
        self._waiting: SimpleQueue[Words] = SimpleQueue()
        Thread(target=self._run, name="usher-announcer", daemon=True).start()

    def announce(self, words: Words) -> None:
        self._waiting.put(tuple(words))

    def _run(self) -> None:
        while True:
            words = self._waiting.get()
            self._sound.play_through("chime")
            for said, language in words:
                self._voice.say(said, language)
