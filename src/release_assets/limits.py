"""The limits of GitHub, and of this program for the values of inputs. Pure."""

MAX_TITLE = 256
"""Characters of a title. Source: https://github.com/goreleaser/goreleaser (client, truncation)."""

MAX_NOTES = 125_000
"""Characters of notes. Source: https://github.com/softprops/action-gh-release (truncation)."""

MAX_PAGE_SIZE = 100
"""The most items that GitHub puts on a page of a list.

Source: https://docs.github.com/en/rest/using-the-rest-api/using-pagination-in-the-rest-api
"""

MAX_EMBEDDED = 500
"""A release with fewer assets shows all of them itself.

The releases of python-build-standalone show over 800, and near 1000 some are missing. Source:
https://github.com/astral-sh/uv (fetch-download-metadata.py reads no other list),
https://github.com/microsoft/azure-pipelines-tasks/issues/14095
"""

MAX_CONCURRENCY = 64
MAX_ATTEMPTS = 20
