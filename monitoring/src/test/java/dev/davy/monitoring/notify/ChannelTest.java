package dev.davy.monitoring.notify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.davy.strict.Json;
import dev.davy.strict.Limits;
import dev.davy.strict.Problem;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/// What a person declares, and the rules that need no network.
class ChannelTest {
    private static JsonNode json(String text) {
        return Json.read(text.getBytes(StandardCharsets.UTF_8), Limits.DEFAULT);
    }

    @Test
    void readsWhatItWrites() {
        var declared =
                json(
                        """
                        [{"webhook": "https://hooks.example.com/davy?x=1", "secret": "ONCALL"},
                         {"webhook": "https://chat.example.com/T0/B1", "format": "slack"},
                         {"email": ["anna@example.com", "bert@example.com"], "from": "davy@example.com"}]\
                        """);
        var channels = Channel.read(declared);
        assertThat(channels).hasSize(3);
        assertThat(channels.get(0))
                .isInstanceOfSatisfying(
                        Channel.Webhook.class,
                        hook -> assertThat(hook.format()).isEqualTo(Channel.Format.CLOUDEVENTS));
        var again = Json.array();
        for (var each : channels) again.add(each.json());
        assertThat(Channel.read(again)).isEqualTo(channels);
    }

    @Test
    void tellsAllThatIsWrongAtOnce() {
        assertThatThrownBy(() ->
                        Channel.read(
                                json(
                                        """
                                        [{"webhook": "ftp://x/y"}, {"webhook": "https://a:b@c/"}, {"email": ["anna"]},
                                         {"email": ["a@b.c\\nBcc: x@y.z"]}, {"secret": "S"}, {"webhok": "https://x"},
                                         {"webhook": "https://x", "secret": "not a name", "from": "a@b.c"}]\
                                        """)))
                .isInstanceOfSatisfying(
                        Problem.class,
                        problem ->
                                assertThat(problem.violations())
                                        .anyMatch(each -> each.contains("notify[0]"))
                                        .anyMatch(each -> each.contains("notify[1]"))
                                        .anyMatch(each -> each.contains("anna"))
                                        .anyMatch(each -> each.contains("Bcc"))
                                        .anyMatch(each -> each.contains("one of both"))
                                        .anyMatch(each -> each.contains("webhok"))
                                        .anyMatch(each -> each.contains("name of a secret"))
                                        .anyMatch(each -> each.contains("for letters only")));
    }

    /// The path of a chat's address is the key to it.
    @Test
    void showsNoKeys() {
        var chat = Channel.read(json("[{\"webhook\":\"https://chat.example.com/T0/SECRET\"}]"));
        assertThat(chat.getFirst().shown()).contains("chat.example.com").doesNotContain("SECRET");
    }

    @Test
    void knowsInternalAddressesInAllTheirDisguises() throws Exception {
        for (var internal :
                List.of(
                        "127.0.0.1",
                        "127.9.9.9",
                        "0.0.0.0",
                        "10.1.2.3",
                        "172.16.0.1",
                        "172.31.255.1",
                        "192.168.1.1",
                        "169.254.169.254",
                        "100.64.0.1",
                        "100.127.255.255",
                        "192.0.0.1",
                        "198.18.0.1",
                        "224.0.0.1",
                        "240.0.0.1",
                        "255.255.255.255",
                        "0.1.2.3",
                        "::1",
                        "::",
                        "fe80::1",
                        "fc00::1",
                        "fd12:3456::1",
                        "fec0::1",
                        "ff02::1",
                        "::ffff:127.0.0.1",
                        "::ffff:10.0.0.1",
                        "::7f00:1",
                        "64:ff9b::7f00:1",
                        "64:ff9b::a9fe:a9fe",
                        "2002:7f00:1::",
                        "2002:c0a8:101::1",
                        "2001:0:1::1",
                        "fd00:ec2::254"))
            assertThat(Internal.why(InetAddress.getByName(internal))).as(internal).isPresent();
        for (var outside :
                List.of(
                        "1.1.1.1",
                        "8.8.8.8",
                        "93.184.216.34",
                        "100.63.0.1",
                        "100.128.0.1",
                        "172.15.0.1",
                        "172.32.0.1",
                        "192.167.1.1",
                        "192.0.1.1",
                        "198.17.0.1",
                        "198.20.0.1",
                        "223.255.255.1",
                        "2606:4700::1111",
                        "2a00:1450::1",
                        "64:ff9b::808:808",
                        "2002:808:808::1"))
            assertThat(Internal.why(InetAddress.getByName(outside))).as(outside).isEmpty();
    }

    /// The example of the specification (Standard Webhooks 1.0.0).
    @Test
    void signsAsTheSpecificationShows() {
        var body = "{\"test\": 2432232314}".getBytes(StandardCharsets.UTF_8);
        assertThat(
                        Signature.of(
                                "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
                                "msg_p5jXN8AQM9LWM0D4loKWxJek",
                                1_614_265_330,
                                body))
                .isEqualTo("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
    }

    @Test
    void triesAgainAfterGrowingPausesForADay() {
        var created = Instant.parse("2026-11-21T10:00:00Z");
        var now = created;
        var pause = Duration.ZERO;
        int attempts = 0;
        while (true) {
            var next = Retry.after("an-id", attempts + 1, created, now);
            if (next.isEmpty()) break;
            attempts++;
            var longer = Duration.between(now, next.get());
            assertThat(longer).isBetween(Duration.ofSeconds(5), Duration.ofMinutes(72));
            if (attempts <= 10) assertThat(longer).isGreaterThan(pause);
            pause = longer;
            now = next.get();
        }
        assertThat(attempts).isBetween(25, 40);
        assertThat(Duration.between(created, now)).isGreaterThan(Duration.ofHours(22));
        assertThat(Retry.after("one", 5, created, created))
                .isNotEqualTo(Retry.after("two", 5, created, created));
    }

    @Test
    void saysTheWorstFirstAndNothingThatAChatWouldObey() {
        var news =
                List.of(
                        news("lag", "firing", "warning", "A lag."),
                        news(
                                "price",
                                "firing",
                                "critical",
                                "From 0.1 to 0.9 <!channel> & more.\nForged"),
                        news("load", "resolved", "critical", ""));
        assertThat(Message.title("power", news))
                .isEqualTo("critical: power/price fires and 2 more");
        var chat = Json.read(Message.chat("power", news), Limits.DEFAULT).path("text").asString();
        assertThat(chat).contains("&lt;!channel&gt; &amp; more. Forged").doesNotContain("<!");
        var event = Json.read(Message.cloudEvent("id-1", "power", news), Limits.DEFAULT);
        assertThat(event.path("specversion").asString()).isEqualTo("1.0");
        assertThat(event.path("id").asString()).isEqualTo("id-1");
        assertThat(event.path("type").asString()).isEqualTo("dev.davy.alarm");
        assertThat(event.at("/data/alarms").size()).isEqualTo(3);
        assertThat(event.at("/data/alarms/1/why").asString()).startsWith("From 0.1");
        assertThat(Message.letter("power", news))
                .contains("critical: price fires: From 0.1", "load is over", "davy events power");
    }

    static News news(String monitor, String action, String severity, String why) {
        var detail = Json.object().put("severity", severity).put("why", why);
        detail.put("group", "g-1");
        return new News("e-" + monitor, Instant.EPOCH, "power", monitor, action, "monitor", detail);
    }
}
