"use strict";
// A recording to decide on: its samples are read here, drawn as a waveform over a spectrogram, and
// played without asking the server again.
(() => {
  const review = (window.davyReview = window.davyReview || {});
  const FRAMES_MOST = 1200;
  const ink = (name) => getComputedStyle(document.documentElement).getPropertyValue("--" + name).trim();
  let context = null;

  // The samples of a WAV file, one array a channel: PCM of 8, 16, 24, 32 bits, or floats.
  const wav = (buffer) => {
    const bytes = new DataView(buffer);
    const tag = (at) => String.fromCharCode(...new Uint8Array(buffer, at, 4));
    if (tag(0) !== "RIFF" || tag(8) !== "WAVE") throw new Error("It is no WAV file.");
    let format = null;
    for (let at = 12; at + 8 <= buffer.byteLength;) {
      const id = tag(at), length = bytes.getUint32(at + 4, true);
      if (id === "fmt ") {
        let codec = bytes.getUint16(at + 8, true);
        if (codec === 0xfffe) codec = bytes.getUint16(at + 8 + 24, true);
        format = { floats: codec === 3, channels: bytes.getUint16(at + 10, true),
          rate: bytes.getUint32(at + 12, true), bits: bytes.getUint16(at + 22, true) };
      }
      if (id === "data" && format) return samples(bytes, at + 8, length, format);
      at += 8 + length + (length & 1);
    }
    throw new Error("It has no samples.");
  };
  const samples = (bytes, from, declared, format) => {
    const size = format.bits / 8, frame = size * format.channels;
    const count = Math.floor(Math.min(declared || Infinity, bytes.byteLength - from) / frame);
    const read =
      format.floats ? (at) => bytes.getFloat32(at, true)
      : size === 1 ? (at) => (bytes.getUint8(at) - 128) / 128
      : size === 2 ? (at) => bytes.getInt16(at, true) / 32768
      : size === 3 ? (at) => (bytes.getInt8(at + 2) * 65536 + bytes.getUint16(at, true)) / 8388608
      : (at) => bytes.getInt32(at, true) / 2147483648;
    const channels = [];
    for (let c = 0; c < format.channels; c++) {
      const channel = new Float32Array(count);
      for (let i = 0; i < count; i++) channel[i] = read(from + i * frame + c * size);
      channels.push(channel);
    }
    return { rate: format.rate, channels, seconds: count / format.rate };
  };

  // Magnitudes of a power of two of samples, in place (Cooley and Tukey, 1965).
  const transform = (re, im) => {
    const n = re.length;
    for (let i = 1, j = 0; i < n; i++) {
      let bit = n >> 1;
      for (; j & bit; bit >>= 1) j ^= bit;
      j ^= bit;
      if (i < j) { [re[i], re[j]] = [re[j], re[i]]; [im[i], im[j]] = [im[j], im[i]]; }
    }
    for (let size = 2; size <= n; size <<= 1)
      for (let k = 0; k < size / 2; k++) {
        const angle = -2 * Math.PI * k / size, c = Math.cos(angle), s = Math.sin(angle);
        for (let i = k; i < n; i += size) {
          const j = i + size / 2;
          const a = re[j] * c - im[j] * s, b = re[j] * s + im[j] * c;
          re[j] = re[i] - a; im[j] = im[i] - b;
          re[i] += a; im[i] += b;
        }
      }
  };

  // Loudness by time and pitch in decibels, windows of about 25 ms that overlap by half or more.
  const spectrum = (sound) => {
    const mono = sound.channels[0];
    let size = 64;
    while (size < sound.rate * 0.025) size <<= 1;
    const hop = Math.max(Math.round(sound.rate * 0.005), Math.ceil(mono.length / FRAMES_MOST));
    const frames = Math.max(1, Math.ceil(mono.length / hop));
    const shape = Float32Array.from({ length: size }, (_, i) => 0.5 - 0.5 * Math.cos(2 * Math.PI * i / (size - 1)));
    const levels = new Float32Array(frames * size / 2);
    let loudest = -Infinity;
    for (let f = 0; f < frames; f++) {
      const re = new Float32Array(size), im = new Float32Array(size);
      for (let i = 0; i < size; i++) re[i] = (mono[f * hop + i - size / 2] || 0) * shape[i];
      transform(re, im);
      for (let k = 0; k < size / 2; k++) {
        const level = 10 * Math.log10(re[k] * re[k] + im[k] * im[k] + 1e-10);
        levels[f * size / 2 + k] = level;
        if (level > loudest) loudest = level;
      }
    }
    return { frames, bands: size / 2, levels, loudest };
  };

  const colour = (name) => {
    const probe = document.createElement("canvas").getContext("2d");
    probe.fillStyle = ink(name);
    probe.fillRect(0, 0, 1, 1);
    return probe.getImageData(0, 0, 1, 1).data;
  };

  const spectrogram = (of) => {
    const canvas = document.createElement("canvas");
    canvas.width = of.frames;
    canvas.height = of.bands;
    const paper = canvas.getContext("2d");
    const pixels = paper.createImageData(of.frames, of.bands);
    const low = colour("card"), high = colour("now");
    for (let f = 0; f < of.frames; f++)
      for (let k = 0; k < of.bands; k++) {
        // 60 dB below the loudest is silence.
        const share = Math.max(0, Math.min(1, (of.levels[f * of.bands + k] - of.loudest + 60) / 60));
        const at = 4 * ((of.bands - 1 - k) * of.frames + f);
        for (let c = 0; c < 3; c++) pixels.data[at + c] = low[c] + (high[c] - low[c]) * share;
        pixels.data[at + 3] = 255;
      }
    paper.putImageData(pixels, 0, 0);
    return canvas;
  };

  review.sound = (column, href) => {
    const room = document.createElement("div");
    room.className = "room sound";
    const canvas = document.createElement("canvas");
    canvas.setAttribute("role", "img");
    canvas.setAttribute("aria-label", "Waveform and spectrogram of " + column);
    const needle = document.createElement("span");
    needle.className = "needle";
    const scale = document.createElement("p");
    scale.className = "scale";
    room.append(canvas, needle, scale);
    let sound = null, levels = null, grid = null, source = null, begun = 0;

    const draw = () => {
      if (!sound || !canvas.clientWidth) return;
      const dense = window.devicePixelRatio || 1;
      const width = (canvas.width = Math.round(canvas.clientWidth * dense));
      const height = (canvas.height = Math.round(canvas.clientHeight * dense));
      const paper = canvas.getContext("2d");
      const wave = Math.round(height * 0.36);
      paper.fillStyle = ink("card");
      paper.fillRect(0, 0, width, height);
      paper.drawImage(spectrogram(levels), 0, wave, width, height - wave);
      const mono = sound.channels[0];
      // A quiet recording is drawn as high as a loud one; how loud it is stands below.
      const louder = 1 / Math.max(sound.peak, 1e-4);
      paper.fillStyle = ink("now");
      for (let x = 0; x < width; x++) {
        let low = 0, high = 0;
        const to = Math.max(Math.floor((x + 1) * mono.length / width), Math.floor(x * mono.length / width) + 1);
        for (let i = Math.floor(x * mono.length / width); i < to && i < mono.length; i++) {
          if (mono[i] < low) low = mono[i];
          if (mono[i] > high) high = mono[i];
        }
        const top = wave / 2 - high * louder * wave * 0.46, bottom = wave / 2 - low * louder * wave * 0.46;
        paper.fillRect(x, top, 1, Math.max(dense, bottom - top));
      }
      if (!grid) return;
      const most = Math.max(0.05, ...grid.values.map(Math.abs));
      grid.values.forEach((value, i) => {
        paper.globalAlpha = 0.55 * Math.abs(value) / most;
        paper.fillStyle = value >= 0 ? "#ff9600" : "#1e6ee6";
        const from = Math.round(i * width / grid.columns), to = Math.round((i + 1) * width / grid.columns);
        paper.fillRect(from, 0, to - from, height);
      });
      paper.globalAlpha = 1;
    };
    new ResizeObserver(draw).observe(canvas);

    const stop = () => {
      if (source) { source.onended = null; source.stop(); }
      source = null;
      needle.hidden = true;
    };
    const follow = () => {
      if (!source) return;
      const share = (context.currentTime - begun) / sound.seconds;
      needle.style.transform = "translateX(" + canvas.clientWidth * Math.max(0, Math.min(1, share)) + "px)";
      needle.hidden = false;
      requestAnimationFrame(follow);
    };
    const play = () => {
      if (!sound) return;
      if (source) return stop();
      context = context || new AudioContext();
      context.resume();
      const buffer = context.createBuffer(sound.channels.length, sound.channels[0].length, sound.rate);
      sound.channels.forEach((channel, c) => buffer.copyToChannel(channel, c));
      source = context.createBufferSource();
      source.buffer = buffer;
      source.connect(context.destination);
      source.onended = stop;
      begun = context.currentTime;
      source.start();
      room.dataset.played = "yes";
      follow();
    };
    canvas.addEventListener("click", play);
    needle.hidden = true;

    return {
      node: room,
      ready: fetch(href).then((answer) => {
        if (!answer.ok) throw new Error("The recording is not there any more.");
        return answer.arrayBuffer();
      }).then((buffer) => {
        sound = wav(buffer);
        sound.peak = sound.channels[0].reduce((most, sample) => Math.max(most, Math.abs(sample)), 0);
        levels = spectrum(sound);
        scale.textContent = sound.seconds.toFixed(2) + " s · up to " + (sound.rate / 2000).toFixed(1) + " kHz · loudest "
          + (sound.peak > 0 ? Math.round(20 * Math.log10(sound.peak)) + " dB" : "nothing");
      }),
      shown: () => {
        draw();
        // Whoever has played one wants to hear the next.
        if (context && context.state === "running") play();
      },
      gone: stop,
      redraw: draw,
      explain: (explanation) => { grid = explanation && explanation.grid || null; draw(); },
      keys: { " ": play },
      tools: [[" ", "play"]],
    };
  };
})();
