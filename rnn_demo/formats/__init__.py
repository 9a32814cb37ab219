"""Codecs that several packages use: links, packed numbers, notebooks, whole-file writes."""
