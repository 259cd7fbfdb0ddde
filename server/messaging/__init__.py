"""What goes out to people: mails, kept until they were sent."""
