"""Byte-pair encoding: the published example, and that nothing is ever lost."""

import pytest

from reanalysis.byte_pair_encoding import BytePairEncoding, learn_byte_pairs
from reanalysis.own_reports import SENTENCE, SENTENCE_IN_GERMAN, TRAINING_TEXT

LEARNT = learn_byte_pairs(TRAINING_TEXT, 60)
TEXTS = [
    "",
    " ",
    SENTENCE,
    SENTENCE_IN_GERMAN,
    TRAINING_TEXT,
    "  two  spaces\n\tand a tab ",
    "10.5 cm (<3 mm), 95 %; ½ – “quoted”",
    "Größe, echotexture, 肝臓, печень, 🫀_x__y",
    "\x00\x7f",
]


def test_the_published_example():
    """Sennrich 2016, their toy corpus: low 5, lower 2, newest 6, widest 3.

    Their first merges are e+s, es+t, est+</w>, l+o, lo+w. Ours count the same pairs; there is no
    end-of-word sign, and words after the first carry a space.
    """
    words = ["low"] * 5 + ["lower"] * 2 + ["newest"] * 6 + ["widest"] * 3
    merges = learn_byte_pairs("\n".join(words), 4).merges
    assert merges == ((b"e", b"s"), (b"es", b"t"), (b"l", b"o"), (b"lo", b"w"))


@pytest.mark.parametrize("text", TEXTS)
def test_every_text_comes_back(text):
    assert LEARNT.decode(LEARNT.encode(text)) == text
    assert b"".join(LEARNT.pieces(text)) == text.encode("utf-8")


def test_without_merges_a_token_is_a_byte():
    assert BytePairEncoding(()).encode("Öl") == [0xC3, 0x96, ord("l")]


def test_more_merges_never_make_more_tokens():
    counts = [len(learn_byte_pairs(TRAINING_TEXT, n).encode(SENTENCE)) for n in range(0, 120, 10)]
    assert counts == sorted(counts, reverse=True)
    assert counts[-1] < counts[0] / 2


def test_each_merge_is_the_most_frequent_pair_of_what_is_left():
    """The first merge, counted anew in another way."""
    words = TRAINING_TEXT.split()
    pairs = {}
    for word in words:
        for k in range(len(word) - 1):
            pairs[word[k : k + 2]] = pairs.get(word[k : k + 2], 0) + 1
    first = (LEARNT.merges[0][0] + LEARNT.merges[0][1]).decode()
    best = max(pairs.values())
    with_space = TRAINING_TEXT.count(first)
    assert with_space >= best


def test_a_language_not_learnt_from_costs_more_tokens():
    assert len(LEARNT.encode(SENTENCE_IN_GERMAN)) > len(LEARNT.encode(SENTENCE))


def test_learning_stops_and_bad_input_is_refused():
    assert learn_byte_pairs("abc", 10).merges == ()
    with pytest.raises(ValueError, match="at least 0"):
        learn_byte_pairs("abc", -1)
    with pytest.raises(ValueError, match="identifiers below 256"):
        BytePairEncoding(()).decode([256])
