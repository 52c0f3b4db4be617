package dev.davy.monitoring.notify;

import dev.davy.strict.Fields;
import dev.davy.strict.Json;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Where news of an endpoint go: of its alarms, and of what people decided.
///
/// ```yaml
/// notify:
///   - {webhook: "https://hooks.example.com/davy", secret: ONCALL, format: cloudevents}
///   - {webhook: "https://chat.example.com/hooks/…", format: slack}
///   - {email: [oncall@example.com], from: davy@example.com}
///   - {webhook: "https://app.example.com/decided", on: [decisions]}
/// ```
public sealed interface Channel {
    /// Most channels of one endpoint.
    int MOST = 20;

    /// Most readers of one letter.
    int READERS_MOST = 50;

    /// How a webhook is spoken to.
    enum Format {
        CLOUDEVENTS,
        SLACK
    }

    /// What news are of.
    enum On {
        ALARMS,
        DECISIONS
    }

    /// Of what it is told.
    List<On> on();

    /// @param secret the name of what it is signed with
    record Webhook(URI url, Optional<String> secret, Format format, List<On> on)
            implements Channel {
        public Webhook {
            on = List.copyOf(on);
        }
    }

    record Email(List<String> to, Optional<String> from, List<On> on) implements Channel {
        public Email {
            to = List.copyOf(to);
            on = List.copyOf(on);
        }
    }

    /// What is good enough to be written to; the server that takes it knows better.
    Pattern ADDRESS = Pattern.compile("[^\\s<>@,;:\"\\p{Cntrl}]{1,64}@[A-Za-z0-9.-]{1,255}");

    /// An environment variable, or a key of the settings.
    Pattern SECRET = Pattern.compile("[A-Za-z_][A-Za-z0-9_.-]{0,127}");

    /// Reads the list above.
    ///
    /// @throws dev.davy.strict.Problem UNACCEPTABLE with all violations at once
    static List<Channel> read(JsonNode list) {
        var whole = Json.object();
        whole.set("notify", list);
        var fields = Fields.of(whole, "the endpoint");
        var channels = new ArrayList<Channel>();
        var each = fields.objects("notify");
        if (each.size() > MOST)
            fields.violation("notify", "has " + each.size() + " channels; " + MOST + " are enough");
        for (var one : each) channels.add(one(one));
        fields.done();
        return channels;
    }

    private static Channel one(Fields fields) {
        var webhook = fields.optionalText("webhook");
        var to = fields.texts("email");
        var secret = fields.optionalText("secret");
        var format = fields.optionalChoice("format", Format.class);
        var from = fields.optionalText("from");
        var on = on(fields);
        if (webhook.isPresent() == !to.isEmpty())
            fields.violation("a channel is a 'webhook' or an 'email', one of both");
        if (webhook.isPresent()) {
            if (from.isPresent()) fields.violation("from", "'from' is for letters only");
            secret.filter(name -> !SECRET.matcher(name).matches())
                    .ifPresent(_ ->
                            fields.violation(
                                    "secret",
                                    "'secret' is the name of a secret, not the secret itself"));
            return new Webhook(
                    url(fields, webhook.get()), secret, format.orElse(Format.CLOUDEVENTS), on);
        }
        if (secret.isPresent()) fields.violation("secret", "'secret' is for webhooks only");
        if (format.isPresent()) fields.violation("format", "'format' is for webhooks only");
        if (to.size() > READERS_MOST)
            fields.violation("email", "has more than " + READERS_MOST + " addresses");
        for (var address : to) address(fields, "email", address);
        from.ifPresent(address -> address(fields, "from", address));
        return new Email(to, from, on);
    }

    private static List<On> on(Fields fields) {
        if (!fields.has("on")) return List.of(On.ALARMS);
        var on = new ArrayList<On>();
        for (var word : fields.texts("on"))
            switch (word) {
                case "alarms" -> on.add(On.ALARMS);
                case "decisions" -> on.add(On.DECISIONS);
                default ->
                        fields.violation(
                                "on",
                                "'"
                                        + word
                                        + "' is nothing to be told of; 'on' may hold"
                                        + " alarms and decisions");
            }
        return on;
    }

    private static void address(Fields fields, String name, String address) {
        if (!ADDRESS.matcher(address).matches())
            fields.violation(name, "'" + address + "' is no address like anna@example.com");
    }

    private static URI url(Fields fields, String text) {
        try {
            var url = new URI(text);
            var scheme = url.getScheme();
            boolean web = "https".equalsIgnoreCase(scheme) || "http".equalsIgnoreCase(scheme);
            if (web
                    && url.getHost() != null
                    && url.getRawUserInfo() == null
                    && url.getRawFragment() == null) return url;
        } catch (URISyntaxException notAnAddress) {
            // told below
        }
        fields.violation(
                "webhook",
                "must be an address like https://host/path, without a user and without #");
        return URI.create("https://nowhere.invalid");
    }

    /// As it was declared: `read(list of json())` is this channel again.
    default ObjectNode json() {
        var json = Json.object();
        switch (this) {
            case Webhook(var url, var secret, var format, var _) -> {
                json.put("webhook", url.toString());
                secret.ifPresent(name -> json.put("secret", name));
                json.put("format", format == Format.SLACK ? "slack" : "cloudevents");
            }
            case Email(var to, var from, var _) -> {
                json.set("email", Json.tree(to));
                from.ifPresent(address -> json.put("from", address));
            }
        }
        if (!on().equals(List.of(On.ALARMS)))
            json.set(
                    "on",
                    Json.tree(
                            on().stream()
                                    .map(each -> each.name().toLowerCase(Locale.ROOT))
                                    .toList()));
        return json;
    }

    /// For people who may only look on: the address of a chat is itself the key to it.
    default String shown() {
        return switch (this) {
            case Webhook(var url, var _, var format, var _) ->
                    (format == Format.SLACK ? "chat" : "webhook")
                            + " at "
                            + url.getScheme()
                            + "://"
                            + url.getRawAuthority()
                            + "/…";
            case Email(var to, var _, var _) -> "letter to " + String.join(", ", to);
        };
    }
}
