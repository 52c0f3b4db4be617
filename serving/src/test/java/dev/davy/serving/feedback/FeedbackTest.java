package dev.davy.serving.feedback;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.davy.strict.Json;
import dev.davy.strict.Limits;
import dev.davy.strict.Problem;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class FeedbackTest {

    private static final String PREDICTION = "0199a5b0-0000-7000-8000-000000000001";

    @Test
    void readsTheThreeKinds() {
        var truth =
                read(
                        "{'id':'1','prediction':'"
                                + PREDICTION
                                + "','output':'label','truth':'scratch','source':'lab'}");
        assertThat(truth.kind()).isEqualTo("truth");
        assertThat(truth.output()).contains("label");
        var judgement =
                read(
                        "{'id':'2','prediction':'"
                                + PREDICTION
                                + "','judgement':'scratch','by':'inspector-7','saw-answer':false}");
        assertThat(judgement.what())
                .isInstanceOfSatisfying(
                        Feedback.What.Judgement.class,
                        what -> assertThat(what.sawAnswer()).isEqualTo(Optional.of(false)));
        var event =
                read(
                        "{'id':'3','endpoint':'search','entity':'user-9','event':'redo','value':1,'at':'2026-11-21T10:00:00+01:00'}");
        assertThat(event.about()).isEqualTo(new Feedback.About.OfEntity("search", "user-9"));
    }

    @Test
    void keepsTheSameContentInTheSameBytes() {
        var one = read("{'id':'1','truth':'ok','prediction':'" + PREDICTION + "'}");
        var other = read("{'prediction':'" + PREDICTION + "','id':'1','truth':'ok'}");
        assertThat(LogIndex.digest(one.json())).isEqualTo(LogIndex.digest(other.json()));
        assertThat(Feedback.read(one.json(), "again").json()).isEqualTo(one.json());
    }

    @Test
    void saysAllThatIsWrongAtOnce() {
        assertThatThrownBy(() ->
                        read(
                                "{'id':'','prediction':'x','truth':'a','event':'b','at':'yesterday','colour':1}"))
                .isInstanceOfSatisfying(
                        Problem.class,
                        problem ->
                                assertThat(String.join("\n", problem.violations()))
                                        .contains(
                                                "'id'",
                                                "exactly one of",
                                                "'prediction' is not an id",
                                                "'at' is not a time",
                                                "colour"));
    }

    private static Feedback read(String json) {
        return Feedback.read(tree(json), "feedback");
    }

    private static JsonNode tree(String json) {
        return Json.read(json.replace('\'', '"').getBytes(StandardCharsets.UTF_8), Limits.DEFAULT);
    }
}
