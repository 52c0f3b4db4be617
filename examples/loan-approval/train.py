#!/usr/bin/env python3
"""Trains three models that say whether a loan will be paid back, and writes them as ONNX for Davy.

    python train.py                                  made-up applicants, into this folder
    python train.py --data DIR --out OUT             DIR/german.csv (or any german*.csv with its columns)

Writes OUT/models/{logistic,forest,boosted}/{model.onnx,model.yaml}, OUT/applicants.csv (20 rows the models
never saw) and OUT/expected.json (what scikit-learn says of them). Same data, same bytes.
"""

import argparse
import json
import os
import sys
from pathlib import Path

import numpy as np
import onnxruntime
import pandas as pd
from skl2onnx import to_onnx
from skl2onnx.common.data_types import FloatTensorType, Int64TensorType, StringTensorType
from sklearn.compose import ColumnTransformer
from sklearn.ensemble import GradientBoostingClassifier, RandomForestClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import train_test_split
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler

import applicants

SEED = 0
LABELS = {1: "good", 2: "bad"}
AMOUNTS = ["credit_amount"]  # numbers that may have a fraction; all other numbers are whole

ABOUT = {
    "logistic": "Logistic regression on standardised numbers and one-hot categories",
    "forest": "Random forest, 40 trees of at most 8 levels",
    "boosted": "Gradient boosting, 80 trees of 3 levels",
}
CONFIDENCE = {
    "logistic": "probability of the answer by logistic regression; not calibrated apart",
    "forest": "mean over the trees of the share of the answer in the leaf; not calibrated",
    "boosted": "logistic function of the summed trees; not calibrated",
}


def models(words: list[str], numbers: list[str]) -> dict:
    def prepared(numbers_as):
        one_hot = OneHotEncoder(handle_unknown="ignore", sparse_output=False)
        return ColumnTransformer([("words", one_hot, words), ("numbers", numbers_as, numbers)])

    # Trees split on the raw numbers: whole numbers are exact in float32, so ONNX goes the same way at each split.
    return {
        "logistic": make_pipeline(prepared(StandardScaler()), LogisticRegression(max_iter=2000)),
        "forest": make_pipeline(
            prepared("passthrough"),
            RandomForestClassifier(n_estimators=40, max_depth=8, min_samples_leaf=5, random_state=SEED),
        ),
        "boosted": make_pipeline(
            prepared("passthrough"),
            GradientBoostingClassifier(n_estimators=80, max_depth=3, learning_rate=0.1, random_state=SEED),
        ),
    }


def converted(model, words: list[str], columns: list[str]) -> bytes:
    """One ONNX input of shape [N,1] per column; label as text, probabilities as a map per row (ZipMap)."""
    one = [None, 1]
    inputs = [
        (c, StringTensorType(one) if c in words else FloatTensorType(one) if c in AMOUNTS else Int64TensorType(one))
        for c in columns
    ]
    return to_onnx(model, initial_types=inputs, target_opset={"": 18, "ai.onnx.ml": 3}).SerializeToString()


def answers_of(onnx: bytes, rows: pd.DataFrame, words: list[str]) -> np.ndarray:
    """Probabilities by ONNX Runtime, [rows, classes] in the classes' alphabetical order."""
    session = onnxruntime.InferenceSession(onnx, providers=["CPUExecutionProvider"])
    kinds = {c: np.str_ if c in words else np.float32 if c in AMOUNTS else np.int64 for c in rows.columns}
    feed = {c: rows[[c]].to_numpy().astype(kinds[c]) for c in rows.columns}
    return np.array([[of_row[k] for k in sorted(of_row)] for of_row in session.run(None, feed)[1]])


def descriptor(name: str, data: pd.DataFrame, words: list[str], classes: list[str]) -> str:
    def column(c):
        if c in words:
            return f"type: category, classes: {json.dumps(sorted(data[c].unique()))}"
        return f"type: {'number' if c in AMOUNTS else 'integer'}, min: 0"

    return "\n".join(
        ["kind: Model", "file: model.onnx", f"about: {ABOUT[name]}", "input:"]
        + [f"  {c}: {{{column(c)}}}" for c in data.columns]
        + ["output:"]
        + [
            f"  risk: {{type: category, classes: {json.dumps(classes)}, label: output_label, scores: output_probability}}"
        ]
        + [f"confidence: {CONFIDENCE[name]}", ""]
    )


def main() -> int:
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("--data", type=Path, help="a folder with german*.csv; without it, applicants are made up")
    ask.add_argument("--out", type=Path, default=Path(__file__).parent)
    told = ask.parse_args()

    if told.data:
        files = sorted(told.data.glob("german*.csv"))
        if not files:
            print(f"{told.data} holds no german*.csv", file=sys.stderr)
            return 3
        data = pd.read_csv(files[0], dtype=None, keep_default_na=False)
    else:
        data = applicants.made_up(2_000, SEED)
    truth = data.pop("class").map(LABELS)
    data = data[applicants.COLUMNS]
    words = [c for c in data.columns if not pd.api.types.is_numeric_dtype(data[c])]
    numbers = [c for c in data.columns if c not in words]
    seen, unseen, seen_truth, unseen_truth = train_test_split(
        data, truth, test_size=0.3, stratify=truth, random_state=SEED
    )
    shown = unseen.head(20)

    expected = {}
    for name, model in models(words, numbers).items():
        model.fit(seen, seen_truth)
        classes = [str(c) for c in model.classes_]
        onnx = converted(model, words, list(data.columns))
        probabilities = model.predict_proba(unseen)
        difference = np.abs(answers_of(onnx, unseen, words) - probabilities).max()
        area = roc_auc_score(unseen_truth == "bad", probabilities[:, classes.index("bad")])
        print(
            f"{name:9} AUC {area:.4f}   {len(onnx):7,} bytes   ONNX differs from scikit-learn by {difference:.1e} at most"
        )
        if difference > 1e-4:
            print(f"{name} in ONNX does not say what it says in scikit-learn", file=sys.stderr)
            return 1
        folder = told.out / "models" / name
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "model.onnx").write_bytes(onnx)
        (folder / "model.yaml").write_text(descriptor(name, data, words, classes))
        expected[name] = [
            {"risk": str(label), "scores": {c: round(float(p), 7) for c, p in zip(classes, row)}}
            for label, row in zip(model.predict(shown), model.predict_proba(shown))
        ]
    shown.rename(index=lambda row: f"a-{row:04}").to_csv(told.out / "applicants.csv", index_label="applicant")
    lists = [
        f" {json.dumps(name)}: [\n" + ",\n".join(f"  {json.dumps(row)}" for row in rows) + "\n ]"
        for name, rows in expected.items()
    ]
    (told.out / "expected.json").write_text("{\n" + ",\n".join(lists) + "\n}\n")
    return 0


if __name__ == "__main__":
    if (
        os.environ.get("PYTHONHASHSEED") != "0"
    ):  # the converter orders by hash: same answers, but each time another digest
        os.execve(sys.executable, [sys.executable, *sys.argv], os.environ | {"PYTHONHASHSEED": "0"})
    sys.exit(main())
