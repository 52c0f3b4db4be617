package dev.davy.review.explain;

import dev.davy.schema.Media;
import dev.davy.strict.Audio;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/// A recording of which stretches can be muted.
final class Recording {
    private static final int HEAD = 44;
    private static final short FLOATS = 3;

    private final Audio.Sound sound;

    Recording(Audio.Sound sound) {
        this.sound = sound;
    }

    /// Samples of each channel.
    int frames() {
        return sound.samples().length / sound.channels();
    }

    double seconds() {
        return (double) frames() / sound.rate();
    }

    /// It with silence from one frame to another, the end exclusive; as a WAV file of 32-bit
    /// floats, which hold the samples of any other exactly.
    Media muted(int from, int to) {
        int channels = sound.channels();
        int bytes = sound.samples().length * Float.BYTES;
        var out = ByteBuffer.allocate(HEAD + bytes).order(ByteOrder.LITTLE_ENDIAN);
        out.put(ascii("RIFF")).putInt(HEAD - 8 + bytes).put(ascii("WAVE"));
        out.put(ascii("fmt ")).putInt(16).putShort(FLOATS).putShort((short) channels);
        out.putInt(sound.rate()).putInt(sound.rate() * channels * Float.BYTES);
        out.putShort((short) (channels * Float.BYTES)).putShort((short) Float.SIZE);
        out.put(ascii("data")).putInt(bytes);
        var samples = out.asFloatBuffer();
        samples.put(sound.samples());
        for (int i = from * channels; i < to * channels; i++) samples.put(i, 0);
        return new Media("audio/wav", out.array());
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
