package dev.davy.serving;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/// What an endpoint did since the server started, cumulative: the numbers behind the protocol's
/// statistics.
///
/// Adders, because many threads count and few read.
public final class Statistics {

    /// How often, and how long altogether.
    public static final class Span {
        private final LongAdder count = new LongAdder();
        private final LongAdder nanos = new LongAdder();

        public void add(long times, long nanosEach) {
            count.add(times);
            nanos.add(nanosEach);
        }

        public long count() {
            return count.sum();
        }

        public long nanos() {
            return nanos.sum();
        }
    }

    /// One size of batch that was run.
    public static final class BatchSize {
        public final Span input = new Span();
        public final Span infer = new Span();
        public final Span output = new Span();
    }

    public final Span success = new Span();
    public final Span fail = new Span();
    public final Span queue = new Span();
    public final Span input = new Span();
    public final Span infer = new Span();
    public final Span output = new Span();
    private final LongAdder rows = new LongAdder();
    private final LongAdder runs = new LongAdder();
    private final LongAdder lost = new LongAdder();
    private final LongAdder blobsDropped = new LongAdder();
    private final LongAdder notFinite = new LongAdder();
    private final LongAdder shadowDropped = new LongAdder();
    private final LongAdder instead = new LongAdder();
    private final AtomicLong lastMillis = new AtomicLong();
    private final ConcurrentHashMap<Integer, BatchSize> sizes = new ConcurrentHashMap<>();

    /// A model was run once on so many rows.
    public void ran(
            int rowCount, long inputNanos, long inferNanos, long outputNanos, long nowMillis) {
        rows.add(rowCount);
        runs.increment();
        input.add(1, inputNanos);
        infer.add(1, inferNanos);
        output.add(1, outputNanos);
        lastMillis.lazySet(nowMillis);
        var size = sizes.get(rowCount);
        if (size == null) size = sizes.computeIfAbsent(rowCount, any -> new BatchSize());
        size.input.add(1, inputNanos);
        size.infer.add(1, inferNanos);
        size.output.add(1, outputNanos);
    }

    /// A record could not be kept.
    public void lost(long records) {
        lost.add(records);
    }

    /// A large input was kept as summary and digest only.
    public void blobDropped() {
        blobsDropped.increment();
    }

    /// An answer held NaN or an infinity.
    public void notFinite(long answers) {
        notFinite.add(answers);
    }

    /// A shadow could not keep up.
    public void shadowDropped() {
        shadowDropped.increment();
    }

    /// Another arm answered for one that failed.
    public void instead() {
        instead.increment();
    }

    public long shadowsDropped() {
        return shadowDropped.sum();
    }

    /// How often another arm answered for one that failed.
    public long answeredInstead() {
        return instead.sum();
    }

    public long rows() {
        return rows.sum();
    }

    public long runs() {
        return runs.sum();
    }

    public long lost() {
        return lost.sum();
    }

    public long blobsDropped() {
        return blobsDropped.sum();
    }

    public long notFinite() {
        return notFinite.sum();
    }

    /// When it last answered, in milliseconds since 1970; 0: never.
    public long lastMillis() {
        return lastMillis.get();
    }

    /// By the number of rows.
    public ConcurrentHashMap<Integer, BatchSize> sizes() {
        return sizes;
    }
}
