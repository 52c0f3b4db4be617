"""Writes mlp.onnx and cnn.onnx, the two models that `bench/run` measures with.

    python3 -m venv venv && venv/bin/pip install onnx numpy && venv/bin/python make_models.py

The weights are drawn with a fixed seed: speed does not depend on what a network has learned, and
the same files come out every time. Both have a varying leading axis, so that they may be batched.
"""

import pathlib
import sys

import numpy
from onnx import TensorProto, checker, helper, numpy_helper, save

OPSET = 17
IR_VERSION = 8
HERE = pathlib.Path(__file__).parent


def drawn(random, name, *shape):
    fan_in = numpy.prod(shape[1:]) if len(shape) > 1 else shape[0]
    values = random.standard_normal(shape) / numpy.sqrt(fan_in)
    return numpy_helper.from_array(values.astype(numpy.float32), name)


def model(name, nodes, inputs, outputs, weights):
    graph = helper.make_graph(nodes, name, inputs, outputs, weights)
    made = helper.make_model(graph, opset_imports=[helper.make_opsetid("", OPSET)], producer_name="davy bench")
    made.ir_version = IR_VERSION
    checker.check_model(made, full_check=True)
    save(made, HERE / f"{name}.onnx")


def mlp():
    """20 -> 64 -> 64 -> 2, ReLU between, softmax at the end."""
    random = numpy.random.RandomState(20251120)
    weights, nodes, before = [], [], "x"
    for layer, (wide_in, wide_out) in enumerate([(20, 64), (64, 64), (64, 2)], start=1):
        weights += [drawn(random, f"w{layer}", wide_out, wide_in), drawn(random, f"b{layer}", wide_out)]
        nodes.append(helper.make_node("Gemm", [before, f"w{layer}", f"b{layer}"], [f"h{layer}"], transB=1))
        before = f"h{layer}"
        if layer < 3:
            nodes.append(helper.make_node("Relu", [before], [f"r{layer}"]))
            before = f"r{layer}"
    nodes.append(helper.make_node("Softmax", [before], ["probabilities"], axis=1))
    model(
        "mlp",
        nodes,
        [helper.make_tensor_value_info("x", TensorProto.FLOAT, ["batch", 20])],
        [helper.make_tensor_value_info("probabilities", TensorProto.FLOAT, ["batch", 2])],
        weights,
    )


def cnn():
    """1x64x64, three 3x3 convolutions of stride 2 (16, 32, 64 channels), global average, 2 scores."""
    random = numpy.random.RandomState(20251121)
    weights, nodes, before, channels_in = [], [], "image", 1
    for layer, channels_out in enumerate([16, 32, 64], start=1):
        weights += [drawn(random, f"w{layer}", channels_out, channels_in, 3, 3), drawn(random, f"b{layer}", channels_out)]
        nodes.append(
            helper.make_node(
                "Conv", [before, f"w{layer}", f"b{layer}"], [f"c{layer}"], kernel_shape=[3, 3], strides=[2, 2], pads=[1, 1, 1, 1]
            )
        )
        nodes.append(helper.make_node("Relu", [f"c{layer}"], [f"r{layer}"]))
        before, channels_in = f"r{layer}", channels_out
    weights += [drawn(random, "w4", 2, 64), drawn(random, "b4", 2)]
    nodes.append(helper.make_node("GlobalAveragePool", [before], ["pooled"]))
    nodes.append(helper.make_node("Flatten", ["pooled"], ["flat"], axis=1))
    nodes.append(helper.make_node("Gemm", ["flat", "w4", "b4"], ["scores"], transB=1))
    model(
        "cnn",
        nodes,
        [helper.make_tensor_value_info("image", TensorProto.FLOAT, ["batch", 1, 64, 64])],
        [helper.make_tensor_value_info("scores", TensorProto.FLOAT, ["batch", 2])],
        weights,
    )


def trees(csv: str) -> None:
    """trees.onnx: gradient boosting of 100 trees on the Elec2 set (Harries 1999), one [N,1] input per column.

    python make_models.py trees path/to/elec.csv.gz
    """
    import pandas as pd
    from skl2onnx import to_onnx
    from skl2onnx.common.data_types import FloatTensorType
    from sklearn.compose import ColumnTransformer
    from sklearn.ensemble import HistGradientBoostingClassifier
    from sklearn.pipeline import make_pipeline

    table = pd.read_csv(csv)
    numbers = [name for name in table.columns if name != "class" and table[name].dtype.kind in "if"]
    model = make_pipeline(
        ColumnTransformer([(name, "passthrough", [name]) for name in numbers]),
        HistGradientBoostingClassifier(max_iter=100, early_stopping=False, random_state=0),
    )
    model.fit(table[numbers].astype("float32"), table["class"])
    onnx = to_onnx(
        model,
        initial_types=[(name, FloatTensorType([None, 1])) for name in numbers],
        options={"zipmap": False},
        target_opset=17,
    )
    (HERE / "trees.onnx").write_bytes(onnx.SerializeToString())


if __name__ == "__main__" and sys.argv[1:2] == ["trees"]:
    trees(sys.argv[2])
elif __name__ == "__main__":
    mlp()
    cnn()
