"""A server that is told to stop: it says so to nobody but its log, and leaves one whole file."""

from httpx import Client

from demo.stage import API, Stage


def test_a_server_with_people_and_kiosks_listening_stops_cleanly(stage: Stage) -> None:
    point = stage.seeded["servicePoints"][0]["id"]
    live = (f"/api/sync/stream?scope=event:{stage.event}", f"{API}/queue/status/{point}/stream")
    with (
        Client(base_url=stage.backend.url, headers=stage.office.client.headers, timeout=60) as client,
        client.stream("GET", live[0]) as changes,
        client.stream("GET", live[1]) as status,
    ):
        heard = [changes.iter_lines(), status.iter_lines()]
        assert [next(lines) for lines in heard] == ["retry: 2000", "retry: 2000"]
        assert stage.backend.stop() == 0
        for lines in heard:
            list(lines)  # To the end, which is a proper one: a broken stream raises here.
    log = stage.backend.log.read_text()
    assert "Traceback" not in log, log
    assert "ERROR" not in log, log
    assert not list(stage.backend.data.glob("usher.db-*"))
