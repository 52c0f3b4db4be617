package dev.davy.archive;

import dev.davy.archive.ArchiveFile.Kind;
import dev.davy.serving.BlobRecord;
import dev.davy.serving.PredictionReader;
import dev.davy.serving.Privacy;
import dev.davy.serving.ShadowRecord;
import dev.davy.serving.feedback.Feedback;
import dev.davy.serving.feedback.Feedbacks;
import dev.davy.serving.reading.Readers;
import dev.davy.storage.Blobs;
import dev.davy.storage.Database;
import dev.davy.storage.Event;
import dev.davy.storage.Events;
import dev.davy.storage.Ids;
import dev.davy.storage.Log;
import dev.davy.storage.LogFailed;
import dev.davy.storage.LogRecord;
import dev.davy.storage.Payload;
import dev.davy.strict.Hashes;
import dev.davy.strict.Json;
import dev.davy.strict.Problem;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.node.ObjectNode;

/// Takes an entity out of everything: the log, the archive, the contents of its inputs, and what is
/// known of it in the database. A crash in the middle leaves some of it; asked again, it goes on.
public final class Erasure {
    private static final Logger LOGGER = LoggerFactory.getLogger(Erasure.class);
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final long MEMORY = 256_000_000;
    private static final int LONGEST = 1_000;

    private final Shelf shelf;
    private final Path temporary;
    private final Blobs blobs;
    private final Log log;
    private final Readers readers;
    private final Feedbacks feedbacks;
    private final Database database;
    private final Privacy privacy;
    private final Ids ids;
    private final InstantSource clock;
    private final Predicate<String> usedElsewhere;

    /// @param usedElsewhere whether a file of this digest is also something else: a model's
    Erasure(
            Shelf shelf,
            Path temporary,
            Blobs blobs,
            Log log,
            Readers readers,
            Feedbacks feedbacks,
            Database database,
            Privacy privacy,
            Ids ids,
            InstantSource clock,
            Predicate<String> usedElsewhere) {
        this.shelf = shelf;
        this.temporary = temporary;
        this.blobs = blobs;
        this.log = log;
        this.readers = readers;
        this.feedbacks = feedbacks;
        this.database = database;
        this.privacy = privacy;
        this.ids = ids;
        this.clock = clock;
        this.usedElsewhere = usedElsewhere;
    }

    /// Whose records these are, as they may stand anywhere.
    private record Whom(Set<String> names, Set<UUID> predictions) {
        boolean isMeant(String entity) {
            return names.contains(entity);
        }
    }

    /// What was counted on the way.
    private static final class Count {
        long logRecords;
        int logFiles;
        long predictions;
        long feedback;
        long shadows;
        int files;
        long blobs;
        long known;
    }

    /// Erases; when it returns, it is done and on disk.
    ///
    /// @param entity as callers name it; where it is logged hashed, it is found by its hash
    /// @return the receipt: what, where, how many, when, by whom, and its own digest
    /// @throws Problem UNAVAILABLE `archive-behind`, `log-failed`
    public synchronized ObjectNode erase(String entity, String who, String why) {
        if (entity.isBlank() || entity.length() > LONGEST)
            throw new Problem(
                    Problem.Kind.UNACCEPTABLE,
                    "entity-malformed",
                    "This is no entity.",
                    "It has " + entity.length() + " characters; it must have 1 to " + LONGEST + ".",
                    "Name it as callers do.");
        var hash = privacy.hash(entity);
        var count = new Count();
        catchUp();
        try (var duck = Duck.open(new Duck.Bounds(MEMORY, 1, temporary))) {
            var whom = new Whom(Set.of(entity, hash), predictions(duck, Set.of(entity, hash)));
            log(whom, count);
            // Somebody may have read the log just before; now they have put it where we look.
            catchUp();
            whom.predictions().addAll(predictions(duck, whom.names()));
            count.known = feedbacks.erase(whom.names(), whom.predictions());
            synchronized (shelf) {
                archive(duck, whom, count);
            }
        }
        var receipt = receipt(hash, who, why, count);
        database.write(handle -> {
            Events.record(
                    handle,
                    new Event(
                            ids.next(),
                            clock.instant().truncatedTo(ChronoUnit.MICROS),
                            "entity",
                            hash,
                            "erased",
                            who,
                            why,
                            receipt));
            return true;
        });
        return receipt;
    }

    private void catchUp() {
        if (readers.awaitCaughtUp(PATIENCE)) return;
        throw new Problem(
                Problem.Kind.UNAVAILABLE,
                "archive-behind",
                "Nothing can be erased now.",
                "The readers of the log are behind it, and might bring back what is erased.",
                "Try again when there is less traffic.");
    }

    private void log(Whom whom, Count count) {
        try {
            var erased = log.erase(record -> isOf(whom, record));
            count.logRecords = erased.records();
            count.logFiles = erased.files();
        } catch (LogFailed failed) {
            throw new Problem(
                    Problem.Kind.UNAVAILABLE,
                    "log-failed",
                    "The log can't be rewritten now.",
                    String.valueOf(failed.getMessage()),
                    "Mend the disk and ask again; what was erased stays erased.");
        }
    }

