"""CRM events: meetings, demos and calls with a contact, a lead or a merchant."""
