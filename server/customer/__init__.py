"""The attendee's API: `/api/client/events`."""
