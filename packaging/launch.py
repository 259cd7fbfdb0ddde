"""The `usher` command: the one place that knows both programs."""


def main() -> None:
    raise SystemExit("not yet")
