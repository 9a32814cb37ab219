"""The networks, unrolled, read and explained: torch only, no files, no screen."""
