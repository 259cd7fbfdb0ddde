"""What people see: pages that show a frozen view and tell by signals what the person wants."""
