package dev.davy.batch;

import dev.davy.serving.Scores;
import dev.davy.serving.Scores.Column;
import dev.davy.strict.Json;
import dev.davy.strict.Limits;
import dev.davy.strict.SafePath;
import java.io.BufferedOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.zip.CRC32C;
import java.util.zip.CheckedOutputStream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// What came of one chunk, in a file that appears whole, by its name, or not at all.
///
/// Blocks follow each other: length, rows, refused rows, then row numbers, arms, confidences and
/// one output after the other, then the refused ones with their reasons. Behind the last a trailer
/// in JSON (counts, dictionaries), its length, and the checksum of all before.
final class Part {
    private static final int TAIL = 16;

    private Part() {}

    static Path path(Path folder, int number) {
        return SafePath.inside(folder, "part-%08d".formatted(number));
    }

    /// Whether a part is there and undamaged; a power loss may have taken some of it.
    static boolean isWhole(Path path) throws IOException {
        if (!Files.exists(path) || Files.size(path) < TAIL) return false;
        var checksum = new CRC32C();
        try (var in = FileChannel.open(path)) {
            var piece = ByteBuffer.allocateDirect(1 << 18);
            long left = in.size() - 8;
            while (left > 0) {
                piece.clear().limit((int) Math.min(left, piece.capacity()));
                int read = in.read(piece);
                if (read < 0) return false;
                checksum.update(piece.flip());
                left -= read;
            }
            var last = ByteBuffer.allocate(8);
            in.read(last, in.size() - 8);
            return last.flip().getLong() == checksum.getValue();
        }
    }

    /// What stands at the end of a part.
    static JsonNode trailer(Path path) throws IOException {
        try (var in = FileChannel.open(path)) {
            return trailer(in);
        }
    }

    private static JsonNode trailer(FileChannel in) throws IOException {
        var tail = ByteBuffer.allocate(8);
        in.read(tail, in.size() - TAIL);
        int length = (int) tail.flip().getLong();
        var json = ByteBuffer.allocate(length);
        in.read(json, in.size() - TAIL - length);
        return Json.read(json.array(), Limits.DEFAULT);
    }

    /// Writes one part. For one thread.
    static final class Writer implements AutoCloseable {
        private final Path path;
        private final Path fresh;
        private final FileChannel channel;
        private final CheckedOutputStream checked;
        private final DataOutputStream out;
        private final List<Refused> refused = new ArrayList<>();
        private ByteBuffer block = ByteBuffer.allocate(1 << 18);
        private @Nullable Scores last;
        private long predicted;
        private long rejected;

        Writer(Path folder, int number) throws IOException {
            path = path(folder, number);
            fresh = SafePath.beside(path, path.getFileName() + ".fresh");
            channel =
                    FileChannel.open(
                            fresh,
                            StandardOpenOption.CREATE,
                            StandardOpenOption.TRUNCATE_EXISTING,
                            StandardOpenOption.WRITE);
            OutputStream to = java.nio.channels.Channels.newOutputStream(channel);
            checked = new CheckedOutputStream(new BufferedOutputStream(to, 1 << 17), new CRC32C());
            out = new DataOutputStream(checked);
        }

        void refused(long number, long line, @Nullable String file, String reason) {
            refused.add(new Refused(number, line, Optional.ofNullable(file), reason));
        }

        /// Adds what came of a block, and the refused rows before it.
        void add(Scores scores, long[] numbers, long[] lines, @Nullable List<String> files)
                throws IOException {
            last = scores;
            for (int row = 0; row < scores.rows(); row++) {
                var reason = scores.refusal(row);
                if (reason != null)
                    refused(
                            numbers[row],
                            lines[row],
                            files == null ? null : files.get(row),
                            reason);
            }
            block.clear();
            int rows = 0;
            for (int row = 0; row < scores.rows(); row++) if (isGood(scores, row)) rows++;
            room(16 + 20 * rows);
            block.putInt(rows).putInt(refused.size());
            for (int row = 0; row < scores.rows(); row++)
                if (isGood(scores, row)) block.putLong(numbers[row]);
            for (int row = 0; row < scores.rows(); row++)
                if (isGood(scores, row)) block.putInt(scores.arm(row));
            for (int row = 0; row < scores.rows(); row++)
                if (isGood(scores, row)) block.putDouble(scores.confidence(row));
            for (var column : scores.columns()) add(column, scores, rows);
            if (files != null)
                for (int row = 0; row < scores.rows(); row++)
                    if (isGood(scores, row)) text(files.get(row));
            predicted += rows;
            flush();
        }

