"""How the built-in model is made: data, phrases, two stages, calibration. Nothing here runs in screening."""
