package dev.davy.strict;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Recordings as samples: WAV with PCM of 8, 16, 24 or 32 bits, or 32-bit floats.
///
/// Lengths come from the bytes that are there, never from a header: streaming writers announce 4
/// GiB, broken ones lie.
public final class Audio {
    private static final int PCM = 1;
    private static final int FLOAT = 3;
    private static final int EXTENSIBLE = 0xFFFE;
    private static final int MOST_CHANNELS = 32;
    private static final int LOWEST_RATE = 100;
    private static final int HIGHEST_RATE = 768_000;

    private static final Map<Integer, String> CODECS =
            Map.of(
                    2, "Microsoft ADPCM",
                    6, "A-law",
                    7, "mu-law",
                    0x11, "IMA ADPCM",
                    0x31, "GSM 6.10",
                    0x40, "G.721 ADPCM",
                    0x50, "MPEG",
                    0x55, "MP3",
                    0xFF, "AAC",
                    0xF1AC, "FLAC");

    private Audio() {}

    /// Samples of all channels, interleaved, -1 to 1: an integer of n bits is divided by 2^(n-1).
    /// Floats are as they came.
    ///
    /// @param rate samples a second and channel
    /// @param warnings what was odd, yet could be read
    /// @param contentType `audio/wav`
    @SuppressWarnings("ArrayRecordComponent")
    public record Sound(
            int rate, int channels, float[] samples, List<String> warnings, String contentType) {
        public Sound {
            warnings = List.copyOf(warnings);
        }

        public Duration duration() {
            return Duration.ofNanos(samples.length / channels * 1_000_000_000L / rate);
        }
    }

    /// How samples are written.
    private record Format(boolean floats, int channels, int rate, int bits) {
        int frameBytes() {
            return channels * bits / 8;
        }
    }

