"""Keeping the structure of a tagged source: a cut slip stays readable by a screen reader as the whole file was.

From each kept page, the parent tree of the source gives the elements that own its marked content; those elements and
their ancestors are copied, and nothing of the other pages.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pikepdf

# What an element says of itself; links to other elements and to annotations are left out.
_KEPT = ("/S", "/Alt", "/ActualText", "/E", "/Lang", "/T", "/A", "/C")


class Structure:
    """The structure tree of one source, read once."""

    def __init__(self, source: pikepdf.Pdf) -> None:
        root = source.Root.get("/StructTreeRoot")
        self._root = root if isinstance(root, pikepdf.Dictionary) else None
        tree = self._root.get("/ParentTree") if self._root is not None else None
        self._parents = pikepdf.NumberTree(tree) if tree is not None else None

    @property
    def present(self) -> bool:
        """Whether the source is tagged at all."""
        return self._root is not None and self._parents is not None

    def copy_into(self, slip: pikepdf.Pdf, source_pages: Sequence[Any]) -> None:
        """Gives a cut file the structure of its pages."""
        if self._root is None or self._parents is None:
            return
        copy = _Copy(slip, self._root)
        numbers: list[Any] = []
        for rank, (page, origin) in enumerate(zip(slip.pages, source_pages, strict=True)):
            key = origin.obj.get("/StructParents")
            owners = self._parents.get(int(key)) if key is not None else None
            if not isinstance(owners, pikepdf.Array):
                continue
            made = [copy.leaf(owner, mark, page.obj) for mark, owner in enumerate(owners)]
            page.obj.StructParents = rank
            numbers += [rank, slip.make_indirect(pikepdf.Array(made))]
        if not numbers:
            return
        copy.root.ParentTree = slip.make_indirect(pikepdf.Dictionary(Nums=pikepdf.Array(numbers)))
        copy.root.ParentTreeNextKey = len(slip.pages)
        slip.Root.StructTreeRoot = copy.root
        slip.Root.MarkInfo = pikepdf.Dictionary(Marked=True)


class _Copy:
    """Elements copied so far, by the number of the one they come from."""

    def __init__(self, slip: pikepdf.Pdf, source_root: Any) -> None:
        self.slip = slip
        self.source_root = source_root
        self.root: Any = slip.make_indirect(pikepdf.Dictionary(Type=pikepdf.Name.StructTreeRoot, K=pikepdf.Array()))
        if "/RoleMap" in source_root:
            self.root.RoleMap = _plain(source_root.RoleMap)
        self._made: dict[tuple[int, int], Any] = {}

    def leaf(self, owner: Any, mark: int, page: Any) -> Any:
        """The copy of the element that owns a piece of marked content, and of its ancestors."""
        if not isinstance(owner, pikepdf.Dictionary):
            return None
        element = self._element(owner)
        content = pikepdf.Dictionary(Type=pikepdf.Name.MCR, Pg=page, MCID=mark)
        element.K.append(content)
        return element

    def _element(self, origin: Any) -> Any:
        found = self._made.get(origin.objgen)
        if found is not None:
            return found
        parent = origin.get("/P")
        above = self.root
        if isinstance(parent, pikepdf.Dictionary) and parent.objgen != self.source_root.objgen and "/S" in parent:
            above = self._element(parent)
        element = self.slip.make_indirect(pikepdf.Dictionary(Type=pikepdf.Name.StructElem, P=above, K=pikepdf.Array()))
        for key in _KEPT:
            if key in origin:
                element[key] = _plain(origin[key])
        above.K.append(element)
        self._made[origin.objgen] = element
        return element


def _plain(value: Any) -> Any:
    """A value without any reference to the source file."""
    if isinstance(value, pikepdf.Dictionary):
        return pikepdf.Dictionary(
            {key: _plain(inner) for key, inner in value.items() if not isinstance(inner, pikepdf.Stream)}
        )
    if isinstance(value, pikepdf.Array):
        return pikepdf.Array([_plain(inner) for inner in value])
    if isinstance(value, pikepdf.Name):
        return pikepdf.Name(str(value))
    if isinstance(value, pikepdf.String):
        return pikepdf.String(bytes(value))
    return value
