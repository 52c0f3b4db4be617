package dev.davy.serving;

import dev.davy.runtime.Answer;
import dev.davy.runtime.Background;
import dev.davy.runtime.Datatype;
import dev.davy.runtime.Session;
import dev.davy.runtime.Tensor;
import dev.davy.schema.Row;
import dev.davy.strict.Problem;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Has shadows answer what live has answered already: off the callers' path, by threads that give
/// way to all others, from a queue that is bounded. What it can't keep up with is dropped and
/// counted.
///
/// A caller pays for a copy of the inputs and nothing else: nobody is woken, the threads look for
/// themselves, until nothing has come for a second. The next one wakes them.
final class Shadows implements AutoCloseable {
    private static final Logger LOGGER = LoggerFactory.getLogger(Shadows.class);

    private static final int THREADS = 2;
    private static final long LOOK_NANOS = 2_000_000;
    private static final int LOOKS_IN_VAIN_MOST = 500;

    /// How many predictions may wait, and how large they may be together.
    private static final long MOST_WAITING = 4_096;

    private static final long MOST_BYTES = 64L << 20;

    private final ConcurrentLinkedQueue<Waiting> queue = new ConcurrentLinkedQueue<>();
    private final AtomicLong waiting = new AtomicLong();
    private final AtomicLong bytes = new AtomicLong();
    private final Supplier<Recorder> recorders;
    private final ConcurrentHashMap<LoadedModel, Session> sessions = new ConcurrentHashMap<>();
    private final List<Thread> threads = new ArrayList<>();
    private volatile boolean closed;
    private volatile boolean started;
    private volatile boolean asleep;

    Shadows(Supplier<Recorder> recorders) {
        this.recorders = recorders;
    }

    /// A prediction that live has answered.
    ///
    /// @param asked what came in
    /// @param live what live's components said
    /// @param entity as it is logged
    private record Waiting(
            Routing routing,
            Arm arm,
            Arm liveArm,
            UUID id,
            Instant received,
            Optional<String> entity,
            Input asked,
            List<Program.Said> live) {}

    private sealed interface Input {
        long size();

        record OfRow(Row row) implements Input {
            @Override
            public long size() {
                return 1_024;
            }
        }

        /// A row's share of tensors, copied.
        record OfTensors(List<Tensor> tensors, long size) implements Input {}
    }

    /// Whether an answer is among the share that a shadow is asked for: live's alone are.
    static boolean wants(Routing routing, Arm by, UUID id) {
        return wants(routing, by, id.getMostSignificantBits(), id.getLeastSignificantBits());
    }

    /// The same, of one row of a call.
    static boolean wants(TensorCall call, int place) {
        return wants(call.routing, call.arm, call.ids[2 * place], call.ids[2 * place + 1]);
    }

    private static boolean wants(Routing routing, Arm by, long idHigh, long idLow) {
        var arm = routing.shadow();
        if (arm == null || by.role() != Arm.Role.LIVE) return false;
        if (arm.shadow() >= 1) return true;
        long mixed = (idHigh ^ idLow) * 0x9e3779b97f4a7c15L;
        return (mixed >>> 11) * 0x1p-53 < arm.shadow();
    }

    /// Live has answered a row that a shadow [#wants].
    void answered(
            Routing routing,
            Arm by,
            UUID id,
            Optional<String> entity,
            Row row,
            List<Program.Said> live) {
        if (hasRoom(routing)) put(routing, by, id, entity, new Input.OfRow(row), live);
    }

    /// Live has answered a row of tensors that a shadow [#wants].
    ///
    /// @param index its row in them; -1: all of them are its own
    void answered(
            TensorCall call,
            int place,
            List<Tensor> inputs,
            int index,
            Optional<String> entity,
            Answer answer,
            long nanos) {
        // Nothing is copied in vain.
        if (!hasRoom(call.routing)) return;
        put(
                call.routing,
                call.arm,
                new UUID(call.ids[2 * place], call.ids[2 * place + 1]),
                entity,
                copied(call.model, inputs, index),
                List.of(new Program.Said(answer, nanos, null)));
    }

    /// Whether one more may wait; one that may not is counted.
    private boolean hasRoom(Routing routing) {
        if (!closed && waiting.get() < MOST_WAITING && bytes.get() < MOST_BYTES) return true;
        routing.statistics().shadowDropped();
        return false;
    }

