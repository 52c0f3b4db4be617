package dev.davy.data;

import java.util.Optional;
import java.util.OptionalLong;

/// Something odd about a table, told once however often it came.
///
/// @param code by which it is counted: `ragged-row`
/// @param wrong whether it makes the table unacceptable; else it is to be known only
/// @param column where it is about one
/// @param line of the file on which it came first, the header being line 1; in Parquet the row's
///   number from 1; empty where it is about no line
/// @param times how often it came
/// @param text a sentence, of the first time
public record Finding(
        String code,
        boolean wrong,
        Optional<String> column,
        OptionalLong line,
        long times,
        String text) {}
