"""Local files: patterns and the manifest -> LocalFile, and their content; reads only."""
