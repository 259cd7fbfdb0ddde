"""Settings that the kiosk itself changes: chosen face, failures of the PIN, clock offset. Texts by name."""

from kiosk.store.outbox_file import OutboxFile


class KeptSettings:
    def __init__(self, file: OutboxFile) -> None:
        self._file = file

    def get(self, name: str, default: str = "") -> str:
        rows = self._file.rows("SELECT value FROM setting WHERE name = ?", (name,))
        return str(rows[0][0]) if rows else default

    def put(self, name: str, value: str) -> None:
        with self._file.write() as db:
            db.execute(
                "INSERT INTO setting VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
                (name, value),
            )

    def drop(self, name: str) -> None:
        with self._file.write() as db:
            db.execute("DELETE FROM setting WHERE name = ?", (name,))
