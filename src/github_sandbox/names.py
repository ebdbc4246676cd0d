"""The name of an uploaded file -> the name that GitHub gives to the asset. Pure."""

import re
import unicodedata

# Letters of Rails' table that are not a letter with an accent.
LETTERS = {
    "Æ": "AE", "Ð": "D", "×": "x", "Ø": "O", "Þ": "Th", "ß": "ss", "ẞ": "SS", "æ": "ae",
    "ð": "d", "ø": "o", "þ": "th", "Đ": "D", "đ": "d", "Ħ": "H", "ħ": "h", "ı": "i",
    "Ĳ": "IJ", "ĳ": "ij", "ĸ": "k", "Ŀ": "L", "ŀ": "l", "Ł": "L", "ł": "l", "ŉ": "'n",
    "Ŋ": "NG", "ŋ": "ng", "Œ": "OE", "œ": "oe", "Ŧ": "T", "ŧ": "t",
}  # fmt: skip
UNSAFE = re.compile(r"[^A-Za-z0-9\-_+@]+")


def stored_name(name: str) -> str:
    """Return the name of the asset; "" if no usable character is left.

    Source: https://docs.github.com/en/rest/releases/assets#upload-a-release-asset ("renames asset
    filenames that have special characters, non-alphanumeric characters, and leading or trailing
    periods") and https://github.com/cli/cli/issues/7201 (letters as in I18n.transliterate).
    """
    latin = "".join(_latin(letter) for letter in unicodedata.normalize("NFC", name))
    if latin.startswith("."):
        latin = f"default{latin}"
    kept = UNSAFE.sub(".", latin).strip(".")
    if kept and kept != name and "." not in kept:
        return f"default.{kept}"
    return kept


def _latin(letter: str) -> str:
    if letter.isascii():
        return letter
    if letter in LETTERS:
        return LETTERS[letter]
    # Only these blocks are in the table: Vietnamese and other later accents become "?".
    if "À" <= letter <= "ſ" or "Ǫ" <= letter <= "ǭ":
        base = unicodedata.normalize("NFD", letter)[0]
        return base if base.isascii() else "?"
    return "?"
