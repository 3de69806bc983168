"""Good files of every door, and the named ways in which people's files are awkward."""
