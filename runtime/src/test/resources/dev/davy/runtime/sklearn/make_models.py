#!/usr/bin/env python3
"""Trains three tiny scikit-learn models on made-up data and writes them as ONNX, with what scikit-learn says of them.

    python make_models.py          (onnx 1.23, skl2onnx 1.20, scikit-learn 1.9)

linear.onnx   one input per column: two texts, one int64, one float32 with missing values; text labels; ZipMap
forest.onnx   one [N,4] float32 input; labels 10, 20, 30; probabilities as a plain tensor
boosted.onnx  one input per column, two of float32; labels 0 and 1; ZipMap
"""

import json

import numpy as np
import pandas as pd
from skl2onnx import to_onnx
from skl2onnx.common.data_types import FloatTensorType, Int64TensorType, StringTensorType
from sklearn.compose import ColumnTransformer
from sklearn.ensemble import GradientBoostingClassifier, RandomForestClassifier
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler

random = np.random.default_rng(7)
N = 400


def save(name, model):
    del model.metadata_props[:]
    model.doc_string = ""
    with open(name + ".onnx", "wb") as file:
        file.write(model.SerializeToString())


def cell(value):
    if isinstance(value, float) and np.isnan(value):
        return None
    return value.item() if isinstance(value, np.generic) else value


expected = {}

people = pd.DataFrame(
    {
        "town": random.choice(["Köln", "Łódź", "東京"], N),
        "job": random.choice(["cook", "smith", ""], N),
        "age": random.integers(18, 80, N),
        "income": random.normal(3000, 900, N).astype("float32"),
    }
)
paid = people.income / 1000 + (people.town == "Köln") - people.age / 40 + random.normal(0, 1, N)
risk = np.where(paid > np.quantile(paid, 0.66), "sehr gut", np.where(paid > np.quantile(paid, 0.33), "gut", "schlecht"))
people.loc[::9, "income"] = np.nan
linear = make_pipeline(
    ColumnTransformer(
        [
            ("t", OneHotEncoder(handle_unknown="ignore", sparse_output=False), ["town", "job"]),
            ("a", StandardScaler(), ["age"]),
            ("i", make_pipeline(SimpleImputer(), StandardScaler()), ["income"]),
        ]
    ),
    LogisticRegression(),
).fit(people, risk)
types = [
    ("town", StringTensorType([None, 1])),
    ("job", StringTensorType([None, 1])),
    ("age", Int64TensorType([None, 1])),
    ("income", FloatTensorType([None, 1])),
]
save("linear", to_onnx(linear, initial_types=types, target_opset=17))
rows = people[:20]
expected["linear"] = {
    "classes": linear.classes_.tolist(),
    "rows": [{c: cell(row[c]) for c in rows} for _, row in rows.iterrows()],
    "labels": linear.predict(rows).tolist(),
    "probabilities": linear.predict_proba(rows).tolist(),
}

x = random.normal(0, 1, (N, 4)).astype("float32")
y = np.where(x[:, 0] > 0.5, 10, np.where(x[:, 1] + x[:, 2] > 0, 20, 30))
forest = RandomForestClassifier(5, max_depth=4, random_state=0).fit(x, y)
save("forest", to_onnx(forest, x[:1], options={"zipmap": False}, target_opset=17))
expected["forest"] = {
    "classes": [str(c) for c in forest.classes_],
    "rows": x[:20].astype(float).tolist(),
    "labels": [str(c) for c in forest.predict(x[:20])],
    "probabilities": forest.predict_proba(x[:20]).tolist(),
}

table = pd.DataFrame({"a": x[:, 0], "b": x[:, 1]})
both = make_pipeline(ColumnTransformer([("both", "passthrough", ["a", "b"])]), GradientBoostingClassifier(n_estimators=8, max_depth=2, random_state=0))
both.fit(table, (x[:, 0] * x[:, 1] > 0).astype(int))
save("boosted", to_onnx(both, initial_types=[(c, FloatTensorType([None, 1])) for c in table], target_opset=17))
rows = table[:20].copy()
expected["boosted"] = {
    "classes": [str(c) for c in both.classes_],
    "rows": [{c: cell(float(row[c])) for c in rows} for _, row in rows.iterrows()],
    "labels": [str(c) for c in both.predict(rows)],
    "probabilities": both.predict_proba(rows).tolist(),
}

with open("expected.json", "w", encoding="utf-8") as file:
    json.dump(expected, file, ensure_ascii=False, indent=1)
