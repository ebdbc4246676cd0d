"""The limits of GitHub and of this program for the values of inputs. Pure."""

MAX_TITLE = 256
"""Characters of a title. Source: https://github.com/goreleaser/goreleaser (client, truncation)."""

MAX_NOTES = 125_000
"""Characters of notes. Source: https://github.com/softprops/action-gh-release (truncation)."""

MAX_CONCURRENCY = 64
MAX_ATTEMPTS = 20
