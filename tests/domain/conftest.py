"""How hard the laws of the domain are tried.

The same examples every time, so that a run says something about the change and not about its luck.
`USHER_EXPLORE=1` looks for new ones instead, and for longer.
"""

import os

from hypothesis import HealthCheck, settings

# How long an example takes to make depends on what else the machine does.
_patient = settings(deadline=None, database=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("usher", _patient, derandomize=True, max_examples=100, stateful_step_count=30)
settings.register_profile("usher-explore", _patient, max_examples=2000, stateful_step_count=60)
settings.load_profile("usher-explore" if os.environ.get("USHER_EXPLORE") else "usher")
