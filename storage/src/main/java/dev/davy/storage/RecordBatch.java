package dev.davy.storage;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.CRC32C;

/// Records on their way into the log, already in the form in which they will stand there: encoded
/// and checksummed by the thread that has them, so that [Log#append] only copies.
///
/// For one thread, and meant to be used again: `begin`, puts, `end`, … , `append`, `clear`. Numbers
/// are little-endian; [Payload] reads what is put here.
public final class RecordBatch {
    private static final VarHandle SHORT = view(short[].class);
    private static final VarHandle INT = view(int[].class);
    private static final VarHandle LONG = view(long[].class);

    /// After a record this large the buffer is given back, so that one image does not hold memory
    /// on every thread for ever.
    private static final int KEPT_CAPACITY = 1 << 20;

    private final CRC32C checksum = new CRC32C();
    private byte[] bytes;
    private int size;
    private int recordStart = -1;
    private int records;
    private long idMillisMin = Long.MAX_VALUE;
    private long idMillisMax = Long.MIN_VALUE;

    public RecordBatch() {
        this(1 << 14);
    }

    /// @param capacity bytes to begin with; it grows
    public RecordBatch(int capacity) {
        bytes = new byte[Math.max(capacity, 256)];
    }

    /// Begins a record; its content follows by puts.
    ///
    /// @param type what it tells, 1 to 65,535: readers skip types that they do not know
    /// @param version of the type's layout, 0 to 65,535
    /// @param schemaHash of the schema by which its columns are read, 0 if it has none
    /// @param timeMicros since 1970
    public void begin(
            int type, int version, long schemaHash, long idHigh, long idLow, long timeMicros) {
        if (recordStart >= 0) throw new IllegalStateException("a record is open: end it first");
        if (type < 1 || type > 0xFFFF || version < 0 || version > 0xFFFF)
            throw new IllegalArgumentException(
                    "type is " + type + " and version " + version + "; they are 16 bits, type > 0");
        recordStart = size;
        int at = claim(Layout.RECORD_HEADER);
        SHORT.set(bytes, at + Layout.TYPE, (short) type);
        SHORT.set(bytes, at + Layout.VERSION, (short) version);
        INT.set(bytes, at + Layout.RESERVED, 0);
        LONG.set(bytes, at + Layout.SCHEMA, schemaHash);
        LONG.set(bytes, at + Layout.ID_HIGH, idHigh);
        LONG.set(bytes, at + Layout.ID_LOW, idLow);
        LONG.set(bytes, at + Layout.TIME, timeMicros);
    }

    /// Ends the record: it is now part of the batch.
    public void end() {
        int start = started();
        int length = size - start;
        if (length > Layout.RECORD_MAX)
            throw new IllegalStateException(
                    "a record has " + length + " bytes; the limit is " + Layout.RECORD_MAX);
        INT.set(bytes, start + Layout.LENGTH, length);
        checksum.reset();
        checksum.update(bytes, start + Layout.TYPE, length - Layout.TYPE);
        INT.set(bytes, start + Layout.CHECKSUM, (int) checksum.getValue());
        int padding = Layout.padded(length) - length;
        if (padding > 0) {
            int at = claim(padding);
            Arrays.fill(bytes, at, at + padding, (byte) 0);
        }
        long idHigh = (long) LONG.get(bytes, start + Layout.ID_HIGH);
        if (Ids.isOurs(idHigh)) {
            idMillisMin = Math.min(idMillisMin, Ids.millis(idHigh));
            idMillisMax = Math.max(idMillisMax, Ids.millis(idHigh));
        }
        records++;
        recordStart = -1;
    }

    /// Throws away the record that was begun.
    public void cancel() {
        if (recordStart < 0) return;
        size = recordStart;
        recordStart = -1;
    }

    /// Whole records in it.
    public int records() {
        return records;
    }

    /// Bytes that the whole records take in the log.
    public int size() {
        return recordStart < 0 ? size : recordStart;
    }

