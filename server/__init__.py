"""The backend: FastAPI over SQLite or PostgreSQL."""
