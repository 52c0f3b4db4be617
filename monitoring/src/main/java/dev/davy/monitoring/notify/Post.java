package dev.davy.monitoring.notify;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.IDN;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;

/// Posts a few bytes to an address that somebody declared, and looks at nothing but the status of
/// the answer.
///
/// Our own few lines of HTTP/1.1, because a client of the JDK resolves the name by itself: here the
/// addresses of a name are looked at once, and the connection goes to one of those that were looked
/// at. No redirect is followed and no body is read, so nothing of what an answer holds reaches
/// anybody.
final class Post {
    private static final int HEAD_MOST = 16_384;
    private static final int INTERIM_MOST = 3;

    private final Set<String> allowed;
    private final Duration patience;
    private final SSLSocketFactory encrypted;

    /// @param allowed hosts that may be internal, with or without a port
    /// @param patience for all of it: connecting, sending, and the answer's head
    Post(Set<String> allowed, Duration patience, SSLSocketFactory encrypted) {
        this.allowed =
                Set.copyOf(allowed.stream().map(each -> each.toLowerCase(Locale.ROOT)).toList());
        this.patience = patience;
        this.encrypted = encrypted;
    }

    /// Returns when the other side said that it took it.
    void send(URI url, Map<String, String> headers, byte[] body) throws NotDelivered {
        long until = System.nanoTime() + patience.toNanos();
        boolean secure = "https".equalsIgnoreCase(url.getScheme());
        int port = url.getPort() > 0 ? url.getPort() : secure ? 443 : 80;
        var host = bare(url.getHost());
        var addresses = addresses(host, port);
        try (var plain = connected(addresses, port, until)) {
            if (!secure) {
                exchange(plain, url, headers, body, until);
                return;
            }
            plain.setSoTimeout(left(until));
            try (var socket = (SSLSocket) encrypted.createSocket(plain, host, port, true)) {
                var parameters = socket.getSSLParameters();
                // That the certificate is of this host: not checked unless asked for.
                parameters.setEndpointIdentificationAlgorithm("HTTPS");
                if (!isLiteral(host)) parameters.setServerNames(List.of(new SNIHostName(host)));
                socket.setSSLParameters(parameters);
                socket.startHandshake();
                exchange(socket, url, headers, body, until);
            }
        } catch (SocketTimeoutException slow) {
            throw NotDelivered.yet("it did not answer within " + patience.toSeconds() + " s");
        } catch (IOException broken) {
            throw NotDelivered.yet("the connection failed: " + broken.getMessage());
        }
    }

    private static String bare(String host) {
        if (host.startsWith("[") && host.endsWith("]")) return host.substring(1, host.length() - 1);
        return IDN.toASCII(host).toLowerCase(Locale.ROOT);
    }

    private static boolean isLiteral(String host) {
        return host.indexOf(':') >= 0 || host.matches("[0-9.]+");
    }

    private InetAddress[] addresses(String host, int port) throws NotDelivered {
        InetAddress[] all;
        try {
            all = InetAddress.getAllByName(host);
        } catch (UnknownHostException e) {
            throw NotDelivered.yet("the name " + host + " is not known");
        }
        if (allowed.contains(host) || allowed.contains(host + ":" + port)) return all;
        // One of several is enough: whoever can name it once can name it again.
        for (var each : all) {
            var why = Internal.why(each);
            if (why.isPresent())
                throw NotDelivered.yet(
                        host
                                + " is "
                                + why.get()
                                + ", where webhooks go only if the settings name it in"
                                + " notify.allow-hosts");
        }
        return all;
    }

    private static Socket connected(InetAddress[] addresses, int port, long until)
            throws IOException {
        IOException failed = new IOException("it has no address");
        for (var address : addresses) {
            var socket = new Socket();
            try {
                socket.connect(new InetSocketAddress(address, port), left(until));
                return socket;
            } catch (IOException e) {
                socket.close();
                failed = e;
            }
        }
        throw failed;
    }

    private static int left(long until) throws SocketTimeoutException {
        long millis = (until - System.nanoTime()) / 1_000_000;
        if (millis <= 0) throw new SocketTimeoutException();
        return (int) Math.min(millis, Integer.MAX_VALUE);
    }

    private static void exchange(
            Socket socket, URI url, Map<String, String> headers, byte[] body, long until)
            throws IOException, NotDelivered {
        var path = url.getRawPath().isEmpty() ? "/" : url.getRawPath();
        var head = new StringBuilder("POST ").append(path);
        if (url.getRawQuery() != null) head.append('?').append(url.getRawQuery());
        head.append(" HTTP/1.1\r\nHost: ").append(url.getRawAuthority()).append("\r\n");
        headers.forEach(
                (name, value) -> head.append(name).append(": ").append(value).append("\r\n"));
        head.append("Content-Length: ").append(body.length);
        head.append("\r\nConnection: close\r\n\r\n");
        var out = new ByteArrayOutputStream(head.length() + body.length);
        out.writeBytes(head.toString().getBytes(StandardCharsets.US_ASCII));
        out.writeBytes(body);
        socket.setSoTimeout(left(until));
        socket.getOutputStream().write(out.toByteArray());
        socket.getOutputStream().flush();
        int status = status(socket, until);
        for (int interim = 0; status / 100 == 1 && interim < INTERIM_MOST; interim++)
            status = status(socket, until);
        judge(status);
    }

    private static void judge(int status) throws NotDelivered {
        if (status / 100 == 2) return;
        if (status == 410)
            throw NotDelivered.everAgain("it answered 410: nobody is there any more");
        if (status / 100 == 3)
            throw NotDelivered.yet("it answered " + status + ", and redirects are not followed");
        throw NotDelivered.yet("it answered " + status);
    }

    /// Of one head, read to its end: an interim answer comes before the one that counts.
    private static int status(Socket socket, long until) throws IOException, NotDelivered {
        var head = new ByteArrayOutputStream();
        InputStream in = socket.getInputStream();
        int ends = 0;
        while (ends < 2) {
            socket.setSoTimeout(left(until));
            int b = in.read();
            if (b < 0) break;
            if (b == '\n') ends++;
            else if (b != '\r') ends = 0;
            head.write(b);
            if (head.size() > HEAD_MOST) break;
        }
        var text = head.toString(StandardCharsets.ISO_8859_1);
        if (!text.matches("(?s)HTTP/1\\.[01] [1-5][0-9][0-9]\\b.*"))
            throw NotDelivered.yet("what answered does not speak HTTP");
        return Integer.parseInt(text.substring(9, 12));
    }
}
