"""Values that are easily broken on their way, by datatype: extremes, subnormals, text that is not ASCII."""

import ml_dtypes
import numpy as np


def whole(kind) -> np.ndarray:
    info = np.iinfo(kind)
    return np.array([[info.min, info.max, 0, 1], [info.max, info.max - 1, info.min + 1, 2]], dtype=kind)


def real(kind) -> np.ndarray:
    info = ml_dtypes.finfo(kind)
    smallest = info.smallest_subnormal
    return np.array([[0, -0.0, 1.5, -2.25], [info.max, info.min, info.tiny, smallest]], dtype=kind)


TEXTS = [
    ["", "plain", "two words", 'quote " backslash \\ slash /'],
    ["é ü ß", "漢字", "emoji 😀 beyond the BMP", "line\nbreak\ttab"],
]

SAMPLES = {
    "bool": np.array([[True, False], [False, True]]),
    "uint8": whole(np.uint8),
    "uint16": whole(np.uint16),
    "uint32": whole(np.uint32),
    "uint64": whole(np.uint64),
    "int8": whole(np.int8),
    "int16": whole(np.int16),
    "int32": whole(np.int32),
    "int64": whole(np.int64),
    "fp16": real(np.float16),
    "bf16": real(ml_dtypes.bfloat16),
    "fp32": real(np.float32),
    "fp64": real(np.float64),
    "bytes": np.array([[text.encode() for text in row] for row in TEXTS], dtype=np.object_),
}


def same(got: np.ndarray, sent: np.ndarray) -> None:
    """Equal shape and equal bits: -0.0 is not 0.0, and a NaN is one."""
    assert got is not None, "the output is missing"
    assert got.shape == sent.shape, f"shape {got.shape}, not {sent.shape}"
    if sent.dtype == np.object_:
        assert got.ravel().tolist() == sent.ravel().tolist(), f"{got.tolist()} instead of {sent.tolist()}"
    else:
        assert got.tobytes() == sent.tobytes(), f"{got.tolist()} instead of {sent.tolist()}"


def operands(rows: int, start: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Two INT32 tensors [rows, 16] that differ from row to row and from call to call."""
    a = np.arange(start, start + rows * 16, dtype=np.int32).reshape(rows, 16)
    return a, np.full((rows, 16), 3, dtype=np.int32)
