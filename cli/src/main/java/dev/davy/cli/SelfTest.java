package dev.davy.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/// What `davy --train` runs: the first second of every command, for the cache of loaded classes.
@Command(name = "self-test", hidden = true, description = "Start, answer, and stop again.")
final class SelfTest implements Callable<Integer> {
    private final Connection connection;

    SelfTest(Connection connection) {
        this.connection = connection;
    }

    @Override
    public Integer call() {
        connection.terminal().line("well");
        return Exit.YES;
    }
}
