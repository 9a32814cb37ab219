"""Parts of a page that are long enough for a file of their own."""
