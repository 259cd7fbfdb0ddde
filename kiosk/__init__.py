"""The Qt kiosk: door, desk, welcome and lobby display."""

import sys

# httpx brings a command line of its own, and with it all that draws on terminals: half of the time that it
# takes to load, and nothing that a kiosk uses. It goes on without, as where that is not installed.
sys.modules.setdefault("httpx._main", None)  # type: ignore[arg-type]
