"""The pages on which an attendee meets Usher: server-rendered, whole without scripts, better with them."""
