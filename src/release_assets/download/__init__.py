"""Downloads assets to the disk, and resumes an interrupted download."""
