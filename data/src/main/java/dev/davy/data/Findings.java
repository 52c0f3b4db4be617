package dev.davy.data;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/// All [Finding]s of a table, each kind of each column once. For several threads.
public final class Findings {
    /// How many of a kind are told by themselves.
    private static final int EACH_MAX = 20;

    private record Key(String code, String column, long which) {
        Key(String code, String column) {
            this(code, column, 0);
        }
    }

    private final Map<Key, Finding> found = new LinkedHashMap<>();

    /// @param column empty where it is about none
    /// @param line 0 where it is about none
    public synchronized void add(
            String code, boolean wrong, String column, long line, String text) {
        add(code, wrong, column, line, 1, text);
    }

    /// What is about no line, told each by itself for the first few, then together.
    ///
    /// @param which from 1
    synchronized void addEach(String code, boolean wrong, long which, String text) {
        long told = found.keySet().stream().filter(key -> key.code().equals(code)).count();
        add(new Key(code, "", told < EACH_MAX ? which : 0), wrong, 0, 1, text);
    }

    /// @param times how often it came, at that line first
    synchronized void add(
            String code, boolean wrong, String column, long line, long times, String text) {
        add(new Key(code, column), wrong, line, times, text);
    }

    private void add(Key key, boolean wrong, long line, long times, String text) {
        var code = key.code();
        var column = key.column();
        var before = found.get(key);
        if (before == null) {
            found.put(
                    key,
                    new Finding(
                            code,
                            wrong,
                            column.isEmpty() ? Optional.empty() : Optional.of(column),
                            line == 0 ? OptionalLong.empty() : OptionalLong.of(line),
                            times,
                            text));
            return;
        }
        // Parts of a file are read in any order.
        boolean earlier = line > 0 && line < before.line().orElse(Long.MAX_VALUE);
        found.put(
                key,
                new Finding(
                        code,
                        wrong,
                        before.column(),
                        earlier ? OptionalLong.of(line) : before.line(),
                        before.times() + times,
                        earlier ? text : before.text()));
    }

    /// In the order of their first coming.
    public synchronized List<Finding> list() {
        return List.copyOf(found.values());
    }

    /// Whether any of them makes the table unacceptable.
    public synchronized boolean wrong() {
        return found.values().stream().anyMatch(Finding::wrong);
    }
}
