#!/usr/bin/env python3
"""Trains the small network that says whether a phone is scratched, and writes it as ONNX for Davy.

    ./davy demo --write-photos phones/train     --seed 1 --photos 30000 --scratched 40
    ./davy demo --write-photos phones/calibrate --seed 2 --photos  6000
    ./davy demo --write-photos phones/test      --seed 3 --photos 10000
    python train.py --photos phones --out models/scratch
    python train.py --photos phones --out models/early --first 2000

Training sees more scratches than the belt does. The two sets that follow have the belt's own share, each from
another factory (another seed): one for the temperature and the share, by which the confidence becomes a frequency;
the other, seen once, for the figures that are printed and belong into the README.
"""

import argparse
import csv
import io
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import torch
from torch import nn
from torch.nn import functional as F

SEED = 20_261_121
SIDE = 96
CLASSES = ["ok", "scratch"]
DEPTHS = ["hairline", "fine", "clear", "gouge"]


class Photos:
    """One folder that `davy demo --write-photos` wrote."""

    def __init__(self, folder: Path, first: int | None = None):
        with open(folder / "photos.csv", newline="") as table:
            rows = list(csv.DictReader(table))
        pixels = np.fromfile(folder / "photos.grey", dtype=np.uint8).reshape(len(rows), 1, SIDE, SIDE)
        rows, pixels = rows[:first], pixels[:first]
        self.pixels = torch.from_numpy(pixels)
        self.truth = torch.tensor([CLASSES.index(row["truth"]) for row in rows])
        self.depth = np.array([row["depth"] for row in rows])

    def __len__(self):
        return len(self.truth)


def fed(pixels: torch.Tensor) -> torch.Tensor:
    """As model.yaml says it: 0..255 becomes -1..1."""
    return (pixels.float() / 255 - 0.5) / 0.5


