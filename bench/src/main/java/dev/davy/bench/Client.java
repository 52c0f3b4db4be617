package dev.davy.bench;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/// One client of a server that may be killed and come back on another port: a connection that is
/// made again when it breaks, when it has been silent for long, or when the server is elsewhere.
final class Client implements AutoCloseable {
    static final Duration PATIENCE = Duration.ofSeconds(20);

    /// Well before the server closes what is silent.
    private static final long SILENT_NANOS = Duration.ofSeconds(20).toNanos();

    private final IntSupplier port;
    private final Witness witness;
    private final Duration patience;
    private @Nullable Wire wire;
    private int connected;
    private long heard;

    /// Hears how each call ended, in the nanoseconds of [System#nanoTime].
    interface Witness {
        Witness NONE =
                new Witness() {
                    @Override
                    public void replied(String what, Wire.Reply reply, long asked, long until) {}

                    @Override
                    public void broke(String what, String why, long asked, long until) {}
                };

        void replied(String what, Wire.Reply reply, long asked, long until);

        void broke(String what, String why, long asked, long until);
    }

    /// @param port of the server; 0 while there is none
    Client(IntSupplier port, Witness witness) {
        this(port, witness, PATIENCE);
    }

    /// @param patience how long an answer may take
    Client(IntSupplier port, Witness witness, Duration patience) {
        this.port = port;
        this.witness = witness;
        this.patience = patience;
    }

    Wire.Reply get(String path) throws IOException {
        return call("GET", path, "", new byte[0]);
    }

    Wire.Reply post(String path, String type, byte[] body) throws IOException {
        return call("POST", path, "Content-Type: " + type + "\r\n", body);
    }

    /// @param headers whole lines, each with its end
    Wire.Reply call(String method, String path, String headers, byte[] body) throws IOException {
        var head =
                "%s %s HTTP/1.1\r\nHost: 127.0.0.1\r\n%sContent-Length: %d\r\n\r\n"
                        .formatted(method, path, headers, body.length);
        var request = new ByteArrayOutputStream();
        request.write(head.getBytes(StandardCharsets.US_ASCII));
        request.write(body);
        return call(method + " " + path, request.toByteArray());
    }

    /// Sends a whole request, as bytes.
    ///
    /// @param what how the witness is told of it
    Wire.Reply call(String what, byte[] request) throws IOException {
        int at = port.getAsInt();
        if (at == 0) {
            close();
            throw new IOException("no server");
        }
        long asked = System.nanoTime();
        try {
            var reply = wire(at, asked).call(request);
            heard = System.nanoTime();
            witness.replied(what, reply, asked, heard);
            if (reply.header("connection").filter("close"::equalsIgnoreCase).isPresent()) close();
            return reply;
        } catch (IOException broken) {
            close();
            witness.broke(what, String.valueOf(broken.getMessage()), asked, System.nanoTime());
            throw broken;
        }
    }

    private Wire wire(int at, long now) throws IOException {
        var open = wire;
        if (open != null && connected == at && now - heard < SILENT_NANOS) return open;
        close();
        open = Wire.connect(at, patience);
        wire = open;
        connected = at;
        return open;
    }

    /// Breaks off whatever is under way, without a word.
    @Override
    public void close() {
        var open = wire;
        wire = null;
        if (open == null) return;
        try {
            open.close();
        } catch (IOException gone) {
            // That is what was wanted.
        }
    }
}
