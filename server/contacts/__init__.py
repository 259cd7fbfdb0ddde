"""The contact book: one record a person, whatever they did with the organisation."""
