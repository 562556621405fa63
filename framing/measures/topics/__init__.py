"""Topics: fitted, described, judged, compared and joined into packages."""
