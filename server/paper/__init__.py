"""Making PDF pages: letters of any language, and codes."""
