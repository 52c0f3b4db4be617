package dev.davy.http;

import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/// A connection of which each byte is our own: what no HTTP client would send.
public final class Raw implements Closeable {
    /// An answer as it came.
    ///
    /// @param headers by name in lower case
    public record Reply(int status, Map<String, String> headers, String body) {
        public String header(String name) {
            return headers.getOrDefault(name, "");
        }
    }

    private static final int GIVE_UP_MILLIS = 20_000;

    private final Socket socket;
    private final InputStream in;

    public Raw(int port) throws IOException {
        socket = new Socket();
        socket.connect(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), port), GIVE_UP_MILLIS);
        socket.setSoTimeout(GIVE_UP_MILLIS);
        socket.setTcpNoDelay(true);
        in = socket.getInputStream();
    }

    /// Sends text as it is, one byte per character.
    public Raw send(String text) throws IOException {
        return send(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    public Raw send(byte[] bytes) throws IOException {
        socket.getOutputStream().write(bytes);
        return this;
    }

    /// Sends as much as the server takes, which may have stopped listening.
    public Raw sendWhatCanBe(byte[] bytes) {
        try {
            socket.getOutputStream().write(bytes);
        } catch (IOException e) {
            // The server has had enough: its answer is what the test looks at.
        }
        return this;
    }

    /// The next answer, body and all.
    public Reply reply() throws IOException {
        var status = line();
        var headers = new LinkedHashMap<String, String>();
        for (var line = line(); !line.isEmpty(); line = line()) {
            int colon = line.indexOf(':');
            headers.merge(
                    line.substring(0, colon).toLowerCase(Locale.ROOT),
                    line.substring(colon + 1).strip(),
                    (a, b) -> a + ", " + b);
        }
        int code = Integer.parseInt(status.split(" ")[1]);
        var body =
                code == 100 || code == 204
                        ? new byte[0]
                        : headers.getOrDefault("transfer-encoding", "").equals("chunked")
                                ? chunks()
                                : in.readNBytes(
                                        Integer.parseInt(
                                                headers.getOrDefault("content-length", "0")));
        return new Reply(code, headers, new String(body, StandardCharsets.UTF_8));
    }

    /// The next answer to a HEAD.
    public Reply replyWithoutBody() throws IOException {
        var text = new StringBuilder();
        for (var line = line(); !line.isEmpty(); line = line()) text.append(line).append('\n');
        return new Reply(
                Integer.parseInt(text.toString().split(" ")[1]), Map.of(), text.toString());
    }

    /// Whether the server closes the connection before anything else comes.
    public boolean isClosed() throws IOException {
        try {
            return in.read() < 0;
        } catch (java.net.SocketException e) {
            return true; // reset
        }
    }

    public byte[] chunk() throws IOException {
        int size = Integer.parseInt(line(), 16);
        var chunk = in.readNBytes(size);
        line();
        return chunk;
    }

    /// Our last byte: the server sees the end of our side.
    public Raw end() throws IOException {
        socket.shutdownOutput();
        return this;
    }

    public String line() throws IOException {
        var line = new ByteArrayOutputStream();
        for (int b = in.read(); b != '\n'; b = in.read()) {
            if (b < 0) throw new IOException("closed after '" + line + "'");
            if (b != '\r') line.write(b);
        }
        return line.toString(StandardCharsets.ISO_8859_1);
    }

    private byte[] chunks() throws IOException {
        var whole = new ByteArrayOutputStream();
        for (var chunk = chunk(); chunk.length > 0; chunk = chunk()) whole.write(chunk);
        return whole.toByteArray();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
