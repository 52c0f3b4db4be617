package dev.davy.monitoring.notify;

import jakarta.mail.Authenticator;
import jakarta.mail.MessagingException;
import jakarta.mail.PasswordAuthentication;
import jakarta.mail.Session;
import jakarta.mail.Transport;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeMessage;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Properties;

/// Hands letters to the mail server of the settings.
final class Mail {
    private final NotifySettings.Smtp server;
    private final Session session;

    Mail(NotifySettings.Smtp server, Duration patience) {
        this.server = server;
        var properties = new Properties();
        properties.setProperty("mail.transport.protocol", "smtp");
        properties.setProperty("mail.smtp.host", server.host());
        properties.setProperty("mail.smtp.port", "" + server.port());
        properties.setProperty("mail.smtp.auth", "" + !server.user().isEmpty());
        properties.setProperty("mail.smtp.starttls.enable", "" + server.starttls());
        // A server that does not offer it may be somebody in between.
        properties.setProperty("mail.smtp.starttls.required", "" + server.starttls());
        properties.setProperty("mail.smtp.ssl.checkserveridentity", "true");
        for (var wait : List.of("connectiontimeout", "timeout", "writetimeout"))
            properties.setProperty("mail.smtp." + wait, "" + patience.toMillis());
        session =
                Session.getInstance(
                        properties,
                        new Authenticator() {
                            @Override
                            protected PasswordAuthentication getPasswordAuthentication() {
                                return new PasswordAuthentication(server.user(), server.password());
                            }
                        });
    }

    /// Returns when the server took it.
    ///
    /// @param id the same for the same letter, so that a second one is recognised
    void send(String id, Channel.Email channel, String subject, String text, Instant at)
            throws NotDelivered {
        try {
            var letter = new Letter(session, id);
            letter.setFrom(new InternetAddress(channel.from().orElse(server.from()), true));
            for (var to : channel.to())
                letter.addRecipient(
                        jakarta.mail.Message.RecipientType.TO, new InternetAddress(to, true));
            letter.setSubject(subject, "UTF-8");
            letter.setSentDate(Date.from(at));
            letter.setHeader("Auto-Submitted", "auto-generated");
            letter.setText(text, "UTF-8");
            Transport.send(letter);
        } catch (MessagingException e) {
            throw NotDelivered.yet("the mail server " + server + " did not take it: " + reason(e));
        }
    }

    /// The library wraps what happened once or twice.
    private static String reason(MessagingException failure) {
        Throwable cause = failure;
        while (cause.getCause() != null) cause = cause.getCause();
        return String.valueOf(cause.getMessage()).strip().replaceAll("\\s+", " ");
    }

    /// The library makes up an id of its own when it sends.
    private static final class Letter extends MimeMessage {
        private final String id;

        Letter(Session session, String id) {
            super(session);
            this.id = id;
        }

        @Override
        protected void updateMessageID() throws MessagingException {
            setHeader("Message-ID", "<" + id + "@davy.invalid>");
        }
    }
}
