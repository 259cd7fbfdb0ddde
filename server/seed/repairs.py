"""Devices that lie in the sample's workshop: one whose owner is asked, one that is being repaired."""

from domain.clock import DAY, Instant
from domain.service_request import Decision, State
from server.service_requests.intake import Taken
from server.service_requests.schemas import ApprovalIn, EstimateIn, LabourIn, NoteIn, PartIn, RequestChange
from server.service_requests.values import Customer, Device

POINT = "help-desk"


def repairs(now: Instant) -> tuple[tuple[Taken, tuple[RequestChange, ...]], ...]:
    """Each as it was taken in, and what was done since. Nobody has an address, so that nobody is mailed."""
    tablet = Taken(
        POINT,
        Customer(name="Käthe Hoffmann", phone="+49 30 5550101", language="de"),
        Device("Tablet", "Lumen", "Tab 10", "LT10-4471"),
        "The display is cracked, and does not answer to the lower left.",
        condition="Scratches on the back",
        accessories=("Charger",),
        promised=Instant(now + 3 * DAY),
    )
    bicycle = Taken(
        POINT,
        Customer(name="Martín Ibáñez", phone="+34 91 5550102", language="es"),
        Device("Bicycle", "Rivet", "City 3"),
        "The gears jump.",
        promised=Instant(now + 2 * DAY),
    )
    return (
        (
            tablet,
            (
                RequestChange(state=State.TRIAGE),
                RequestChange(
                    state=State.DIAGNOSTICS,
                    notes=[
                        NoteIn(text="Only the glass is broken, the battery is fine.", public=True),
                        NoteIn(text="Frame slightly bent: order the kit with the frame."),
                    ],
                ),
                RequestChange(
                    state=State.WAITING_APPROVAL,
                    parts=[PartIn(sku="LT10-GL", text="Glass with frame", price=8900)],
                    labour=[LabourIn(text="Change of the glass", minutes=45, rate=6000)],
                    estimate=EstimateIn(high=15_000, valid_until=Instant(now + 14 * DAY)),
                ),
            ),
        ),
        (
            bicycle,
            (
                RequestChange(state=State.TRIAGE),
                RequestChange(
                    state=State.DIAGNOSTICS, notes=[NoteIn(text="The chain is worn.", public=True)]
                ),
                RequestChange(
                    state=State.WAITING_APPROVAL,
                    parts=[
                        PartIn(text="Chain", price=2900),
                        PartIn(text="Gear cable", quantity=2, price=450),
                    ],
                    labour=[LabourIn(text="Adjusting the gears", minutes=30, rate=4800)],
                    estimate=EstimateIn(),
                    approval=ApprovalIn(decision=Decision.APPROVED, by="Martín Ibáñez, at the desk"),
                ),
                RequestChange(state=State.WAITING_PARTS),
                RequestChange(state=State.IN_REPAIR),
            ),
        ),
    )
