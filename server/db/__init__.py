"""The database: engines, the writer, read connections, naming."""
