"""What the mails about tickets and orders say, and the paper that comes with them."""
