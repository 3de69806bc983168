"""The steps of a build, each a few tables of the atlas."""
