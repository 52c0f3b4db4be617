package dev.davy.monitoring.notify;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/// A small mail server (RFC 5321) that takes letters, or says why not.
final class MailServer implements AutoCloseable {
    private final ServerSocket server;
    private volatile String refusal = "";
    final LinkedBlockingQueue<String> letters = new LinkedBlockingQueue<>();

    MailServer() throws IOException {
        server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().start(this::listen);
    }

    int port() {
        return server.getLocalPort();
    }

    /// What it says to every recipient from now on; empty: takes them.
    void refuses(String with) {
        refusal = with;
    }

    String next() throws InterruptedException {
        var letter = letters.poll(60, TimeUnit.SECONDS);
        if (letter == null) throw new AssertionError("no letter came within a minute");
        return letter;
    }

    private void listen() {
        while (!server.isClosed())
            try (var socket = server.accept()) {
                talk(socket);
            } catch (IOException gone) {
                // the test is over, or the caller went away
            }
    }

    private void talk(Socket socket) throws IOException {
        var in =
                new BufferedReader(
                        new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
        var out = socket.getOutputStream();
        say(out, "220 test");
        var envelope = new StringBuilder();
        for (var line = in.readLine(); line != null; line = in.readLine()) {
            var verb =
                    line.substring(0, Math.min(4, line.length()))
                            .toUpperCase(java.util.Locale.ROOT);
            switch (verb) {
                case "EHLO" -> say(out, "250-test\r\n250-AUTH PLAIN\r\n250 8BITMIME");
                case "AUTH" -> {
                    envelope.append(line).append('\n');
                    say(out, "235 good");
                }
                case "MAIL" -> {
                    envelope.append(line).append('\n');
                    say(out, "250 good");
                }
                case "RCPT" -> {
                    envelope.append(line).append('\n');
                    say(out, refusal.isEmpty() ? "250 good" : refusal);
                }
                case "DATA" -> {
                    say(out, "354 go on");
                    for (var text = in.readLine();
                            text != null && !text.equals(".");
                            text = in.readLine()) envelope.append(text).append('\n');
                    letters.add(envelope.toString());
                    say(out, "250 taken");
                }
                case "QUIT" -> {
                    say(out, "221 bye");
                    return;
                }
                default -> say(out, "250 good");
            }
        }
    }

    private static void say(java.io.OutputStream out, String text) throws IOException {
        out.write((text + "\r\n").getBytes(StandardCharsets.US_ASCII));
        out.flush();
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
