package dev.davy.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// What a page of the docs lets its readers type, and what it says they will see.
///
/// A block fenced as `console` holds commands, each behind `$ `, and below each what it prints; `…`
/// stands for what differs from time to time, alone on a line for any number of lines. A command
/// that ends with another exit code than 0 says so behind itself: `# exit code 1`. A block that
/// can't be run by a test has a line before it that says why: `<!-- not run: it takes an hour -->`.
record DocBlocks(Path page, List<Block> blocks, List<String> strayed) {
    private static final Pattern NOT_RUN = Pattern.compile("<!-- not run: (.+) -->");
    private static final Pattern EXIT = Pattern.compile("\\s+# exit code (\\d+)$");
    private static final Pattern COMMAND =
            Pattern.compile(
                    "^(\\$ .*|(\\./)?davy [a-z].*|curl .*|\\./mvnw .*|bench/run .*|python3? .*)");

    record Block(int line, Optional<String> notRun, List<Command> commands) {}

    record Command(int line, String text, int exit, List<String> expected) {
        /// The first line that was not printed where it was expected; empty where nothing is said
        /// of the output, or all is as it is said.
        Optional<String> amiss(String printed) {
            if (expected.isEmpty() || shows(expected, printed)) return Optional.empty();
            for (int lines = 1; lines <= expected.size(); lines++) {
                var first = new ArrayList<>(expected.subList(0, lines));
                first.add("…");
                if (!shows(first, printed)) return Optional.of(expected.get(lines - 1));
            }
            return Optional.of("(nothing more)");
        }

        private static boolean shows(List<String> lines, String printed) {
            var pattern = lines.stream().map(Command::pattern).collect(Collectors.joining());
            var text =
                    printed.strip().lines().map(Command::plain).collect(Collectors.joining("\n"));
            return Pattern.matches("\\s*" + pattern + "\\s*", text + "\n");
        }

        /// Columns are as wide as what stands in them today.
        private static String plain(String line) {
            return line.strip().replaceAll(" +", " ");
        }

        private static String pattern(String line) {
            var text = plain(line);
            if (text.equals("…")) return "(?:[^\\n]*\\n)*?";
            // A last column may be empty.
            boolean open = text.endsWith(" …");
            if (open) text = text.substring(0, text.length() - 2);
            var parts = Stream.of(text.split("…", -1)).map(Pattern::quote);
            return parts.collect(Collectors.joining("[^\\n]*"))
                    + (open ? "(?: [^\\n]*)?\\n" : "\\n");
        }
    }

    static DocBlocks of(Path page) throws IOException {
        var lines = Files.readAllLines(page);
        var blocks = new ArrayList<Block>();
        var strayed = new ArrayList<String>();
        Optional<String> notRun = Optional.empty();
        for (int at = 0; at < lines.size(); at++) {
            var marked = NOT_RUN.matcher(lines.get(at));
            if (marked.matches()) notRun = Optional.of(marked.group(1));
            if (!lines.get(at).startsWith("```")) continue;
            int end = at + 1;
            while (end < lines.size() && !lines.get(end).startsWith("```")) end++;
            var inside = lines.subList(at + 1, end);
            if (lines.get(at).equals("```console"))
                blocks.add(new Block(at + 1, notRun, commands(at + 2, inside)));
            else
                for (var line : inside)
                    if (COMMAND.matcher(line).matches()) strayed.add(page + ": " + line);
            notRun = Optional.empty();
            at = end;
        }
        return new DocBlocks(page, List.copyOf(blocks), List.copyOf(strayed));
    }

    private static List<Command> commands(int first, List<String> lines) {
        var commands = new ArrayList<Command>();
        for (int at = 0; at < lines.size(); ) {
            int line = first + at;
            var text = new StringBuilder(lines.get(at++));
            if (!text.toString().startsWith("$ "))
                throw new IllegalStateException("line " + line + " is no command: " + text);
            while (text.charAt(text.length() - 1) == '\\' && at < lines.size())
                text.append('\n').append(lines.get(at++));
            var expected = new ArrayList<String>();
            while (at < lines.size() && !lines.get(at).startsWith("$ "))
                expected.add(lines.get(at++));
            while (!expected.isEmpty() && expected.getFirst().isBlank()) expected.removeFirst();
            while (!expected.isEmpty() && expected.getLast().isBlank()) expected.removeLast();
            var command = text.substring(2);
            var exit = EXIT.matcher(command);
            commands.add(
                    new Command(
                            line,
                            exit.replaceAll(""),
                            exit.reset().find() ? Integer.parseInt(exit.group(1)) : 0,
                            List.copyOf(expected)));
        }
        return List.copyOf(commands);
    }
}
