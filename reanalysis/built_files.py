"""Where is what a build makes, and how is a file written whole or not at all?"""

# The executed notebooks, below the folder of the book.
EXECUTED = "_build/executed"


def write_atomically(path, text):
    """Write a file so that it is seen whole or not at all.

    Parameters
    ----------
    path : Path
        Its folder is made if need be.
    text : str
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f".{path.name}.partial")
    partial.write_text(text, encoding="utf-8")
    partial.replace(path)
