#!/usr/bin/env python3
"""Sends the rows of a trained table through the published Triton client and compares with what scikit-learn said.

    python tabular_rows.py HOST:PORT ENDPOINT FOLDER [--token T] [--tolerance 1e-4]

FOLDER is one of those that examples/train_tabular.py wrote (OUT/NAME/linear or OUT/NAME/boosted): expected.json is in
it, rows.json beside it. Each input tensor is one column, [N,1]; a missing number travels as NaN, a missing text as "".
All rows go in one request, then each alone, over HTTP and over gRPC. Prints `N passed, N failed`; exit 0 when none failed.
"""

import argparse
import json
import re
import sys
from pathlib import Path

import numpy as np
import tritonclient.grpc
import tritonclient.http
from tritonclient.utils import triton_to_np_dtype

ASK = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
ASK.add_argument("url")
ASK.add_argument("endpoint")
ASK.add_argument("folder", type=Path)
ASK.add_argument("--token")
ASK.add_argument("--tolerance", type=float, default=1e-4, help="relative above 1, absolute below")
TOLD = ASK.parse_args()
HEADERS = {"authorization": f"Bearer {TOLD.token}"} if TOLD.token else None


def plain(name: str) -> str:
    """A column's name as ONNX converters write it."""
    return re.sub(r"\W", "_", name, flags=re.ASCII)


def column(name: str, datatype: str, rows: list[dict]) -> np.ndarray:
    found = [key for key in rows[0] if key == name or plain(key) == name]
    assert len(found) == 1, f"input {name} is no column of {list(rows[0])}"
    values = [[row[found[0]]] for row in rows]
    if datatype == "BYTES":
        return np.array([[("" if v is None else v).encode()] for [v] in values], dtype=np.object_)
    return np.array([[np.nan if v is None else v] for [v] in values]).astype(triton_to_np_dtype(datatype))


def check(client_module, rows: list[dict], expected: list[dict]) -> None:
    with client_module.InferenceServerClient(TOLD.url) as client:
        more = {"as_json": True} if client_module is tritonclient.grpc else {}
        about = client.get_model_metadata(TOLD.endpoint, headers=HEADERS, **more)
        inputs = []
        for one in about["inputs"]:
            values = column(one["name"], one["datatype"], rows)
            inputs.append(client_module.InferInput(one["name"], list(values.shape), one["datatype"]))
            inputs[-1].set_data_from_numpy(values)
        result = client.infer(TOLD.endpoint, inputs, headers=HEADERS)
        target = next(key for key in expected[0] if key != "scores")
        if "scores" in expected[0]:
            labels = [v.decode() if isinstance(v, bytes) else str(v) for v in result.as_numpy("output_label").ravel()]
            assert labels == [e[target] for e in expected], f"labels {labels}"
            got = result.as_numpy("output_probability")
            want = np.array([list(e["scores"].values()) for e in expected])
        else:
            got = result.as_numpy(about["outputs"][0]["name"]).reshape(len(rows))
            want = np.array([e[target] for e in expected])
        assert got.shape == want.shape, f"shape {got.shape}, not {want.shape}"
        off = (np.abs(got - want) / np.maximum(1, np.abs(want))).max()
        assert off <= TOLD.tolerance, f"differs by {off}"


def main() -> int:
    rows = json.loads((TOLD.folder.parent / "rows.json").read_text())
    expected = json.loads((TOLD.folder / "expected.json").read_text())
    passed, failed = 0, 0
    for module in (tritonclient.http, tritonclient.grpc):
        for first, last in [(0, len(rows)), *((k, k + 1) for k in range(len(rows)))]:
            try:
                check(module, rows[first:last], expected[first:last])
                passed += 1
            except Exception as wrong:  # noqa: BLE001  whatever it is, these rows failed
                failed += 1
                print(f"FAILED  {module.__name__} rows {first} to {last}: {wrong!r}"[:600])
    print(f"{passed} passed, {failed} failed")
    return 1 if failed or not passed else 0


if __name__ == "__main__":
    sys.exit(main())
