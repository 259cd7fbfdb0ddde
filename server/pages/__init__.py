"""What all public pages share: how a page is shown, its language, files, forms, and faults."""
