package dev.davy.strict;

/// A strict pull reader of JSON (RFC 8259) over bytes, for hot paths: it makes no garbage but what
/// it returns, and no trees. One for each thread; [#reset] puts it on the next text.
///
/// ```java
/// cursor.reset(body, 0, body.length).beginObject();
/// while (cursor.nextField()) {
///     if (cursor.fieldIs(SHAPE)) shape = cursor.shape();
///     else if (cursor.fieldIs(DATA)) cursor.float32s(into, cursor.elements(shape), shape);
///     else cursor.skip();
/// }
/// cursor.end();
/// ```
///
/// After [#nextField] or [#nextElement] said yes exactly one value must be read or skipped. A part
/// that comes too early, such as data before its shape, is skipped and read later by a second
/// cursor between its [#position]s.
///
/// Every method throws [Problem] MALFORMED where the text is not what it asks for: `json-malformed`
/// (no JSON, and the place), `json-too-deep`, `json-unexpected` (another kind of value),
/// `number-out-of-range`, `shape-not-allowed`, `shape-and-data-differ`. Strings are checked as
/// UTF-8 even when skipped. Repeated field names are for the caller.
public final class JsonCursor {
    /// What comes next; `END` is the end of the text.
    public enum Kind {
        OBJECT,
        ARRAY,
        STRING,
        NUMBER,
        TRUE,
        FALSE,
        NULL,
        END
    }

    private static final byte FIRST_FIELD = 0;
    private static final byte LATER_FIELD = 1;
    private static final byte FIRST_ELEMENT = 2;
    private static final byte LATER_ELEMENT = 3;

    private static final byte[] TRUE = {'t', 'r', 'u', 'e'};
    private static final byte[] FALSE = {'f', 'a', 'l', 's', 'e'};
    private static final byte[] NULL = {'n', 'u', 'l', 'l'};

    final Limits limits;
    final JsonNumber number = new JsonNumber();
    private final byte[] open;
    private final JsonText text = new JsonText();
    private final JsonText name = new JsonText();
    private final JsonTensor tensor;

    byte[] bytes = new byte[0];
    int at;
    int to;
    private int from;
    private int depth;

    /// A cursor on an empty text.
    public JsonCursor() {
        this(Limits.DEFAULT);
    }

    /// A cursor on an empty text, with other limits on depth, numbers and tensors.
    public JsonCursor(Limits limits) {
        this.limits = limits;
        this.tensor = new JsonTensor(this);
        this.open = new byte[limits.jsonDepth()];
    }

    /// Puts the cursor before the text from `from` up to, not including, `to`. The array is read as
    /// it goes on, never written.
    public JsonCursor reset(byte[] utf8, int start, int end) {
        if (start < 0 || end < start || end > utf8.length)
            throw new IndexOutOfBoundsException(start + " to " + end + " of " + utf8.length);
        bytes = utf8;
        from = start;
        at = start;
        to = end;
        depth = 0;
        text.trim();
        return this;
    }

    /// What the next value is, or `END`. Reads nothing but white space.
    public Kind peek() {
        int b = space();
        return switch (b) {
            case '{' -> Kind.OBJECT;
            case '[' -> Kind.ARRAY;
            case '"' -> Kind.STRING;
            case 't' -> Kind.TRUE;
            case 'f' -> Kind.FALSE;
            case 'n' -> Kind.NULL;
            case '-', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9' -> Kind.NUMBER;
            case -1 -> Kind.END;
            default -> throw malformed("expected a value");
        };
    }

    public void beginObject() {
        if (space() != '{') throw unexpected("an object");
        push(FIRST_FIELD);
    }