    private static Input copied(LoadedModel model, List<Tensor> inputs, int index) {
        var copies = new ArrayList<Tensor>(inputs.size());
        long size = 0;
        for (int i = 0; i < inputs.size(); i++) {
            var tensor = inputs.get(i);
            var shape = tensor.shape();
            int each = index < 0 ? tensor.elements() : (int) model.rowElements(i);
            int from = index < 0 ? 0 : index * each;
            if (index >= 0) shape[0] = 1;
            if (tensor.datatype() == Datatype.BYTES) {
                var texts = Arrays.copyOfRange(tensor.bytes(), from, from + each);
                for (var text : texts) size += text.length;
                copies.add(Tensor.ofBytes(shape, texts));
            } else {
                int width = tensor.datatype().bytes();
                var copy = new byte[each * width];
                tensor.data().get(from * width, copy);
                copies.add(Tensor.onHeap(tensor.datatype(), shape, copy));
                size += copy.length;
            }
        }
        return new Input.OfTensors(copies, size + 256);
    }

    private void put(
            Routing routing,
            Arm by,
            UUID id,
            Optional<String> entity,
            Input asked,
            List<Program.Said> live) {
        var arm = routing.shadow();
        if (arm == null) return;
        waiting.incrementAndGet();
        bytes.addAndGet(asked.size());
        queue.add(new Waiting(routing, arm, by, id, Instant.now(), entity, asked, live));
        if (!started) start();
        if (asleep) wake();
    }

    private synchronized void wake() {
        asleep = false;
        for (var thread : threads) LockSupport.unpark(thread);
    }

    private synchronized void start() {
        if (started || closed) return;
        for (int i = 0; i < THREADS; i++) {
            var thread = Thread.ofPlatform().daemon().name("davy-shadow-" + i).unstarted(this::go);
            threads.add(thread);
            thread.start();
        }
        started = true;
    }

    private void go() {
        Background.giveWay();
        var recorder = recorders.get();
        int vain = 0;
        while (!closed) {
            var next = queue.poll();
            if (next == null) {
                if (vain++ < LOOKS_IN_VAIN_MOST) LockSupport.parkNanos(LOOK_NANOS);
                else {
                    sleep();
                    vain = 0;
                }
                continue;
            }
            vain = 0;
            waiting.decrementAndGet();
            bytes.addAndGet(-next.asked().size());
            try {
                answer(next, recorder);
            } catch (RuntimeException bug) {
                LOGGER.error("a shadow of {} failed", next.routing().endpoint().name(), bug);
            }
        }
    }

    private void sleep() {
        asleep = true;
        // Whoever puts something there from now on sees that this sleeps.
        if (queue.isEmpty() && !closed) LockSupport.park(this);
    }

    private void answer(Waiting next, Recorder recorder) {
        long until = System.nanoTime() + next.routing().endpoint().deadline().toNanos();
        var said =
                switch (next.asked()) {
                    case Input.OfRow(var row) ->
                            next.arm().program().run(List.of(row), until).getFirst();
                    case Input.OfTensors(var tensors, var any) ->
                            List.of(said(next.arm(), tensors, until));
                };
        recorder.begin();
        recorder.shadow(next.routing(), shadow(next, said));
        recorder.append(null);
    }

    private Program.Said said(Arm arm, List<Tensor> tensors, long until) {
        long began = System.nanoTime();
        try {
            var model = arm.program().only().orElseThrow();
            var session = sessions.remove(model);
            if (session == null) {
                session = model.model().open();
                session.giveWay();
            }
            try {
                long way = session.wayNanos();
                var outputs = session.run(tensors, until);
                long nanos = System.nanoTime() - began - (session.wayNanos() - way);
                return new Program.Said(model.reading().read(outputs, 0), nanos, null);
            } finally {
                var other = sessions.put(model, session);
                if (other != null) other.close();
            }
        } catch (Problem problem) {
            return new Program.Said(null, System.nanoTime() - began, problem);
        }
    }

    private static Shadow shadow(Waiting next, List<Program.Said> said) {
        var program = next.arm().program();
        var live = next.liveArm().program();
        var problem = Predictor.problem(next.arm(), said);
        return new Shadow(
                next.id(),
                next.routing().endpoint().name(),
                next.routing().epoch(),
                next.entity(),
                next.received(),
                program.version(),
                live.decide(next.live()),
                problem == null ? program.decide(said) : Map.of(),
                live.confidence(next.live()),
                problem == null ? program.confidence(said) : OptionalDouble.empty(),
                Program.nanos(next.live()),
                Program.nanos(said),
                Optional.ofNullable(problem).map(Problem::code));
    }

    /// The failure of an answer that holds NaN or an infinity.
    static final String NOT_FINITE = "answer-not-finite";

    /// Lets go of what belongs to a model.
    void forget(LoadedModel model) {
        var session = sessions.remove(model);
        if (session != null) session.close();
    }

    @Override
    public void close() {
        closed = true;
        synchronized (this) {
            for (var thread : threads) LockSupport.unpark(thread);
        }
        for (var thread : threads)
            try {
                thread.join(1_000);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        sessions.values().forEach(Session::close);
    }
}
