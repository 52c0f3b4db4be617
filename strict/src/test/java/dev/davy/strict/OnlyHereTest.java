package dev.davy.strict;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/// What comes from outside is parsed in this module only: the libraries' defaults accept what we
/// must not.
class OnlyHereTest {
    /// @param pattern what must not stand in a line of code
    /// @param instead what to call
    private record Rule(Pattern pattern, String instead) {}

    private static final List<Rule> RULES =
            List.of(
                    rule(
                            "new (Object|Json)Mapper\\(|JsonMapper\\.(builder|shared)\\(|new JsonFactory\\(",
                            "Json, JsonCursor, JsonWriter"),
                    rule("org\\.(snake)?yaml\\.|org\\.snakeyaml|new Yaml\\(", "Yaml"),
                    rule("ImageIO\\b", "Images"),
                    rule("AudioSystem\\b", "Audio"),
                    rule(
                            "ZipInputStream|new ZipFile\\(|TarArchiveInputStream|FileSystems\\.newFileSystem\\(",
                            "Archives"),
                    rule("GZIPInputStream|InflaterInputStream|new Inflater\\(", "Gzip"),
                    rule("ObjectInputStream|XMLDecoder", "nothing: no Java serialization"));

    /// A literal, a constant, or a file's own name with something added cannot be a client's name.
    /// What `models` resolve are references to versions, no paths.
    private static final Rule PATHS =
            rule(
                    "(?<!\\bmodels)\\.resolve(Sibling)?\\((?!\\s*(\"|[A-Z][A-Z0-9_]*\\s*\\)|\\w+\\.getFileName\\(\\) \\+ \"))",
                    "SafePath.inside(folder, name)");

    /// It runs for the person at the keyboard, with that person's files and rights.
    private static final Set<String> OWN_FILES = Set.of("cli");

    /// Here everything is allowed; and `bench` compares us with other readers and has no clients.
    private static final Set<String> FREE = Set.of("strict", "bench");

    private static final Pattern COMMENT = Pattern.compile("^\\s*(//|\\*|/\\*).*");

    @Test
    void nothingElseParsesWhatComesFromOutside() throws IOException {
        var root = root();
        var found = new ArrayList<String>();
        try (var modules = Files.list(root)) {
            for (var module : modules.sorted().toList()) {
                var sources = module.resolve("src/main/java");
                var name = module.getFileName().toString();
                if (!Files.isDirectory(sources) || FREE.contains(name)) continue;
                try (var files = Files.walk(sources)) {
                    for (var file :
                            files.filter(each -> each.toString().endsWith(".java"))
                                    .sorted()
                                    .toList())
                        check(
                                root.relativize(file),
                                Files.readAllLines(file),
                                OWN_FILES.contains(name),
                                found);
                }
            }
        }
        assertThat(found)
                .as(
                        """
                        Text, files and names from outside are read in module strict only, where limits and strictness are set \
                        and tested. Call what is named behind the arrow. Paths: .resolve("literal") and .resolve(CONSTANT) \
                        are fine; any other text goes through SafePath.inside.\
                        """)
                .isEmpty();
    }

    @Test
    void findsWhatItLooksFor() {
        var found = new ArrayList<String>();
        var bad =
                List.of(
                        "var m = new ObjectMapper();",
                        "import org.snakeyaml.engine.v2.api.Load;",
                        "ImageIO.read(in)",
                        "new ZipInputStream(in)",
                        "new GZIPInputStream(in)",
                        "new ObjectInputStream(in)",
                        "root.resolve(name)",
                        "root.resolve( id + \".bin\")");
        for (var line : bad) check(Path.of("x"), List.of(line), false, found);
        assertThat(found).hasSameSizeAs(bad);
        found.clear();
        check(
                Path.of("x"),
                List.of(
                        "root.resolve(\"log\")",
                        "root.resolve(LOCK)",
                        "file.resolveSibling(file.getFileName() + \".new\")",
                        "models.resolve(reference)",
                        "// new ObjectMapper()",
                        "/// [ImageIO] never",
                        "scope.resolveAll(x)"),
                false,
                found);
        check(Path.of("x"), List.of("folder.resolve(name)"), true, found);
        assertThat(found).isEmpty();
    }

    private static void check(Path file, List<String> lines, boolean ownFiles, List<String> found) {
        for (int i = 0; i < lines.size(); i++) {
            var line = lines.get(i);
            if (COMMENT.matcher(line).matches()) continue;
            for (var rule : RULES) report(rule, line, file + ":" + (i + 1), found);
            if (!ownFiles) report(PATHS, line, file + ":" + (i + 1), found);
        }
    }

    private static void report(Rule rule, String line, String place, List<String> found) {
        if (rule.pattern().matcher(line).find())
            found.add(place + ": " + line.strip() + " -> " + rule.instead());
    }

    private static Rule rule(String pattern, String instead) {
        return new Rule(Pattern.compile(pattern), instead);
    }

    /// The folder of the parent project: where the modules lie.
    private static Path root() {
        for (Path at = Path.of("").toAbsolutePath(); at != null; at = at.getParent())
            if (Files.exists(at.resolve("strict/pom.xml"))) return at;
        throw new IllegalStateException("not started inside the project");
    }
}