    /// Goes to the next field of the object, up to its value; false, and out of the object, when
    /// there is none.
    public boolean nextField() {
        int b = space();
        byte state = depth == 0 ? FIRST_ELEMENT : open[depth - 1];
        if (state > LATER_FIELD) throw new IllegalStateException("not in an object");
        if (b == '}') {
            at++;
            depth--;
            return false;
        }
        if (state == LATER_FIELD) {
            if (b != ',') throw malformed("expected ',' or '}'");
            at++;
            b = space();
        }
        if (b != '"') throw malformed("expected a name in double quotes");
        open[depth - 1] = LATER_FIELD;
        at = checked(name, name.scan(bytes, at, to));
        if (space() != ':') throw malformed("expected ':'");
        at++;
        return true;
    }

    /// Whether the present field has this name.
    public boolean fieldIs(byte[] utf8) {
        return name.is(utf8);
    }

    /// The name of the field that [#nextField] went to last; for when [#fieldIs] knows none.
    public String fieldName() {
        return name.string();
    }

    public void beginArray() {
        if (space() != '[') throw unexpected("an array");
        push(FIRST_ELEMENT);
    }

    /// Goes to the next element of the array; false, and out of the array, when there is none.
    public boolean nextElement() {
        int b = space();
        byte state = depth == 0 ? FIRST_FIELD : open[depth - 1];
        if (state < FIRST_ELEMENT) throw new IllegalStateException("not in an array");
        if (b == ']') {
            at++;
            depth--;
            return false;
        }
        if (state == LATER_ELEMENT) {
            if (b != ',') throw malformed("expected ',' or ']'");
            at++;
        } else {
            open[depth - 1] = LATER_ELEMENT;
        }
        return true;
    }

    public String string() {
        scanString();
        return text.string();
    }

    /// The string in UTF-8, escapes undone.
    public byte[] stringBytes() {
        scanString();
        return text.utf8();
    }

    /// The string, if it is not empty, stays on one line and within the limit for ids; see
    /// [Names#id].
    public String id(String field) {
        return Names.id(field, string(), limits);
    }

    /// An integer with exactly this value, however it is spelled: `1e3` is one, `1.5` is none.
    public long int64(long min, long max) {
        scanNumber();
        if (number.isInteger(false)) {
            long value = number.int64();
            if (value >= min && value <= max) return value;
        }
        throw outOfRange("an integer from " + min + " to " + max);
    }

    /// The nearest float; `1e39` has none.
    public float float32() {
        scanNumber();
        float value = number.float32();
        if (Float.isInfinite(value)) throw outOfRange("a number that a 32-bit float can hold");
        return value;
    }

    /// The nearest double; `1e309` has none.
    public double float64() {
        scanNumber();
        double value = number.float64();
        if (Double.isInfinite(value)) throw outOfRange("a number that a 64-bit float can hold");
        return value;
    }

    public boolean bool() {
        int b = space();
        if (b != 't' && b != 'f') throw unexpected("true or false");
        word(b == 't' ? TRUE : FALSE);
        return b == 't';
    }

    /// Reads `null` and nothing else; [#peek] says whether it is there.
    public void nullValue() {
        if (space() != 'n') throw unexpected("null");
        word(NULL);
    }

    /// Reads over one value of any kind, checking it to its end.
    public void skip() {
        int base = depth;
        do {
            switch (peek()) {
                case OBJECT -> beginObject();
                case ARRAY -> beginArray();
                case STRING -> scanString();
                case NUMBER -> scanNumber();
                case TRUE, FALSE -> bool();
                case NULL -> nullValue();
                case END -> throw malformed("expected a value");
            }
            while (depth > base
                    && !(open[depth - 1] <= LATER_FIELD ? nextField() : nextElement())) {}
        } while (depth > base);
    }

    /// Checks that nothing but white space follows.
    public void end() {
        if (space() != -1) throw malformed("expected the end");
    }

    /// The index, in the array, of the next byte to be read.
    public int position() {
        return at;
    }

    /// The dimensions of a tensor: as many non-negative integers as the limit on ranks allows.
    public long[] shape() {
        return tensor.shape();
    }

    /// How many elements a tensor of this shape has; refused where that, or the rank, is over the
    /// limits.
    public int elements(long[] shape) {
        return JsonTensor.elements(shape, limits);
    }

