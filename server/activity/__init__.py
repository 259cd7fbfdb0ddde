"""What happened: one trail for the timeline, the audit, the change log and the automation outbox."""