class Net(nn.Module):
    """Five convolutions, then the strongest and the mean of each feature over the photo, then a sum."""

    def __init__(self):
        super().__init__()

        def block(into, out, size, stride):
            return nn.Sequential(
                nn.Conv2d(into, out, size, stride, size // 2, bias=False), nn.BatchNorm2d(out), nn.ReLU()
            )

        self.features = nn.Sequential(
            block(1, 16, 5, 2), block(16, 32, 3, 2), block(32, 32, 3, 1), block(32, 64, 3, 2), block(64, 48, 3, 1)
        )
        self.last = nn.Linear(96, 2)

    def forward(self, x):
        # The belt beside the phone says nothing.
        x = self.features(x[..., 16:80])
        return self.last(torch.cat([x.amax((2, 3)), x.mean((2, 3))], 1))


def trained(photos: Photos, epochs: int) -> Net:
    torch.manual_seed(SEED)
    order = torch.Generator().manual_seed(SEED)
    net = Net().to(memory_format=torch.channels_last)
    size = 128
    steps = epochs * (len(photos) // size)
    optimizer = torch.optim.AdamW(net.parameters(), lr=3e-3, weight_decay=1e-3)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, 4e-3, total_steps=steps, pct_start=0.15)
    plain = torch.from_numpy(~np.isin(photos.depth, ["hairline", "fine"]))
    for epoch in range(epochs):
        net.train()
        losses = []
        places = torch.randperm(len(photos), generator=order)
        # What a scratch is, is learnt from those that can be seen; then come the faint ones.
        if epoch < 2:
            places = places[plain[places]]
        for at in range(0, len(places) - size + 1, size):
            batch = places[at : at + size]
            x = fed(photos.pixels[batch]).contiguous(memory_format=torch.channels_last)
            if torch.rand(1, generator=order) < 0.5:
                x = x.flip(3)
            loss = F.cross_entropy(net(x), photos.truth[batch], label_smoothing=0.02)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            schedule.step()
            losses.append(loss.item())
        print(f"epoch {epoch + 1:2} of {epochs}: loss {np.mean(losses):.4f}", flush=True)
    return net.eval()


@torch.no_grad()
def logits(net: Net, photos: Photos) -> torch.Tensor:
    return torch.cat([net(fed(photos.pixels[at : at + 500])) for at in range(0, len(photos), 500)])


def calibrated(net: Net, photos: Photos) -> float:
    """Puts into the last sum one temperature (Guo et al. 2017) and one shift for the belt's own share of scratches."""
    of = logits(net, photos)
    log_temperature = torch.zeros((), requires_grad=True)
    shift = torch.zeros((), requires_grad=True)
    optimizer = torch.optim.LBFGS([log_temperature, shift], max_iter=100)

    def scaled():
        return of / log_temperature.exp() + torch.stack([torch.zeros(()), shift])

    def loss():
        optimizer.zero_grad()
        value = F.cross_entropy(scaled(), photos.truth)
        value.backward()
        return value

    optimizer.step(loss)
    temperature = log_temperature.exp().item()
    with torch.no_grad():
        net.last.weight /= temperature
        net.last.bias /= temperature
        net.last.bias[1] += shift
    print(f"temperature {temperature:.3f}, shift of the logit of scratch {shift.item():+.3f}")
    return temperature


def written(net: Net, out: Path) -> Path:
    out.mkdir(parents=True, exist_ok=True)
    to = out / "model.onnx"
    graph = io.BytesIO()
    torch.onnx.export(
        net.to(memory_format=torch.contiguous_format),
        torch.zeros(1, 1, SIDE, SIDE),
        graph,
        dynamo=False,
        opset_version=17,
        input_names=["input"],
        output_names=["label"],
        dynamic_axes={"input": {0: "n"}, "label": {0: "n"}},
    )
    model = onnx.load_from_string(graph.getvalue())
    onnx.checker.check_model(model)
    onnx.save(model, to)
    return to


def reference(model: Path, photos: Photos):
    """The answers to the belt's own mixture, for Davy to compare live ones with."""
    session = onnxruntime.InferenceSession(model)
    said = session.run(None, {"input": fed(photos.pixels[:2000]).numpy()})[0].argmax(1)
    (model.parent / "reference.csv").write_text("label\n" + "".join(CLASSES[c] + "\n" for c in said))


def told(model: Path, photos: Photos):
    """What the ONNX file, not the network in memory, says of photos it has never seen."""
    session = onnxruntime.InferenceSession(model)
    of = np.concatenate(
        [session.run(None, {"input": fed(photos.pixels[at : at + 500]).numpy()})[0] for at in range(0, len(photos), 500)]
    )
    probabilities = np.exp(of - of.max(1, keepdims=True))
    probabilities /= probabilities.sum(1, keepdims=True)
    said, truth = of.argmax(1), photos.truth.numpy()
    print(f"\n{model}: {model.stat().st_size / 1000:.0f} kB, {len(photos)} photos it has never seen")
    print(f"accuracy {np.mean(said == truth):.4f}")
    print(f"recall of scratch {np.mean(said[truth == 1]):.4f}, precision {np.mean(truth[said == 1]):.4f}")
    print("\n| truth | photos | said ok | said scratch | right |\n|---|---:|---:|---:|---:|")
    for name, these in [("ok", truth == 0)] + [(f"scratch, {depth}", photos.depth == depth) for depth in DEPTHS]:
        ok, scratch = int(np.sum(said[these] == 0)), int(np.sum(said[these] == 1))
        right = ok if name == "ok" else scratch
        print(f"| {name} | {ok + scratch} | {ok} | {scratch} | {right / (ok + scratch):.1%} |")
    confidence = probabilities.max(1)
    print("\n| confidence | photos | mean | right |\n|---|---:|---:|---:|")
    error = 0.0
    for low, high in [(0.5, 0.6), (0.6, 0.7), (0.7, 0.8), (0.8, 0.9), (0.9, 0.95), (0.95, 0.99), (0.99, 1.01)]:
        these = (confidence >= low) & (confidence < high)
        if not these.any():
            continue
        mean, right = confidence[these].mean(), np.mean((said == truth)[these])
        error += these.mean() * abs(mean - right)
        print(f"| {low:.2f} to {min(high, 1):.2f} | {these.sum()} | {mean:.3f} | {right:.3f} |")
    print(f"\nexpected calibration error over these bins {error:.4f}")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--photos", type=Path, required=True, help="with the folders train, calibrate and test")
    parser.add_argument("--out", type=Path, default=Path(__file__).parent / "models" / "scratch")
    parser.add_argument("--epochs", type=int, default=8)
    parser.add_argument("--first", type=int, help="learn from so many photos only (all)")
    given = parser.parse_args()
    torch.use_deterministic_algorithms(True)
    net = trained(Photos(given.photos / "train", given.first), given.epochs)
    belt = Photos(given.photos / "calibrate")
    calibrated(net, belt)
    model = written(net, given.out)
    reference(model, belt)
    told(model, Photos(given.photos / "test"))


if __name__ == "__main__":
    main()
