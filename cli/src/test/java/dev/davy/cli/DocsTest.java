package dev.davy.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.davy.server.Settings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Whatever the docs let a reader type is typed here, page by page from top to bottom, and held
/// against what they say it prints.
class DocsTest {
    private static final Path ROOT = Path.of("..");

    /// Commands that no test runs. Each says why; raise this only with as good a reason.
    private static final int NOT_RUN_MAX = 16;

    @TempDir private Path folder = Path.of("");

    static List<Path> pages() throws IOException {
        var pages = new ArrayList<Path>();
        pages.add(ROOT.resolve("README.md"));
        for (var under : List.of("docs", "examples"))
            try (Stream<Path> files = Files.walk(ROOT.resolve(under))) {
                files.filter(file -> file.toString().endsWith(".md")).sorted().forEach(pages::add);
            }
        return pages;
    }

    /// With `-Ddavy.page=rollouts` only those whose names hold it: for whoever writes one.
    static List<Path> pagesWithCommands() throws IOException {
        var wanted = System.getProperty("davy.page", "");
        var pages = new ArrayList<Path>();
        for (var page : pages())
            if (page.toString().contains(wanted)
                    && DocBlocks.of(page).blocks().stream()
                            .anyMatch(block -> block.notRun().isEmpty())) pages.add(page);
        return pages;
    }

    @ParameterizedTest
    @MethodSource("pagesWithCommands")
    void whatAPageLetsItsReadersTypeDoesWhatItSays(Path page) throws Exception {
        try (var shell = new Shell(folder)) {
            for (var block : DocBlocks.of(page).blocks())
                if (block.notRun().isEmpty())
                    for (var command : block.commands()) type(shell, page, command);
        }
    }

    private static void type(Shell shell, Path page, DocBlocks.Command command) throws Exception {
        var place = "%s:%d  $ %s".formatted(ROOT.relativize(page), command.line(), command.text());
        var words = command.text().strip().split(" +");
        if (words.length > 1 && words[0].matches("(\\./)?davy") && words[1].equals("serve")) {
            serve(shell, List.of(words).subList(2, words.length));
            return;
        }
        var told = shell.run(command.text());
        assertThat(told.exit()).as("%s%n%s", place, told.printed()).isEqualTo(command.exit());
        assertThat(command.amiss(told.printed()))
                .as("%s%nprinted:%n%s%nthe page says otherwise", place, told.printed())
                .isEmpty();
    }

    private static void serve(Shell shell, List<String> options) {
        var data = shell.folder().resolve("davy-data");
        int config = options.indexOf("--config");
        shell.serve(
                config < 0
                        ? Settings.of(data)
                        : Settings.read(shell.folder().resolve(options.get(config + 1)), data));
        assertThat(options).isSubsetOf("--config", config < 0 ? "" : options.get(config + 1), "&");
    }

    @Test
    void noCommandStandsWhereNoTestLooks() throws IOException {
        var strayed = new ArrayList<String>();
        int notRun = 0;
        for (var page : pages()) {
            var blocks = DocBlocks.of(page);
            strayed.addAll(blocks.strayed());
            for (var block : blocks.blocks())
                if (block.notRun().isPresent()) notRun += block.commands().size();
        }
        assertThat(strayed).isEmpty();
        assertThat(notRun).isLessThanOrEqualTo(NOT_RUN_MAX);
    }

    @Test
    void anotherOutputOrAnEndTooEarlyIsSeen() {
        var command = new DocBlocks.Command(1, "x", 0, List.of("a  b…", "…", "z"));
        assertThat(command.amiss("a b c\none\ntwo\nz\n")).isEmpty();
        assertThat(command.amiss("a   b\nz")).isEmpty();
        assertThat(command.amiss("a b c\none\n")).contains("z");
        assertThat(command.amiss("a c\nz\n")).contains("a  b…");
        assertThat(command.amiss("a b\nz\nmore\n")).contains("(nothing more)");
    }
}
