"""What a kiosk keeps: its acts, its settings, copies of the server's records. SQLite files, no network."""
