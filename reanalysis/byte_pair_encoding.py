"""Into which pieces does a language model cut a text? Byte-pair encoding, learnt from scratch.

Vocabulary: a *merge* joins two neighbouring pieces into one; a *token* is a piece that is left
when all merges have been made, in the order in which they were learnt. The first 256 tokens are
the single bytes, so that every text can be encoded.
"""

import re
from collections import Counter
from dataclasses import dataclass
from itertools import pairwise

# Words with the space before them, runs of signs, runs of spaces: every character is in one.
_WORDS = re.compile(r" ?\w+| ?[^\w\s]+|\s+")
_N_BYTES = 256


@dataclass(frozen=True)
class BytePairEncoding:
    """A learnt vocabulary.

    Parameters
    ----------
    merges : tuple of (bytes, bytes)
        In the order in which they were learnt; merge k makes token 256 + k.
    """

    merges: tuple

    @property
    def vocabulary(self):
        """Bytes of each token, in the order of the identifiers."""
        single = [bytes([byte]) for byte in range(_N_BYTES)]
        return single + [left + right for left, right in self.merges]

    def pieces(self, text):
        """Cut a text into tokens, as bytes.

        Parameters
        ----------
        text : str
            Any text.

        Returns
        -------
        list of bytes
            Joined, they are the text in UTF-8.
        """
        order = {pair: rank for rank, pair in enumerate(self.merges)}
        return [piece for word in _WORDS.findall(text) for piece in _cut(word, order)]

    def encode(self, text):
        """Cut a text into tokens, as identifiers.

        Parameters
        ----------
        text : str
            Any text.

        Returns
        -------
        list of int
        """
        number = {}
        for place, piece in enumerate(self.vocabulary):
            number.setdefault(piece, place)
        return [number[piece] for piece in self.pieces(text)]

    def decode(self, tokens):
        """Put tokens together again.

        Parameters
        ----------
        tokens : sequence of int
            Identifiers, as :meth:`encode` returns them.

        Returns
        -------
        str
            Bytes that are no UTF-8, as in part of a letter, are shown as the replacement sign.

        Raises
        ------
        ValueError
            If an identifier is not in the vocabulary.
        """
        vocabulary = self.vocabulary
        if unknown := [k for k in tokens if not 0 <= k < len(vocabulary)]:
            raise ValueError(f"expected identifiers below {len(vocabulary)}, got {unknown}")
        return b"".join(vocabulary[k] for k in tokens).decode("utf-8", errors="replace")


def learn_byte_pairs(text, n_merges):
    """Learn the pieces that a text is most often made of.

    Parameters
    ----------
    text : str
        The text to learn from.
    n_merges : int
        How many merges to learn at most; learning stops when no pair is found twice.

    Returns
    -------
    BytePairEncoding

    Raises
    ------
    ValueError
        If `n_merges` is negative.

    Notes
    -----
    Each round joins the most frequent pair of neighbouring pieces inside words; of equally
    frequent ones the first in the order of their bytes, so that the result is always the same.

    References
    ----------
    Sennrich, Haddow and Birch 2016, section 3.2 and their algorithm 1; there over characters
    with an end-of-word sign, here over bytes with the space before a word.

    Examples
    --------
    >>> learnt = learn_byte_pairs("low low low lower lowest", 3)
    >>> learnt.pieces("slow lower")
    [b's', b'low', b' low', b'e', b'r']

    The frequent word is one token, the rare ones are cut.
    """
    if n_merges < 0:
        raise ValueError(f"expected at least 0 merges, got {n_merges}")
    words = Counter(_WORDS.findall(text))
    cut = {word: _bytes_of(word) for word in words}
    merges = []
    while len(merges) < n_merges:
        pairs = Counter()
        for word, times in words.items():
            for pair in pairwise(cut[word]):
                pairs[pair] += times
        if not pairs:
            break
        best = min(pairs, key=lambda pair: (-pairs[pair], pair))
        if pairs[best] < 2:
            break
        merges.append(best)
        cut = {word: _join(parts, best) for word, parts in cut.items()}
    return BytePairEncoding(tuple(merges))


def _bytes_of(word):
    return [bytes([byte]) for byte in word.encode("utf-8")]


def _join(parts, pair):
    """Join a pair wherever it stands, from the left."""
    joined, place = [], 0
    while place < len(parts):
        if tuple(parts[place : place + 2]) == pair:
            joined.append(parts[place] + parts[place + 1])
            place += 2
        else:
            joined.append(parts[place])
            place += 1
    return joined


def _cut(word, order):
    """Make the merges in the order in which they were learnt."""
    parts = _bytes_of(word)
    while True:
        known = [pair for pair in pairwise(parts) if pair in order]
        if not known:
            return parts
        parts = _join(parts, min(known, key=order.__getitem__))
