"""Frames learned from codes, and how well on codes not seen."""