    /// Whether what is left of the text can hold so many elements at all; ask before memory is set
    /// aside for them.
    public boolean canHold(int elements) {
        return to - at >= 2L * elements;
    }

    /// Reads a tensor's elements, row by row, flat (`[1,2,3,4]`) or nested exactly as the shape
    /// says (`[[1,2],[3,4]]`).
    ///
    /// @param into receives them from its index 0
    /// @param count how many there must be: the product of the shape
    /// @return count
    /// @throws Problem that names the first element which is wrong, missing or too much
    public int float32s(float[] into, int count, long[] shape) {
        return tensor.read(JsonTensor.Type.FLOAT32, into, into.length, count, shape);
    }

    /// As [#float32s], for doubles.
    public int float64s(double[] into, int count, long[] shape) {
        return tensor.read(JsonTensor.Type.FLOAT64, into, into.length, count, shape);
    }

    /// As [#float32s], for exact integers in a range.
    public int int64s(long[] into, int count, long[] shape, long min, long max) {
        tensor.range(min, max);
        return tensor.read(JsonTensor.Type.INT64, into, into.length, count, shape);
    }

    /// As [#float32s], for exact integers from 0 to 2^64-1, as their bits.
    public int uint64s(long[] into, int count, long[] shape) {
        return tensor.read(JsonTensor.Type.UINT64, into, into.length, count, shape);
    }

    /// As [#float32s], for `true`, `false`, 1 and 0.
    public int bools(byte[] into, int count, long[] shape) {
        return tensor.read(JsonTensor.Type.BOOL, into, into.length, count, shape);
    }

    /// As [#float32s], for strings; each in UTF-8.
    public byte[][] strings(int count, long[] shape) {
        if (!canHold(count)) throw tensor.tooFew(0, count);
        var into = new byte[count][];
        tensor.read(JsonTensor.Type.BYTES, into, into.length, count, shape);
        return into;
    }

    void scanNumber() {
        int b = space();
        if (b != '-' && (b < '0' || b > '9')) throw unexpected("a number");
        int next = number.scan(bytes, at, to);
        if (next < 0) throw malformed(-1 - next, "this is not how a number is written");
        if (next - at > limits.jsonNumberDigits())
            throw malformed("a number is longer than " + limits.jsonNumberDigits() + " characters");
        at = next;
    }

    private void scanString() {
        if (space() != '"') throw unexpected("a string");
        at = checked(text, text.scan(bytes, at, to));
    }

    private int checked(JsonText scanned, int next) {
        if (next < 0) throw malformed(-1 - next, scanned.wrong());
        return next;
    }

    private void push(byte state) {
        if (depth == open.length) throw JsonProblems.tooDeep(at - from, limits);
        open[depth++] = state;
        at++;
    }

    /// The array's next element has others before it, which were read past the cursor.
    void elementRead() {
        open[depth - 1] = LATER_ELEMENT;
    }

    private void word(byte[] letters) {
        for (var letter : letters) {
            if (at >= to || bytes[at] != letter) throw malformed("expected true, false or null");
            at++;
        }
    }

    /// The next byte that is no white space, -1 at the end; `at` then stands on it.
    int space() {
        while (at < to) {
            int b = bytes[at];
            if (b > ' ' || b != ' ' && b != '\n' && b != '\r' && b != '\t') return b & 0xFF;
            at++;
        }
        return -1;
    }

    Problem malformed(String expected) {
        return malformed(at, expected);
    }

    private Problem malformed(int place, String expected) {
        return JsonProblems.malformed(bytes, from, to, place, expected);
    }

    /// The value here is of another kind, or no value.
    Problem unexpected(String wanted) {
        Kind kind;
        try {
            kind = peek();
        } catch (Problem p) {
            return p;
        }
        if (kind == Kind.END) return malformed("expected " + wanted);
        return JsonProblems.unexpected(wanted, kind, at - from);
    }

    Problem outOfRange(String wanted) {
        return JsonProblems.outOfRange(number.text(), wanted);
    }
}
