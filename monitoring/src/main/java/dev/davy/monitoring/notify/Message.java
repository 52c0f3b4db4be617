package dev.davy.monitoring.notify;

import dev.davy.strict.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.StringJoiner;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// What a delivery says, in each of the forms; pure.
final class Message {
    /// More are counted only: a message is read, and chats cut what is long.
    private static final int SHOWN = 10;

    private static final int LOOKED_AT = 3;

    private Message() {}

    /// A CloudEvent 1.0 in structured form. What has a common cause is one event with a list.
    static byte[] cloudEvent(String id, String endpoint, List<News> news) {
        var event =
                Json.object()
                        .put("specversion", "1.0")
                        .put("id", id)
                        .put("source", "/endpoints/" + endpoint)
                        .put("type", "dev.davy." + type(news))
                        .put("subject", news.getFirst().monitor())
                        .put("time", news.getFirst().at().toString())
                        .put("datacontenttype", "application/json");
        var data = Json.object().put("endpoint", endpoint).put("summary", title(endpoint, news));
        var list = Json.array();
        for (var each : news) list.add(told(each));
        data.set(news.getFirst().isDecision() ? "decisions" : "alarms", list);
        event.set("data", data);
        return Json.write(event);
    }

    private static String type(List<News> news) {
        if (isTest(news)) return "test";
        return news.getFirst().isDecision() ? "decision" : "alarm";
    }

    private static ObjectNode told(News news) {
        var json =
                Json.object()
                        .put("event", news.event())
                        .put("at", news.at().toString())
                        .put("monitor", news.monitor())
                        .put("action", news.action())
                        .put("who", news.who());
        for (var field : news.detail().properties())
            if (!json.has(field.getKey())) json.set(field.getKey(), field.getValue());
        return json;
    }

    /// What chats take that speak as Slack does.
    static byte[] chat(String endpoint, List<News> news) {
        var text = new StringJoiner("\n");
        text.add("*" + escaped(title(endpoint, news)) + "*");
        for (var each : shown(news)) text.add("• " + escaped(line(each)));
        if (news.size() > SHOWN) text.add("… and " + (news.size() - SHOWN) + " more");
        return Json.write(Json.object().put("text", text.toString()));
    }

    /// A chat would read these as mark-up, and `<!channel>` as a call to everybody.
    private static String escaped(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }

    /// The first line of a letter, and of everything else: `critical: power/prices fires`.
    static String title(String endpoint, List<News> news) {
        if (isTest(news)) return "test: " + endpoint + " can be heard";
        if (news.getFirst().isDecision())
            return plain(
                    news.size() == 1
                            ? endpoint + ": " + line(news.getFirst())
                            : endpoint + ": " + news.size() + " predictions are decided");
        var worst = worst(news);
        var more = news.size() == 1 ? "" : " and " + (news.size() - 1) + " more";
        return plain(
                worst.severity()
                        + ": "
                        + endpoint
                        + "/"
                        + worst.monitor()
                        + " "
                        + verb(worst.action())
                        + more);
    }

    static String letter(String endpoint, List<News> news) {
        var text = new StringBuilder(title(endpoint, news)).append("\n\n");
        for (var each : shown(news)) {
            text.append(line(each)).append("\n  at ").append(each.at());
            if (!each.who().isEmpty()) text.append(", by ").append(plain(each.who()));
            text.append('\n');
            for (var look : looks(each)) text.append("  look at ").append(look).append('\n');
            text.append('\n');
        }
        if (news.size() > SHOWN)
            text.append("… and ").append(news.size() - SHOWN).append(" more\n\n");
        return text.append("See the endpoint's page, or: davy events ")
                .append(endpoint)
                .append('\n')
                .toString();
    }

    private static String line(News news) {
        var why = news.why();
        if (news.isDecision()) return plain("prediction " + news.monitor() + " is decided: " + why);
        return plain(
                news.severity()
                        + ": "
                        + news.monitor()
                        + " "
                        + verb(news.action())
                        + (why.isEmpty() ? "" : ": " + why));
    }

    private static List<String> looks(News news) {
        var looks = new ArrayList<String>();
        for (var each : news.detail().path("look")) {
            if (looks.size() == LOOKED_AT) break;
            var predictions = new StringJoiner(", ", " in ", "").setEmptyValue("");
            for (JsonNode id : each.path("predictions")) predictions.add(id.asString(""));
            looks.add(plain(each.path("what").asString("") + predictions));
        }
        return looks;
    }

    private static List<News> shown(List<News> news) {
        return news.subList(0, Math.min(SHOWN, news.size()));
    }

    private static boolean isTest(List<News> news) {
        return news.getFirst().action().equals("test");
    }

    private static News worst(List<News> news) {
        var worst = news.getFirst();
        for (var each : news) if (rank(each) > rank(worst)) worst = each;
        return worst;
    }

    private static int rank(News news) {
        int severity =
                switch (news.severity()) {
                    case "critical" -> 2;
                    case "warning" -> 1;
                    default -> 0;
                };
        return 2 * severity + (news.action().equals("firing") ? 1 : 0);
    }

    private static String verb(String action) {
        return switch (action) {
            case "firing" -> "fires";
            case "acknowledged" -> "is looked after";
            case "resolved" -> "is over";
            default -> action;
        };
    }

    /// On one line: names and reasons come from other people.
    private static String plain(String text) {
        var plain = new StringBuilder();
        text.codePoints().forEach(c -> plain.appendCodePoint(Character.isISOControl(c) ? ' ' : c));
        return plain.toString();
    }
}
