package dev.davy.rollout;

import dev.davy.schema.Schema;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Optional;
import java.util.function.LongFunction;

/// What was gathered, as it is stored with the place in the log up to which it was.
final class GatheringBytes {
    /// Since this layout times are kept in parts.
    static final int IN_PARTS = 2;

    /// Since this layout a shadow is held against truth, slices and judgements.
    private static final int BESIDE = 3;

    private static final int LAYOUT = 3;

    private GatheringBytes() {}

    static byte[] of(Gathering gathering) {
        var bytes = new ByteArrayOutputStream();
        synchronized (gathering) {
            try (var out = new DataOutputStream(bytes)) {
                out.writeByte(LAYOUT);
                out.writeInt(gathering.stage);
                for (long each : gathering.counts) out.writeLong(each);
                for (int each : gathering.warming) out.writeInt(each);
                out.writeInt(gathering.eras.size());
                for (var each : gathering.eras.entrySet()) {
                    out.writeLong(each.getKey());
                    out.writeLong(each.getValue().first());
                    out.writeDouble(each.getValue().share());
                    out.writeInt(each.getValue().stage());
                }
                gathering.spans.write(out);
                gathering.shadows.write(out);
                gathering.besideLive.write(out);
                gathering.besideCandidate.write(out);
                for (var cell : gathering.cells()) cell.write(out);
            } catch (IOException impossible) {
                throw new IllegalStateException(impossible);
            }
        }
        return bytes.toByteArray();
    }

    static Gathering read(byte[] bytes, Gathering.Aim aim, LongFunction<Optional<Schema>> schemas) {
        var gathering = new Gathering(aim, schemas);
        try (var in = new DataInputStream(new ByteArrayInputStream(bytes))) {
            int layout = in.readByte();
            if (layout < 1 || layout > LAYOUT)
                throw new IllegalStateException(
                        "stored evidence has layout "
                                + layout
                                + "; this release reads up to "
                                + LAYOUT);
            gathering.stage = in.readInt();
            for (int i = 0; i < gathering.counts.length; i++) gathering.counts[i] = in.readLong();
            for (int i = 0; i < gathering.warming.length; i++) gathering.warming[i] = in.readInt();
            for (int left = in.readInt(); left > 0; left--)
                gathering.eras.put(
                        in.readLong(),
                        new Gathering.Era(in.readLong(), in.readDouble(), in.readInt()));
            gathering.spans.fill(in);
            gathering.shadows.fill(in, layout < BESIDE);
            if (layout >= BESIDE) {
                gathering.besideLive.fill(in);
                gathering.besideCandidate.fill(in);
            }
            var cells = new ArrayList<Cell>();
            for (var guard : aim.policy().guards())
                for (int i = 0; i <= guard.slices().size(); i++)
                    cells.add(Cell.read(guard, gathering.entities(), layout, in));
            gathering.replace(cells);
        } catch (IOException broken) {
            throw new IllegalStateException(broken);
        }
        return gathering;
    }
}
