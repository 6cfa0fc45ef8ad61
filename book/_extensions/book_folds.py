"""How much of a page is folds?

Chapters keep code cells short, so that several folded ones often follow one another: the lines
that set a chapter up, or that enter numbers in the ledger. On the page they are one fold with all
their code; in the notebook they stay as they are.
"""

from itertools import pairwise

from docutils import nodes
from sphinx.transforms.post_transforms import SphinxPostTransform

_SAME = ("prompt_show", "prompt_hide", "classes")


def join_folds(document):
    """Move the code of a folded cell without output into the like cell before it.

    Parameters
    ----------
    document : docutils.nodes.document
        A page, before MyST-NB folds its cells; changed in place.
    """
    cells = [node for node in document.findall(nodes.container) if _is_fold(node)]
    # From the last to the first, so that a run of cells ends up in its first one.
    for first, second in reversed([*pairwise(cells)]):
        siblings = first.parent.children
        adjacent = first.parent is second.parent and (
            siblings.index(second) - siblings.index(first) == 1
        )
        if adjacent and all(first[name] == second[name] for name in _SAME):
            block, more = (next(cell.findall(nodes.literal_block)) for cell in (first, second))
            code = f"{block.astext()}\n\n{more.astext()}"
            block.rawsource, block.children = code, []
            block += nodes.Text(code)
            second.parent.remove(second)


def _is_fold(node):
    """Whether a node is a cell that shows nothing but its code, folded."""
    return (
        node.get("nb_element") == "cell_code"
        and node.get("hide_mode") == "input"
        and [child.get("nb_element") for child in node.children] == ["cell_code_source"]
    )


class JoinFolds(SphinxPostTransform):
    """Join them on every page."""

    default_priority = 198  # MyST-NB folds at 199
    formats = ("html",)

    def run(self, **_):
        """Join the folds of one page."""
        join_folds(self.document)


def setup(app):
    """Register the transform."""
    app.add_post_transform(JoinFolds)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
