package dev.davy.serving;

import dev.davy.runtime.Datatype;
import java.util.List;

/// The numbers by which the log names what the code names in words. Written once and for ever: a
/// new word goes to the end of its list, none is moved or taken out.
final class Codes {
    private Codes() {}

    static final List<Origin> ORIGINS =
            List.of(
                    Origin.LIVE,
                    Origin.BATCH,
                    Origin.REPLAY,
                    Origin.REHEARSAL,
                    Origin.EXTERNAL,
                    Origin.EDGE);

    static final List<Arm.Role> ROLES =
            List.of(Arm.Role.LIVE, Arm.Role.CANDIDATE, Arm.Role.SHADOW, Arm.Role.KEPT);

    static final List<Datatype> DATATYPES =
            List.of(
                    Datatype.BOOL,
                    Datatype.UINT8,
                    Datatype.UINT16,
                    Datatype.UINT32,
                    Datatype.UINT64,
                    Datatype.INT8,
                    Datatype.INT16,
                    Datatype.INT32,
                    Datatype.INT64,
                    Datatype.FP16,
                    Datatype.BF16,
                    Datatype.FP32,
                    Datatype.FP64,
                    Datatype.BYTES);

    static int of(Origin origin) {
        return ORIGINS.indexOf(origin);
    }

    static int of(Arm.Role role) {
        return ROLES.indexOf(role);
    }

    static int of(Datatype datatype) {
        return DATATYPES.indexOf(datatype);
    }
}
