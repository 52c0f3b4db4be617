#!/usr/bin/env python3
"""Trains the two small networks of this pipeline on digits that nobody spoke, and writes them as ONNX for Davy.

    ./davy demo --write-speech speech/train --seed 1 --clips 6000
    ./davy demo --write-speech speech/test  --seed 2 --clips 2000
    python train.py --speech speech

`vad` says of each recording how likely it is that anybody speaks in it, `digits` which of ten digits is said. Both
are measured on the second folder, whose clips they have not seen.
"""

import argparse
import csv
import io
import wave
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import torch
from torch import nn
from torch.nn import functional as F

SEED = 20_261_122
RATE, SAMPLES, FFT, HOP, MELS, FLOOR = 8_000, 8_000, 256, 160, 20, 1e-6
DIGITS = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"]


def bands() -> np.ndarray:
    """Triangles on the HTK scale without area norm, as `kind: log-mel` of model.yaml."""
    mel = lambda hertz: 2595 * np.log10(1 + hertz / 700)
    edges = 700 * (10 ** (np.linspace(mel(0), mel(RATE / 2), MELS + 2) / 2595) - 1)
    at = np.arange(FFT // 2 + 1) * RATE / FFT
    rising = (at - edges[:-2, None]) / (edges[1:-1] - edges[:-2])[:, None]
    falling = (edges[2:, None] - at) / (edges[2:] - edges[1:-1])[:, None]
    return np.maximum(0, np.minimum(rising, falling))


BANDS = bands()
WINDOW = 0.5 - 0.5 * np.cos(2 * np.pi * np.arange(FFT) / FFT)


def heard(file: Path) -> np.ndarray:
    """The recording as model.yaml feeds it: one second, the middle of it, bands over time."""
    with wave.open(str(file)) as sound:
        samples = np.frombuffer(sound.readframes(sound.getnframes()), "<i2") / 32_768
    missing = SAMPLES - len(samples)
    if missing >= 0:
        samples = np.pad(samples, (missing // 2, missing - missing // 2))
    else:
        samples = samples[-missing // 2 :][:SAMPLES]
    padded = np.pad(samples, FFT // 2, mode="reflect")
    frames = np.stack([padded[at : at + FFT] for at in range(0, SAMPLES + 1, HOP)])
    power = np.abs(np.fft.rfft(frames * WINDOW)) ** 2
    return np.log(BANDS @ power.T + FLOOR).astype(np.float32)


class Clips:
    """One folder that `davy demo --write-speech` wrote."""

    def __init__(self, folder: Path):
        with open(folder / "clips.csv", newline="") as table:
            rows = list(csv.DictReader(table))
        self.x = torch.from_numpy(np.stack([heard(folder / row["file"]) for row in rows]))
        self.speech = torch.tensor([row["truth"] != "silence" for row in rows])
        self.digit = torch.tensor([DIGITS.index(row["truth"]) if row["truth"] != "silence" else 0 for row in rows])


class Vad(nn.Module):
    """A frame at a time with its neighbours; the surest frame counts."""

    def __init__(self):
        super().__init__()
        self.layers = nn.Sequential(nn.BatchNorm1d(MELS), nn.Conv1d(MELS, 8, 5), nn.ReLU(), nn.Conv1d(8, 1, 1))

    def forward(self, x):
        return torch.sigmoid(self.layers(x).amax((1, 2)))


class Digits(nn.Module):
    def __init__(self):
        super().__init__()
        self.layers = nn.Sequential(
            nn.BatchNorm1d(MELS),
            nn.Conv1d(MELS, 24, 5),
            nn.ReLU(),
            nn.Conv1d(24, 24, 5, 2),
            nn.ReLU(),
            nn.Conv1d(24, 24, 3, 2),
            nn.ReLU(),
        )
        self.last = nn.Linear(24 * 10, 10)

    def forward(self, x):
        return self.last(self.layers(x).flatten(1))


def trained(net: nn.Module, x: torch.Tensor, loss, epochs: int) -> nn.Module:
    chance = torch.Generator().manual_seed(SEED)
    optimizer = torch.optim.AdamW(net.parameters(), lr=3e-3, weight_decay=1e-2)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, epochs * (len(x) // 64))
    for epoch in range(epochs):
        net.train()
        places = torch.randperm(len(x), generator=chance)
        told = 0.0
        for at in range(0, len(x) - 63, 64):
            batch = places[at : at + 64]
            # People are louder or quieter, and begin earlier or later; the words stay the same.
            louder = torch.randn((len(batch), 1, 1), generator=chance)
            later = int(torch.randint(-4, 5, (1,), generator=chance))
            value = loss(net(x[batch].roll(later, 2) + louder), batch)
            optimizer.zero_grad()
            value.backward()
            optimizer.step()
            schedule.step()
            told += value.item()
        print(f"epoch {epoch + 1:2} of {epochs}: loss {told / (len(x) // 64):.4f}", flush=True)
    return net.eval()


def written(net: nn.Module, out: Path, output: str):
    graph = io.BytesIO()
    torch.onnx.export(
        net,
        torch.zeros(1, MELS, 1 + SAMPLES // HOP),
        graph,
        dynamo=False,
        opset_version=17,
        input_names=["sound"],
        output_names=[output],
        dynamic_axes={"sound": {0: "n"}, output: {0: "n"}},
    )
    model = onnx.load_from_string(graph.getvalue())
    onnx.checker.check_model(model)
    out.mkdir(parents=True, exist_ok=True)
    onnx.save(model, out / "model.onnx")


def answers(model: Path, clips: Clips) -> np.ndarray:
    return onnxruntime.InferenceSession(model).run(None, {"sound": clips.x.numpy()})[0]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--speech", type=Path, required=True, help="with the folders train and test")
    parser.add_argument("--out", type=Path, default=Path(__file__).parent / "models")
    given = parser.parse_args()
    torch.use_deterministic_algorithms(True)
    torch.manual_seed(SEED)
    clips, unseen = Clips(given.speech / "train"), Clips(given.speech / "test")
    spoken = clips.speech.float()
    vad = trained(Vad(), clips.x, lambda said, batch: F.binary_cross_entropy(said, spoken[batch]), 6)
    written(vad, given.out / "vad", "speech")
    words = torch.nonzero(clips.speech)[:, 0]
    digit = clips.digit[words]
    smooth = lambda said, batch: F.cross_entropy(said, digit[batch], label_smoothing=0.02)
    written(trained(Digits(), clips.x[words], smooth, 15), given.out / "digits", "word")

    speech = answers(given.out / "vad" / "model.onnx", unseen) >= 0.5
    said = answers(given.out / "digits" / "model.onnx", unseen).argmax(1)
    truly, right = unseen.speech.numpy(), said == unseen.digit.numpy()
    print(f"\nspeech found in {np.mean(speech[truly]):.1%} of {truly.sum()} clips with a word")
    print(f"and in {np.mean(speech[~truly]):.1%} of {(~truly).sum()} without")
    print(f"right digit in {np.mean(right[truly]):.1%} of those with a word")
    print(f"right answer of both together {np.mean(np.where(speech, truly & right, ~truly)):.1%}")


if __name__ == "__main__":
    main()
