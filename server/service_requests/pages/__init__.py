"""The public page of a service request."""
