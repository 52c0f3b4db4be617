package dev.davy.data;

import dev.davy.schema.ColumnType;

/// In what form a column of a Parquet file is read, by DuckDB's type.
enum ParquetType {
    FLOATS(ColumnType.NUMBER),
    DOUBLES(ColumnType.NUMBER),
    LONGS(ColumnType.INTEGER),
    FLAGS(ColumnType.BOOLEAN),
    TEXTS(ColumnType.TEXT),
    TIMES(ColumnType.TIME),
    /// Lists, structures, bytes: there, and no more is known.
    OTHERS(ColumnType.VECTOR);

    private final ColumnType type;

    ParquetType(ColumnType type) {
        this.type = type;
    }

    ColumnType type() {
        return type;
    }

    static ParquetType of(String duck) {
        if (duck.equals("FLOAT")) return FLOATS;
        if (duck.equals("DOUBLE") || duck.startsWith("DECIMAL") || duck.endsWith("HUGEINT"))
            return DOUBLES;
        if (duck.equals("UBIGINT")) return DOUBLES;
        if (duck.matches("U?(TINYINT|SMALLINT|INTEGER)|BIGINT")) return LONGS;
        if (duck.equals("BOOLEAN")) return FLAGS;
        if (duck.equals("VARCHAR") || duck.startsWith("ENUM") || duck.equals("UUID")) return TEXTS;
        if (duck.startsWith("TIMESTAMP") || duck.equals("DATE")) return TIMES;
        return OTHERS;
    }

    /// What DuckDB is asked for.
    String sql(String name) {
        return switch (this) {
            case FLOATS, FLAGS -> name;
            case DOUBLES -> "CAST(" + name + " AS DOUBLE)";
            case LONGS -> "CAST(" + name + " AS BIGINT)";
            case TEXTS -> "CAST(" + name + " AS VARCHAR)";
            case TIMES -> "epoch_us(" + name + ")";
            case OTHERS -> name + " IS NOT NULL";
        };
    }
}