    /// @param file a whole file
    /// @throws Problem UNSUPPORTED_MEDIA `audio-not-supported`, naming what it is; UNACCEPTABLE
    ///   `audio-damaged`; UNACCEPTABLE `audio-too-long`
    public static Sound decode(byte[] file, Limits limits) {
        if (file.length == 0) throw damaged("It is empty.");
        var type = sniff(file);
        if (type.isEmpty()) throw damaged("It is no kind of audio that is known here.");
        if (!type.get().equals("audio/wav")) throw notSupported(type.get());
        var warnings = new ArrayList<String>();
        var in = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).position(12);
        Format format = null;
        while (in.remaining() >= 8) {
            int id = in.getInt();
            long declared = Integer.toUnsignedLong(in.getInt());
            if (id == tag("data")) {
                if (format == null) throw damaged("The samples come before their format.");
                return sound(format, samples(in, declared, warnings), limits, warnings);
            }
            if (declared > in.remaining())
                throw damaged("A chunk before the samples is longer than the file.");
            if (id == tag("fmt "))
                format =
                        format(
                                in.slice(in.position(), (int) declared)
                                        .order(ByteOrder.LITTLE_ENDIAN));
            // Chunks begin at even places.
            in.position((int) Math.min(in.limit(), in.position() + declared + (declared & 1)));
        }
        throw damaged(format == null ? "It has no format." : "It has no samples.");
    }

    /// What the file is, by its first bytes, if it is a kind of audio.
    public static Optional<String> sniff(byte[] file) {
        if (Magic.at(file, 0, "RIFF") && Magic.at(file, 8, "WAVE")) return Optional.of("audio/wav");
        if (Magic.at(file, 0, "RF64") || Magic.at(file, 0, "RIFX"))
            return Optional.of("audio/x-wav64");
        if (Magic.at(file, 0, "fLaC")) return Optional.of("audio/flac");
        if (Magic.at(file, 0, "OggS")) return Optional.of("audio/ogg");
        if (Magic.at(file, 0, "ID3")
                || Magic.at(file, 0, 0xFF, 0xFB)
                || Magic.at(file, 0, 0xFF, 0xF3)) return Optional.of("audio/mpeg");
        if (Magic.at(file, 4, "ftyp")) return Optional.of("audio/mp4");
        if (Magic.at(file, 0, "FORM") && Magic.at(file, 8, "AIF")) return Optional.of("audio/aiff");
        return Optional.empty();
    }

    private static Format format(ByteBuffer chunk) {
        if (chunk.remaining() < 16) throw damaged("Its format is cut off.");
        int codec = Short.toUnsignedInt(chunk.getShort());
        int channels = Short.toUnsignedInt(chunk.getShort());
        long rate = Integer.toUnsignedLong(chunk.getInt());
        chunk.getInt();
        int frame = Short.toUnsignedInt(chunk.getShort());
        int bits = Short.toUnsignedInt(chunk.getShort());
        if (codec == EXTENSIBLE) {
            if (chunk.remaining() < 24) throw damaged("Its format is cut off.");
            // Fewer bits than that may be used; they are the upper ones, so the samples are right
            // as they are.
            codec = Short.toUnsignedInt(chunk.getShort(24));
        }
        if (codec != PCM && codec != FLOAT)
            throw notSupported(
                    "WAV with " + CODECS.getOrDefault(codec, "the codec 0x%04X".formatted(codec)));
        boolean known =
                codec == FLOAT ? bits == 32 : bits == 8 || bits == 16 || bits == 24 || bits == 32;
        if (!known)
            throw damaged(
                    "A sample has " + bits + " bits; 8, 16, 24 and 32 are read, floats of 32.");
        if (channels < 1 || channels > MOST_CHANNELS)
            throw damaged("It has " + channels + " channels; 1 to " + MOST_CHANNELS + " are read.");
        if (rate < LOWEST_RATE || rate > HIGHEST_RATE)
            throw damaged(
                    "It has "
                            + rate
                            + " samples a second; "
                            + LOWEST_RATE
                            + " to "
                            + HIGHEST_RATE
                            + " are read.");
        if (frame != channels * bits / 8)
            throw damaged("Its block size is " + frame + ", which contradicts its format.");
        return new Format(codec == FLOAT, channels, (int) rate, bits);
    }

    /// The bytes of the samples that are really there.
    private static ByteBuffer samples(ByteBuffer in, long declared, List<String> warnings) {
        int there = in.remaining();
        boolean streamed =
                declared == 0xFFFF_FFFFL || declared == 0x7FFF_FFFFL || declared == 0 && there > 0;
        if (streamed) warnings.add("the header does not know the length: taken from the file");
        else if (declared > there)
            warnings.add(
                    "the file is cut off: "
                            + there
                            + " of "
                            + declared
                            + " bytes of samples are there");
        int length = streamed ? there : (int) Math.min(declared, there);
        return in.slice(in.position(), length).order(ByteOrder.LITTLE_ENDIAN);
    }

    private static Sound sound(
            Format format, ByteBuffer data, Limits limits, List<String> warnings) {
        int frames = data.remaining() / format.frameBytes();
        if (frames == 0) throw damaged("It has no samples.");
        if (data.remaining() % format.frameBytes() != 0)
            warnings.add("the last frame is not whole and was left out");
        double seconds = (double) frames / format.rate();
        if (seconds > limits.audioDuration().toNanos() / 1e9)
            throw new Problem(
                    Problem.Kind.UNACCEPTABLE,
                    "audio-too-long",
                    "The recording is too long.",
                    "It lasts %.1f s; the limit is %d s."
                            .formatted(seconds, limits.audioDuration().toSeconds()),
                    "Send it in parts.");
        var samples = new float[frames * format.channels()];
        if (format.floats()) {
            data.asFloatBuffer().get(samples);
            check(samples, warnings);
        } else {
            switch (format.bits()) {
                case 8 -> fill8(samples, data);
                case 16 -> fill16(samples, data);
                case 24 -> fill24(samples, data);
                default -> fill32(samples, data);
            }
        }
        return new Sound(format.rate(), format.channels(), samples, warnings, "audio/wav");
    }

    // 8-bit samples are unsigned, all others are not.
    private static void fill8(float[] samples, ByteBuffer data) {
        for (int i = 0; i < samples.length; i++) samples[i] = ((data.get(i) & 0xFF) - 128) / 128f;
    }

    private static void fill16(float[] samples, ByteBuffer data) {
        for (int i = 0; i < samples.length; i++) samples[i] = data.getShort(2 * i) / 32_768f;
    }

    private static void fill24(float[] samples, ByteBuffer data) {
        for (int i = 0; i < samples.length; i++) {
            int sample = data.get(3 * i + 2) << 16 | (data.getShort(3 * i) & 0xFFFF);
            samples[i] = sample / 8_388_608f;
        }
    }

    private static void fill32(float[] samples, ByteBuffer data) {
        for (int i = 0; i < samples.length; i++)
            samples[i] = (float) (data.getInt(4 * i) / 2_147_483_648.0);
    }

    private static void check(float[] samples, List<String> warnings) {
        boolean loud = false;
        for (int i = 0; i < samples.length; i++) {
            if (!Float.isFinite(samples[i]))
                throw damaged("Sample " + i + " is not a finite number.");
            loud |= Math.abs(samples[i]) > 1;
        }
        if (loud) warnings.add("some samples are beyond -1 to 1");
    }

    private static int tag(String four) {
        return four.charAt(0) | four.charAt(1) << 8 | four.charAt(2) << 16 | four.charAt(3) << 24;
    }

    private static Problem damaged(String why) {
        return new Problem(
                Problem.Kind.UNACCEPTABLE,
                "audio-damaged",
                "The recording cannot be read.",
                why,
                "Send a WAV file with PCM samples.");
    }

    private static Problem notSupported(String what) {
        return new Problem(
                Problem.Kind.UNSUPPORTED_MEDIA,
                "audio-not-supported",
                "The recording is of a kind that is not read here.",
                "It is " + what + ".",
                "Send a WAV file with PCM samples of 8, 16, 24 or 32 bits, or 32-bit floats.");
    }
}
