"""Texts from outside: with what the runner parses, and with unusual characters of Unicode."""

from hypothesis import strategies as st

PIECES = [
    *("::", "error", "##[", "]", " ", "\t", "\n", "\r", "#", "[", ":"),
    *("\x1b", "\u200b", "\ud800", "\u2028", "\\", "stop-commands"),
]
TEXT = st.text(st.characters(exclude_categories=[])) | st.lists(
    st.sampled_from([*PIECES, "a", "=", "::error::", "\xa0", "\u202e", "\x85", "é", "😀"])
).map("".join)
