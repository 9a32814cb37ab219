"""Training runs on disk, and the process that trains."""
