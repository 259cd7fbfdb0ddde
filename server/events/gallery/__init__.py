"""Pictures of an event: checked, kept, shown to those who may see them."""
