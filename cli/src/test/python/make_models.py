#!/usr/bin/env python3
"""Writes the test models that published clients of the Open Inference Protocol ask for, each below 1 kB.

python make_models.py [OUT]        OUT is ../resources/models where not given; needs onnx and onnxruntime
"""

import sys
from pathlib import Path

import numpy as np
import onnxruntime
from onnx import TensorProto, checker, helper

DATATYPES = {
    "bool": TensorProto.BOOL, "uint8": TensorProto.UINT8, "uint16": TensorProto.UINT16, "uint32": TensorProto.UINT32,
    "uint64": TensorProto.UINT64, "int8": TensorProto.INT8, "int16": TensorProto.INT16, "int32": TensorProto.INT32,
    "int64": TensorProto.INT64, "fp16": TensorProto.FLOAT16, "bf16": TensorProto.BFLOAT16, "fp32": TensorProto.FLOAT,
    "fp64": TensorProto.DOUBLE, "bytes": TensorProto.STRING,
}  # fmt: skip


def model(name, nodes, inputs, outputs, opset=17, constants=()):
    """`inputs` and `outputs` are (name, element type, shape); a shape's text entries are sizes that vary."""
    graph = helper.make_graph(
        nodes,
        name,
        [helper.make_tensor_value_info(*one) for one in inputs],
        [helper.make_tensor_value_info(*one) for one in outputs],
        list(constants),
    )
    made = helper.make_model(graph, opset_imports=[helper.make_opsetid("", opset)], ir_version=8)
    checker.check_model(made, full_check=True)
    return made.SerializeToString()


def sum_and_difference(name, datatype, inside=None):
    """OUTPUT0 = INPUT0 + INPUT1, OUTPUT1 = INPUT0 - INPUT1, computed in `inside` where the type has no arithmetic."""
    nodes = []
    names = ["INPUT0", "INPUT1"]
    if inside:
        nodes += [helper.make_node("Cast", [n], [n + "_cast"], to=inside) for n in names]
        names = [n + "_cast" for n in names]
    for op, out in (("Add", "OUTPUT0"), ("Sub", "OUTPUT1")):
        nodes.append(helper.make_node(op, names, [out + "_wide" if inside else out]))
        if inside:
            nodes.append(helper.make_node("Cast", [out + "_wide"], [out], to=datatype))
    shape = ["rows", 16]
    return model(
        name,
        nodes,
        [("INPUT0", datatype, shape), ("INPUT1", datatype, shape)],
        [("OUTPUT0", datatype, shape), ("OUTPUT1", datatype, shape)],
    )


def identity(name, datatype):
    shape = ["rows", "columns"]
    node = helper.make_node("Identity", ["INPUT0"], ["OUTPUT0"])
    return model(name, [node], [("INPUT0", datatype, shape)], [("OUTPUT0", datatype, shape)])


def total(name):
    """The sum of each row; the names hold a hyphen, as MLServer's have."""
    axes = helper.make_tensor("axes", TensorProto.INT64, [1], [1])
    node = helper.make_node("ReduceSum", ["input-0", "axes"], ["total"], keepdims=1)
    inputs = [("input-0", TensorProto.FLOAT, ["rows", "columns"])]
    return model(name, [node], inputs, [("total", TensorProto.FLOAT, ["rows", 1])], constants=[axes])


def all_models():
    return {
        "simple": sum_and_difference("simple", TensorProto.INT32),
        "simple_string": sum_and_difference("simple_string", TensorProto.STRING, TensorProto.INT32),
        "simple_int8": sum_and_difference("simple_int8", TensorProto.INT8, TensorProto.INT32),
        "simple_identity": identity("simple_identity", TensorProto.STRING),
        "sum-model": total("sum-model"),
    } | {f"identity_{name}": identity(f"identity_{name}", datatype) for name, datatype in DATATYPES.items()}


def tried(name, onnx):
    """ONNX Runtime loads it, and the arithmetic is right."""
    session = onnxruntime.InferenceSession(onnx, providers=["CPUExecutionProvider"])
    if name.startswith("simple") and name != "simple_identity":
        a = np.arange(16).reshape(1, 16)
        kind = {"simple": np.int32, "simple_int8": np.int8, "simple_string": np.str_}[name]
        plus, minus = session.run(None, {"INPUT0": a.astype(kind), "INPUT1": np.ones_like(a).astype(kind)})
        assert (plus.astype(int) == a + 1).all() and (minus.astype(int) == a - 1).all(), name


if __name__ == "__main__":
    out = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent.parent / "resources" / "models"
    out.mkdir(parents=True, exist_ok=True)
    for name, onnx in all_models().items():
        tried(name, onnx)
        (out / f"{name}.onnx").write_bytes(onnx)
        print(f"{name:16} {len(onnx):4} bytes")
        assert len(onnx) < 1_000, name