        private static boolean isGood(Scores scores, int row) {
            return scores.refusal(row) == null;
        }

        private void add(Column column, Scores scores, int rows) {
            switch (column) {
                case Column.Classes(_, _, var codes) -> {
                    room(4 * rows);
                    for (int row = 0; row < scores.rows(); row++)
                        if (isGood(scores, row)) block.putInt(codes[row]);
                }
                case Column.Reals(_, var numbers) -> {
                    room(8 * rows);
                    for (int row = 0; row < scores.rows(); row++)
                        if (isGood(scores, row)) block.putDouble(numbers[row]);
                }
                case Column.Texts(_, var texts) -> {
                    for (int row = 0; row < scores.rows(); row++)
                        if (isGood(scores, row)) text(texts[row]);
                }
            }
        }

        private void text(@Nullable String text) {
            var utf8 = text == null ? new byte[0] : text.getBytes(StandardCharsets.UTF_8);
            room(4 + utf8.length);
            block.putInt(text == null ? -1 : utf8.length).put(utf8);
        }

        private void room(int bytes) {
            if (block.remaining() >= bytes) return;
            var larger =
                    ByteBuffer.allocate(Math.max(2 * block.capacity(), block.position() + bytes));
            block = larger.put(block.flip());
        }

        private void flush() throws IOException {
            // Some were refused by the reader, others only by the endpoint.
            refused.sort(java.util.Comparator.comparingLong(Refused::number));
            for (var each : refused) {
                room(16);
                block.putLong(each.number()).putLong(each.line());
                text(each.file().orElse(null));
                text(each.reason());
            }
            rejected += refused.size();
            refused.clear();
            out.writeInt(block.position());
            out.write(block.array(), 0, block.position());
        }

        /// All of it is there: on disk, and under its name.
        void commit() throws IOException {
            if (!refused.isEmpty()) {
                block.clear().putInt(0).putInt(refused.size());
                flush();
            }
            var trailer = Json.object().put("predicted", predicted).put("rejected", rejected);
            var arms = trailer.putArray("arms");
            var dictionaries = trailer.putObject("dictionaries");
            if (last != null) {
                last.arms().texts().forEach(arms::add);
                for (var column : last.columns())
                    if (column instanceof Column.Classes(_, var dictionary, _))
                        dictionary.texts().forEach(dictionaries.putArray(column.name())::add);
            }
            var json = Json.write(trailer);
            out.write(json);
            out.writeLong(json.length);
            out.flush();
            out.writeLong(checked.getChecksum().getValue());
            out.flush();
            channel.force(true);
            close();
            Files.move(fresh, path, StandardCopyOption.ATOMIC_MOVE);
        }

        long predicted() {
            return predicted;
        }

        long rejected() {
            return rejected;
        }

        @Override
        public void close() throws IOException {
            channel.close();
        }
    }

    /// A row without an answer.
    record Refused(long number, long line, Optional<String> file, String reason) {}

    /// Reads a part block by block. For one thread.
    static final class Reader implements AutoCloseable {
        private final FileChannel channel;
        private final long end;
        final JsonNode trailer;
        private ByteBuffer block = ByteBuffer.allocate(1 << 18);
        private long at;

        Reader(Path path) throws IOException {
            channel = FileChannel.open(path);
            trailer = Part.trailer(channel);
            var tail = ByteBuffer.allocate(8);
            channel.read(tail, channel.size() - TAIL);
            end = channel.size() - TAIL - tail.flip().getLong();
        }

        /// The next block, to be read from its beginning; null at the end.
        @Nullable ByteBuffer next() throws IOException {
            if (at >= end) return null;
            var length = ByteBuffer.allocate(4);
            channel.read(length, at);
            int bytes = length.flip().getInt();
            if (block.capacity() < bytes) block = ByteBuffer.allocate(bytes);
            block.clear().limit(bytes);
            for (long from = at + 4; block.hasRemaining(); ) {
                int read = channel.read(block, from);
                if (read < 0) throw new IOException("a part is shorter than it was");
                from += read;
            }
            at += 4 + bytes;
            return block.flip();
        }

        static @Nullable String text(ByteBuffer block) {
            int length = block.getInt();
            if (length < 0) return null;
            var utf8 = new byte[length];
            block.get(utf8);
            return new String(utf8, StandardCharsets.UTF_8);
        }

        @Override
        public void close() throws IOException {
            channel.close();
        }
    }
}