    /// A prediction comes before what belongs to it, so one pass finds both.
    private static boolean isOf(Whom whom, LogRecord record) {
        try {
            if (PredictionReader.isPrediction(record.type())) {
                var entity = PredictionReader.read(record).entity();
                boolean is =
                        whom.predictions().contains(record.id())
                                || entity.filter(whom::isMeant).isPresent();
                if (is) whom.predictions().add(record.id());
                return is;
            }
            if (ShadowRecord.isShadow(record.type()))
                return whom.predictions().contains(record.id())
                        || ShadowRecord.read(record).entity().filter(whom::isMeant).isPresent();
            if (BlobRecord.isBlob(record.type())) return whom.predictions().contains(record.id());
            if (Feedback.isFeedback(record.type()))
                return switch (Feedback.read(Payload.of(record.payload())).about()) {
                    case Feedback.About.OfPrediction(var id, _) -> whom.predictions().contains(id);
                    case Feedback.About.OfEntity(_, var entity) -> whom.isMeant(entity);
                };
        } catch (IllegalArgumentException | Problem fromALaterRelease) {
            LOGGER.warn("the record at {} can't be read, so it stays", record.position());
        }
        return false;
    }

    private Set<UUID> predictions(Duck duck, Set<String> names) {
        var found = new HashSet<UUID>();
        for (var file : shelf.files(Kind.PREDICTIONS))
            found.addAll(
                    duck.rows(
                            "SELECT id FROM " + parquet(file) + " WHERE entity IN " + list(names),
                            row -> UUID.fromString(row.getString(1))));
        return found;
    }

    private String parquet(ArchiveFile file) {
        return "read_parquet("
                + Duck.text(shelf.path(file).toString())
                + ", hive_partitioning = false)";
    }

    private static String list(Set<String> texts) {
        return "(" + String.join(", ", texts.stream().map(Duck::text).toList()) + ")";
    }

    /// Files with any of it are written anew without it, as a later generation.
    private void archive(Duck duck, Whom whom, Count count) {
        duck.execute("CREATE TABLE gone (id VARCHAR)");
        try (var appender = duck.appender("gone")) {
            for (var id : whom.predictions()) appender.beginRow().append(id.toString()).endRow();
        } catch (java.sql.SQLException e) {
            throw new IllegalStateException(e);
        }
        var digests = new LinkedHashSet<String>();
        var old = new ArrayList<ArchiveFile>();
        var by = new ArrayList<ArchiveFile>();
        for (var file : shelf.files()) {
            var is =
                    "(coalesce(entity IN "
                            + list(whom.names())
                            + ", false) OR coalesce("
                            + file.kind().prediction()
                            + " IN (SELECT id FROM gone), false))";
            long rows = duck.number("SELECT count(*) FROM " + parquet(file) + " WHERE " + is);
            if (rows == 0) continue;
            switch (file.kind()) {
                case PREDICTIONS -> {
                    count.predictions += rows;
                    digests.addAll(digests(duck, file, " WHERE " + is));
                }
                case FEEDBACK -> count.feedback += rows;
                case SHADOWS -> count.shadows += rows;
            }
            old.add(file);
            if (rows < file.rows())
                by.add(
                        shelf.rewritten(
                                duck,
                                List.of(file),
                                "SELECT * FROM " + parquet(file) + " WHERE NOT " + is));
        }
        count.files = old.size();
        if (!old.isEmpty()) shelf.replace(old, by, handle -> {});
        count.blobs = blobs(duck, digests);
    }

    private List<String> digests(Duck duck, ArchiveFile file, String where) {
        var found = new ArrayList<String>();
        for (var field : shelf.layout(file.endpoint(), file.layout()).fields())
            if (field.of() == Field.Of.BLOB)
                found.addAll(
                        duck.rows(
                                "SELECT DISTINCT "
                                        + Duck.name(field.name())
                                        + " FROM "
                                        + parquet(file)
                                        + where
                                        + " AND "
                                        + Duck.name(field.name())
                                        + " IS NOT NULL",
                                row -> row.getString(1)));
        return found;
    }

    /// The same image may have been sent by others.
    private long blobs(Duck duck, Set<String> digests) {
        if (digests.isEmpty()) return 0;
        for (var file : shelf.files(Kind.PREDICTIONS))
            digests.removeAll(digests(duck, file, " WHERE true"));
        digests.removeIf(usedElsewhere);
        return digests.stream().filter(blobs::delete).count();
    }

    private ObjectNode receipt(String hash, String who, String why, Count count) {
        var receipt =
                Json.object()
                        .put("entity", hash)
                        .put("at", clock.instant().truncatedTo(ChronoUnit.MILLIS).toString())
                        .put("by", who)
                        .put("why", why);
        receipt.set(
                "log", Json.object().put("records", count.logRecords).put("files", count.logFiles));
        receipt.set(
                "archive",
                Json.object()
                        .put("predictions", count.predictions)
                        .put("feedback", count.feedback)
                        .put("shadows", count.shadows)
                        .put("files", count.files));
        receipt.put("blobs", count.blobs).put("feedback-index", count.known);
        return receipt.put("digest", Hashes.sha256(Json.write(receipt)));
    }
}
