package dev.davy.serving.oip;

import dev.davy.serving.InlineLane;
import dev.davy.serving.LoadedModel;
import dev.davy.serving.Predictor;
import dev.davy.serving.Routing;
import dev.davy.serving.RoutingTable;
import dev.davy.serving.Shape;
import dev.davy.strict.Limits;
import io.netty.channel.EventLoop;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/// What one event loop keeps from request to request: decoders, lanes and memory. No other thread
/// touches it.
final class LoopState {

    /// Bodies up to this size are decoded in memory that stays; a larger one brings its own.
    private static final int KEPT_BYTES = 1 << 20;

    private final Predictor predictor;
    private final Limits limits;
    private final InlineLane.Loop loop;
    private final IdentityHashMap<Shape, InferRequest> decoders = new IdentityHashMap<>();
    private final IdentityHashMap<LoadedModel, InlineLane> lanes = new IdentityHashMap<>();
    private RoutingTable seen = RoutingTable.EMPTY;
    private byte[] body = new byte[1 << 14];
    final InferAnswer answer = new InferAnswer();

    LoopState(Predictor predictor, Limits limits, EventLoop eventLoop) {
        this.predictor = predictor;
        this.limits = limits;
        loop =
                new InlineLane.Loop() {
                    @Override
                    public void execute(Runnable task) {
                        eventLoop.execute(task);
                    }

                    @Override
                    @SuppressWarnings(
                            "FutureReturnValueIgnored") // a loop that ends has nobody left to
                    // answer
                    public void schedule(Runnable task, long delay, TimeUnit unit) {
                        eventLoop.schedule(task, delay, unit);
                    }
                };
    }

    /// Lets go of what belonged to models that no table names any more.
    void see(RoutingTable table) {
        if (table == seen) return;
        seen = table;
        Set<LoadedModel> loaded = Collections.newSetFromMap(new IdentityHashMap<>());
        Set<Shape> shapes = Collections.newSetFromMap(new IdentityHashMap<>());
        for (var routing : table.routes().values()) {
            shapes.add(routing.shape());
            for (var arm : routing.arms()) loaded.addAll(arm.program().models());
        }
        decoders.keySet().retainAll(shapes);
        for (var model : List.copyOf(lanes.keySet()))
            if (!loaded.contains(model)) {
                var lane = lanes.remove(model);
                if (lane != null) lane.close();
            }
    }

    /// Makes what the first call of each endpoint would have to wait for.
    void prepare(RoutingTable table) {
        see(table);
        for (var routing : table.routes().values()) {
            var model = routing.ready() ? DataPath.direct(routing) : null;
            if (model == null) continue;
            decoder(routing.shape());
            if (model.quick()) lane(routing, model);
        }
    }

    /// Lets go of everything. Nothing may be called here any more.
    void close() {
        see(new RoutingTable(Map.of()));
    }

    InferRequest decoder(Shape shape) {
        var decoder = decoders.get(shape);
        if (decoder == null) {
            decoder = new InferRequest(shape.signature(), limits);
            decoders.put(shape, decoder);
        }
        return decoder;
    }

    InlineLane lane(Routing routing, LoadedModel model) {
        var lane = lanes.get(model);
        if (lane == null) {
            lane = predictor.lane(routing, model, loop);
            lanes.put(model, lane);
        }
        return lane;
    }

    /// Memory for a body of so many bytes.
    byte[] body(int length) {
        if (length <= body.length) return body;
        int doubled = Integer.highestOneBit(length - 1) << 1;
        var larger = new byte[doubled > 0 ? doubled : length];
        if (larger.length <= KEPT_BYTES) body = larger;
        return larger;
    }
}
