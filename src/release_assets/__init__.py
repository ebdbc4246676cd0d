"""Publishes files to a GitHub release, and never loses an asset.

    workflow -- action --+                                         +-- action -- runner
                         +-> inputs -> files -> plan -> publish -> report
    terminal -- cli -----+                              |          +-- cli ---- terminal
                                                     github

The package `inputs` parses strings, `files` finds each LocalFile, `plan` decides on a step for each
file, `publish` performs the steps and gets an Asset from `github`, `report` describes the result.
"""

__version__ = "0.1.0"
