package dev.davy.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.davy.strict.Json;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class LedgerTest {
    private static final UUID FIRST = new UUID(7, 1);
    private static final UUID SECOND = new UUID(7, 2);
    private static final UUID NEVER_ANSWERED = new UUID(7, 3);

    private final LogRequests requests = requests();

    private static LogRequests requests() {
        try {
            return new LogRequests(new Place(Path.of(".."), Path.of("."), true, System.out));
        } catch (Exception failed) {
            throw new AssertionError(failed);
        }
    }

    private static Ledger.Audit audited(LogRequests requests, List<JsonNode> export) {
        var ledger = new Ledger();
        ledger.predicted(FIRST, 3);
        ledger.predicted(SECOND, 9);
        ledger.fed(0);
        ledger.fed(1);
        var audit = ledger.audit(requests);
        export.forEach(audit::line);
        return audit;
    }

    private JsonNode prediction(UUID id, int input) {
        var json = Json.object().put("type", "prediction").put("id", id.toString());
        json.putObject("input").putArray("x").add(input / 8f).add(0.5);
        json.putObject("decision").putObject("output").put("label", requests.label(input));
        return json;
    }

    private static JsonNode feedback(String id) {
        return Json.object().put("type", "feedback").put("id", id);
    }

    @Test
    void findsNothingWrongWithAWholeLog() {
        var audit =
                audited(
                        requests,
                        List.of(
                                prediction(FIRST, 3),
                                feedback("f-1"),
                                prediction(NEVER_ANSWERED, 4),
                                prediction(SECOND, 9),
                                feedback("f-0")));
        assertThat(audit.predictionsMissing()).isZero();
        assertThat(audit.predictionsTwice()).isZero();
        assertThat(audit.feedbackMissing()).isZero();
        assertThat(audit.feedbackTwice()).isZero();
        assertThat(audit.wrong()).isZero();
        assertThat(audit.predictionsUnacknowledged()).isEqualTo(1);
    }

    @Test
    void findsWhatIsMissingDoubledAndMixedUp() {
        var audit =
                audited(
                        requests,
                        List.of(
                                prediction(FIRST, 4),
                                prediction(FIRST, 3),
                                feedback("f-1"),
                                feedback("f-1"),
                                Json.object().put("type", "gap")));
        assertThat(audit.predictionsMissing()).isEqualTo(1);
        assertThat(audit.predictionsTwice()).isEqualTo(1);
        assertThat(audit.feedbackMissing()).isEqualTo(1);
        assertThat(audit.feedbackTwice()).isEqualTo(1);
        assertThat(audit.wrong()).isEqualTo(1);
        assertThat(audit.gaps()).isEqualTo(1);
    }

    @Test
    void findsJudgementsThatAreMissingOrTwice() {
        var ledger = new Ledger();
        var audit = ledger.audit(requests);
        var judged =
                Json.object()
                        .put("type", "feedback")
                        .put("id", "of-a-reviewer")
                        .put("prediction", FIRST.toString())
                        .put("by", "ann")
                        .put("judgement", "no");
        audit.line(judged);
        var kept =
                Set.of(
                        Ledger.judgementKey(FIRST.toString(), "ann"),
                        Ledger.judgementKey(SECOND.toString(), "ann"));
        assertThat(audit.judgementsMissing(kept)).isEqualTo(1);
        assertThat(audit.judgementsTwice()).isZero();
        audit.line(judged);
        assertThat(audit.judgementsTwice()).isEqualTo(1);
    }
}
