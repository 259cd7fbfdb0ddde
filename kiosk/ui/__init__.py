"""What people see: pages that show a frozen view and tell by signals what the person wants."""

from kiosk.ui import lasting_none

lasting_none.keep()