    /// Empties it, for the next records.
    public void clear() {
        size = 0;
        records = 0;
        recordStart = -1;
        idMillisMin = Long.MAX_VALUE;
        idMillisMax = Long.MIN_VALUE;
        if (bytes.length > KEPT_CAPACITY) bytes = new byte[KEPT_CAPACITY];
    }

    public RecordBatch putByte(int value) {
        int at = claim(1);
        bytes[at] = (byte) value;
        return this;
    }

    public RecordBatch putShort(int value) {
        int at = claim(2);
        SHORT.set(bytes, at, (short) value);
        return this;
    }

    public RecordBatch putInt(int value) {
        int at = claim(4);
        INT.set(bytes, at, value);
        return this;
    }

    public RecordBatch putLong(long value) {
        int at = claim(8);
        LONG.set(bytes, at, value);
        return this;
    }

    public RecordBatch putFloat(float value) {
        return putInt(Float.floatToRawIntBits(value));
    }

    public RecordBatch putDouble(double value) {
        return putLong(Double.doubleToRawLongBits(value));
    }

    /// Seven bits a byte, the lowest first (LEB128, unsigned): small numbers are short, negative
    /// ones take ten bytes.
    public RecordBatch putVarint(long value) {
        ensure(10);
        while ((value & ~0x7FL) != 0) {
            bytes[size++] = (byte) (value | 0x80);
            value >>>= 7;
        }
        bytes[size++] = (byte) value;
        return this;
    }

    /// The number of bytes as a varint, then UTF-8.
    public RecordBatch putText(String value) {
        int length = value.length();
        putVarint(length);
        ensure(length);
        int from = size;
        for (int i = 0; i < length; i++) {
            char c = value.charAt(i);
            if (c >= 0x80) return putWideText(value, from - varintSize(length));
            bytes[from + i] = (byte) c;
        }
        size = from + length;
        return this;
    }

    /// The bytes alone, without their number.
    public RecordBatch putBytes(byte[] from, int offset, int length) {
        int at = claim(length);
        System.arraycopy(from, offset, bytes, at, length);
        return this;
    }

    /// All that remains in the buffer, without its number; the buffer's position stays.
    public RecordBatch putBuffer(ByteBuffer from) {
        int length = from.remaining();
        int at = claim(length);
        from.get(from.position(), bytes, at, length);
        return this;
    }

    byte[] bytes() {
        return bytes;
    }

    int firstLength() {
        return (int) INT.get(bytes, Layout.LENGTH);
    }

    long idMillisMin() {
        return idMillisMin;
    }

    long idMillisMax() {
        return idMillisMax;
    }

    private RecordBatch putWideText(String value, int start) {
        size = start;
        var utf8 = value.getBytes(StandardCharsets.UTF_8);
        putVarint(utf8.length);
        return putBytes(utf8, 0, utf8.length);
    }

    private static int varintSize(int value) {
        return Math.max(1, (38 - Integer.numberOfLeadingZeros(value)) / 7);
    }

    private int started() {
        if (recordStart < 0) throw new IllegalStateException("no record was begun");
        return recordStart;
    }

    private int claim(int length) {
        ensure(length);
        int at = size;
        size += length;
        return at;
    }

    private void ensure(int more) {
        if (recordStart < 0) throw new IllegalStateException("no record was begun");
        if (more > bytes.length - size) grow(more);
    }

    private void grow(int more) {
        long needed = (long) size + more;
        if (needed > Layout.BATCH_MAX)
            throw new IllegalStateException(
                    "a batch would have " + needed + " bytes; the limit is " + Layout.BATCH_MAX);
        bytes =
                Arrays.copyOf(
                        bytes,
                        (int) Math.min(Layout.BATCH_MAX, Math.max(needed, 2L * bytes.length)));
    }

    private static VarHandle view(Class<?> array) {
        return MethodHandles.byteArrayViewVarHandle(array, ByteOrder.LITTLE_ENDIAN)
                .withInvokeExactBehavior();
    }
}
