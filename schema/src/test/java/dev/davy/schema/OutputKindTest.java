package dev.davy.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.davy.strict.Json;
import dev.davy.strict.Limits;
import dev.davy.strict.Problem;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

class OutputKindTest {
    private static JsonNode json(String text) {
        return Json.read(text.getBytes(StandardCharsets.UTF_8), Limits.DEFAULT);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"type\":\"category\",\"classes\":[\"ok\",\"scratch\"]}",
                "{\"type\":\"category\"}",
                "{\"type\":\"multi-label\",\"classes\":[\"dent\",\"scratch\"]}",
                "{\"type\":\"number\"}",
                "{\"type\":\"text\"}",
                "{\"type\":\"boxes\",\"classes\":[\"face\"]}",
                "{\"type\":\"ranking\"}",
                "{\"type\":\"vector\",\"size\":128}"
            })
    void readsBackWhatItWrote(String text) {
        var kind = OutputKind.read(json(text));
        assertThat(Json.text(kind.json())).isEqualTo(text);
        assertThat(OutputKind.read(kind.json())).isEqualTo(kind);
        assertThat(text).contains("\"" + kind.name() + "\"");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            textBlock =
                    """
                    {"type":"catgory"}                          | Did you mean 'category'?
                    {"classes":["a"]}                           | 'type' is missing
                    {"type":"number","classes":["a"]}           | 'classes' is for category, multi-label and boxes only
                    {"type":"vector"}                           | 'size' is missing
                    {"type":"vector","size":0}                  | 'size' must be an integer from 1
                    {"type":"text","size":3}                    | 'size' is for vectors only
                    {"type":"category","classes":["a","a"]}     | has the class 'a' twice
                    {"type":"category","classes":[["a"]]}       | 'classes[0]' must be a text
                    {"type":"category","clases":["a"]}          | 'clases' is not known here
                    """)
    void saysWhatIsWrong(String text, String why) {
        assertThatThrownBy(() -> OutputKind.read(json(text)))
                .isInstanceOf(Problem.class)
                .hasMessageContaining(why);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            textBlock =
                    """
                    {"type":"category","classes":["ok","scratch"]} | "scratch"
                    {"type":"category"}                            | "anything"
                    {"type":"multi-label","classes":["a","b"]}     | ["b","a"]
                    {"type":"multi-label","classes":["a","b"]}     | []
                    {"type":"number"}                              | 3.5
                    {"type":"number"}                              | -7
                    {"type":"text"}                                | ""
                    {"type":"boxes","classes":["face"]}            | [{"class":"face","box":[0,-1.5,10,20]}]
                    {"type":"boxes","classes":["face"]}            | []
                    {"type":"ranking"}                             | {"article-7":3,"article-2":0.5}
                    {"type":"vector","size":2}                     | [1,2.5]
                    """)
    void takesATruthOfItsShape(String kind, String truth) {
        assertThat(OutputKind.read(json(kind)).truthViolation(json(truth))).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            textBlock =
                    """
                    {"type":"category","classes":["ok","scratch"]} | "scrach"  | the truth is the text 'scrach'; it must be one of 'ok', 'scratch'. Did you mean 'scratch'?
                    {"type":"category","classes":["7"]}            | 7         | the truth is 7; it must be the name of a class, a text
                    {"type":"category"}                            | " "       | must be the name of a class
                    {"type":"category"}                            | null      | the truth is null
                    {"type":"multi-label","classes":["a","b"]}     | "a"       | must be a list of classes
                    {"type":"multi-label","classes":["a","b"]}     | ["a","a"] | the truth's element 1 is the text 'a'; it must stand in the list once
                    {"type":"multi-label","classes":["a","b"]}     | ["a",1]   | the truth's element 1 is 1
                    {"type":"number"}                              | "3"       | the truth is the text '3'; it must be a number
                    {"type":"number"}                              | true      | the truth is true; it must be a number
                    {"type":"text"}                                | 3         | must be a text
                    {"type":"boxes"}                               | {}        | must be a list of boxes
                    {"type":"boxes"}                               | [{"class":"a"}] | must be {"class"
                    {"type":"boxes"}                               | [{"class":"a","box":[0,0,1]}] | the box of the truth's element 0 has 3 elements; it must have 4
                    {"type":"boxes"}                               | [{"class":"a","box":[0,0,0,1]}] | isn't above 0
                    {"type":"boxes","classes":["b"]}               | [{"class":"a","box":[0,0,1,1]}] | the class of the truth's element 0
                    {"type":"ranking"}                             | ["a"]     | must be an object of items
                    {"type":"ranking"}                             | {"a":-1}  | the truth's item 'a' is -1; it must be a number, at least 0
                    {"type":"vector","size":2}                     | [1]       | has 1 elements; it must have 2
                    {"type":"vector","size":2}                     | [1,"2"]   | element 1 of the truth is the text '2'; it must be a number
                    """)
    void saysWhatIsWrongWithATruth(String kind, String truth, String why) {
        assertThat(OutputKind.read(json(kind)).truthViolation(json(truth)))
                .hasValueSatisfying(violation -> assertThat(violation).contains(why));
    }

    @ParameterizedTest
    @ValueSource(strings = {"number", "ranking", "vector"})
    void takesNoNumberThatIsTooLarge(String type) {
        var kind =
                OutputKind.read(
                        json(
                                "{\"type\":\""
                                        + type
                                        + "\""
                                        + (type.equals("vector") ? ",\"size\":1}" : "}")));
        var huge = "1" + "0".repeat(400);
        var truth =
                type.equals("number")
                        ? huge
                        : type.equals("vector") ? "[" + huge + "]" : "{\"a\":" + huge + "}";
        assertThat(kind.truthViolation(json(truth))).isPresent();
    }
}
