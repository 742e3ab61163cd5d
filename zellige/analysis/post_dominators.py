"""Which node of a graph all paths from another one pass on the way to the end."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Any, TypeVar, cast

import networkx as nx

Node = TypeVar("Node", bound=Hashable)


def immediate_post_dominators(graph: nx.DiGraph[Node], end: Node) -> dict[Node, Node]:
    """For each node from which `end` is reached, the next one that is on all its paths to `end`."""
    immediate_dominators = cast("Any", nx).immediate_dominators  # its stub leaves types open
    find = cast("Callable[[nx.DiGraph[Node], Node], dict[Node, Node]]", immediate_dominators)
    return find(graph.reverse(copy=False), end)
