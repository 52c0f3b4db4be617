package dev.davy.bench;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// A blocking HTTP/1.1 client of one connection: for setting up what is measured and for clients
/// that must see every reply, not for load.
final class Wire implements AutoCloseable {
    private final Socket socket;
    private final InputStream in;

    private Wire(Socket socket) throws IOException {
        this.socket = socket;
        in = new BufferedInputStream(socket.getInputStream(), 16 * 1024);
    }

    /// @param header lower-case names
    @SuppressWarnings("ArrayRecordComponent") // read, never compared
    record Reply(int status, Map<String, String> header, byte[] body) {
        String text() {
            return new String(body, StandardCharsets.UTF_8);
        }

        Optional<String> header(String name) {
            return Optional.ofNullable(header.get(name));
        }
    }

    static Wire connect(int port, Duration patience) throws IOException {
        var socket = new Socket();
        try {
            socket.setTcpNoDelay(true);
            socket.setSoTimeout((int) patience.toMillis());
            socket.connect(
                    new InetSocketAddress(InetAddress.getLoopbackAddress(), port),
                    (int) patience.toMillis());
            return new Wire(socket);
        } catch (IOException failed) {
            socket.close();
            throw failed;
        }
    }

    Reply get(String path) throws IOException {
        return call(
                ("GET " + path + " HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
                        .getBytes(StandardCharsets.US_ASCII));
    }

    Reply post(String path, String type, byte[] body) throws IOException {
        return call(Requests.post(path, "Content-Type: " + type + "\r\n", body));
    }

    /// Sends a whole request, as bytes, and waits for the whole reply.
    Reply call(byte[] request) throws IOException {
        socket.getOutputStream().write(request);
        var first = line();
        int status =
                Integer.parseInt(first.substring("HTTP/1.1 ".length(), "HTTP/1.1 200".length()));
        var header = new HashMap<String, String>();
        for (var line = line(); !line.isEmpty(); line = line()) {
            int colon = line.indexOf(':');
            header.put(
                    line.substring(0, colon).toLowerCase(Locale.ROOT),
                    line.substring(colon + 1).strip());
        }
        int length = Integer.parseInt(header.getOrDefault("content-length", "0"));
        var body = in.readNBytes(length);
        if (body.length < length) throw new EOFException("the reply broke off");
        return new Reply(status, header, body);
    }

    private String line() throws IOException {
        var line = new StringBuilder(64);
        while (true) {
            int next = in.read();
            if (next < 0) throw new EOFException("the reply broke off");
            if (next == '\n') return line.toString();
            if (next != '\r') line.append((char) next);
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
