"""Between the kiosk's threads and its window: workers, feeds, and values made ready to be shown."""
