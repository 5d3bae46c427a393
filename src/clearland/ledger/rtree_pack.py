"""A whole R-tree of SQLite made at once: boxes packed into nodes with numpy and put into its three tables.

Inserted one by one, boxes cost more than all other columns of their records. Here neighbours are put into one node by
sort-tile-recursive (Leutenegger and others, 1997). The tables `<tree>_node`, `_rowid` and `_parent` and the form of a node
are those of the SQLite R-tree module: two bytes depth (in the root), two bytes number of cells, then cells of an 8-byte key
and four 4-byte floats, all big-endian. `rtreecheck` proves the result in a test.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Boxes = NDArray[np.float32]
_CELL = np.dtype([("key", ">i8"), ("box", ">f4", (4,))])
_HEADER_BYTES = 4
_ROOT = 1
_FULL = 0.75  # nodes keep room, so that the next insertions need not split them


def rounded(boxes: NDArray[np.float64]) -> Boxes:
    """Boxes of min x, max x, min y, max y as 32-bit floats that contain them, as SQLite rounds."""
    single = boxes.astype(np.float32)
    for column, outward in ((0, -np.inf), (1, np.inf), (2, -np.inf), (3, np.inf)):
        side, exact = single[:, column], boxes[:, column]
        short = side > exact if outward < 0 else side < exact
        single[:, column] = np.where(short, np.nextafter(side, np.float32(outward)), side)
    return single


def fill(cursor: Any, tree: str, keys: Ints, boxes: NDArray[np.float64]) -> None:
    """Replace what a tree holds; `boxes` as in `rounded`, in the unit of the coordinates. In the caller's transaction."""
    cursor.execute(f'SELECT length(data) FROM "{tree}_node" WHERE nodeno = {_ROOT}')
    node_bytes = cursor.fetchone()[0]
    for table in ("node", "rowid", "parent"):
        cursor.execute(f'DELETE FROM "{tree}_{table}"')
    cells = np.empty(len(keys), _CELL)
    cells["key"], cells["box"] = keys, rounded(boxes)
    capacity = (node_bytes - _HEADER_BYTES) // _CELL.itemsize
    room = int(capacity * _FULL)
    cells = _tiled(cells, room)
    depth, free = 0, _ROOT + 1
    while len(cells) > capacity:
        numbers = np.arange(free, free + -(-len(cells) // room))
        owner = numbers[np.arange(len(cells)) // room]
        _insert(cursor, f"{tree}_parent" if depth else f"{tree}_rowid", zip(cells["key"].tolist(), owner.tolist(), strict=True))
        _insert(cursor, f"{tree}_node", zip(numbers.tolist(), _nodes(cells, room, node_bytes, 0), strict=True))
        cells = _parents(cells, room, numbers)
        free, depth = free + len(numbers), depth + 1
    root = ((key, _ROOT) for key in cells["key"].tolist())
    _insert(cursor, f"{tree}_parent" if depth else f"{tree}_rowid", root)
    _insert(cursor, f"{tree}_node", zip((_ROOT,), _nodes(cells, max(len(cells), 1), node_bytes, depth), strict=True))


def _tiled(cells: NDArray[np.void], room: int) -> NDArray[np.void]:
    """Cells in such an order that each run of `room` lies together: slices by x, within a slice by y."""
    box = cells["box"].astype(np.float64)
    by_x = np.argsort(box[:, 0] + box[:, 1], kind="stable")
    nodes = -(-len(cells) // room)
    slice_cells = room * max(1, int(np.ceil(np.sqrt(nodes))))
    slices = np.empty(len(cells), np.int64)
    slices[by_x] = np.arange(len(cells)) // slice_cells
    return cells[np.lexsort((box[:, 2] + box[:, 3], slices))]


def _parents(cells: NDArray[np.void], room: int, numbers: Ints) -> NDArray[np.void]:
    """One cell per node of `room` cells: its number and the box around all of them."""
    first = np.arange(0, len(cells), room)
    box = cells["box"].astype(np.float32)
    made = np.empty(len(first), _CELL)
    made["key"] = numbers
    for column, widest in ((0, np.minimum), (1, np.maximum), (2, np.minimum), (3, np.maximum)):
        made["box"][:, column] = widest.reduceat(box[:, column], first)
    return made


def _nodes(cells: NDArray[np.void], room: int, node_bytes: int, depth: int) -> list[bytes]:
    """The nodes of `room` cells each, the last with what is left."""
    count = max(1, -(-len(cells) // room))
    padded = np.zeros(count * room, _CELL)
    padded[: len(cells)] = cells
    nodes = np.zeros((count, node_bytes), np.uint8)
    held = np.full(count, room)
    held[-1] = len(cells) - room * (count - 1)
    nodes[:, :2] = np.frombuffer(depth.to_bytes(2, "big"), np.uint8)
    nodes[:, 2:4] = held.astype(">u2").view(np.uint8).reshape(count, 2)
    nodes[:, _HEADER_BYTES : _HEADER_BYTES + room * _CELL.itemsize] = padded.view(np.uint8).reshape(count, -1)
    return [node.tobytes() for node in nodes]


def _insert(cursor: Any, table: str, rows: Any) -> None:
    cursor.executemany(f'INSERT INTO "{table}" VALUES (%s, %s)', rows)
