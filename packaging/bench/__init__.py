"""`usher bench`: what the product measures of itself."""
