"""Appointments: services that can be booked, free times, holds, reservations and their reminders."""
