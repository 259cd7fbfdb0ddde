"""Events of an organisation and what belongs to them."""
