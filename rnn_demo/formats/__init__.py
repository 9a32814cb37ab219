"""Formats that several packages read and write: files, links, notebooks, packed numbers."""
