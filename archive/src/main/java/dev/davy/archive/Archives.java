package dev.davy.archive;

import dev.davy.schema.Output;
import dev.davy.schema.Schema;
import dev.davy.serving.Endpoint;
import dev.davy.serving.Endpoints;
import dev.davy.serving.PredictionReader;
import dev.davy.serving.Privacy;
import dev.davy.serving.feedback.Archived;
import dev.davy.serving.feedback.Feedbacks;
import dev.davy.serving.reading.Follower;
import dev.davy.serving.reading.Readers;
import dev.davy.storage.Blobs;
import dev.davy.storage.Database;
import dev.davy.storage.Ids;
import dev.davy.storage.Log;
import dev.davy.storage.Payload;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Predicate;

/// All that the archive is to the rest of Davy.
public final class Archives implements AutoCloseable {
    /// How the archive is kept.
    ///
    /// @param every the longest that a record waits to be written
    public record Settings(Duration every) {
        public static final Duration EVERY_MIN = Duration.ofSeconds(1);
        public static final Duration EVERY_MAX = Duration.ofHours(1);
        public static final Settings DEFAULT = new Settings(Duration.ofSeconds(60));

        public Settings {
            if (every.compareTo(EVERY_MIN) < 0 || every.compareTo(EVERY_MAX) > 0)
                throw new IllegalArgumentException(
                        "every is " + every + "; it must be 1 second to 1 hour");
        }
    }

    private final Past past;
    private final Archive archive;
    private final Queries queries;
    private final Tidying tidying;
    private final Shelf shelf;
    private final Path temporary;
    private final Blobs blobs;

    private Archives(
            Shelf shelf,
            Past past,
            Archive archive,
            Queries queries,
            Tidying tidying,
            Path temporary,
            Blobs blobs) {
        this.shelf = shelf;
        this.tidying = tidying;
        this.temporary = temporary;
        this.blobs = blobs;
        this.past = past;
        this.archive = archive;
        this.queries = queries;
    }

    /// Opens the archive, and removes what a crash left half done.
    ///
    /// @param folder of the archive; it need not exist
    /// @param temporary on the same disk, emptied at each start
    /// @param node whose archive it is, where several share a database
    public static Archives open(
            Path folder,
            Path temporary,
            Database database,
            int node,
            Log log,
            Endpoints endpoints,
            Blobs blobs,
            InstantSource clock,
            Settings settings) {
        var shelf = new Shelf(folder, temporary, database, node);
        var past = new Past(shelf, blobs, temporary);
        var known = new Known(endpoints, log);
        return new Archives(
                shelf,
                past,
                new Archive(shelf, past, known, blobs, temporary, settings.every()),
                new Queries(shelf, temporary, known::joinWithin),
                new Tidying(shelf, temporary, known::joinWithin, clock),
                temporary,
                blobs);
    }

    private record Known(Endpoints endpoints, Log log) implements Archive.Endpoints {
        @Override
        public Optional<Schema> schema(long hash) {
            return endpoints.schema(hash);
        }

        @Override
        public List<Output> outputs(String endpoint) {
            return endpoints
                    .table()
                    .route(endpoint)
                    .map(routing -> routing.shape().outputs())
                    .orElse(List.of());
        }

        @Override
        public Optional<String> endpointInLog(UUID prediction) {
            return log.find(prediction, PredictionReader::isPrediction)
                    .map(found -> PredictionReader.endpoint(Payload.of(found.payload())));
        }

        Duration joinWithin(String endpoint) {
            return endpoints
                    .table()
                    .route(endpoint)
                    .map(routing -> routing.endpoint().joinWithin())
                    .orElse(Endpoint.DEFAULT_JOIN);
        }
    }

    /// Reads the log for the archive.
    public Follower follower() {
        return archive;
    }

    /// Finds what the log no longer holds.
    public Archived archived() {
        return past;
    }

    public Queries queries() {
        return queries;
    }

    /// Takes entities out of the archive and the log.
    ///
    /// @param usedElsewhere whether a file of this digest is also something else: a model's
    public Erasure erasure(
            Log log,
            Readers readers,
            Feedbacks feedbacks,
            Database database,
            Privacy privacy,
            Ids ids,
            InstantSource clock,
            Predicate<String> usedElsewhere) {
        return new Erasure(
                shelf,
                temporary,
                blobs,
                log,
                readers,
                feedbacks,
                database,
                privacy,
                ids,
                clock,
                usedElsewhere);
    }

    public Tidying tidying() {
        return tidying;
    }

    /// How many rows it holds, of predictions, feedback and shadows.
    public long rows() {
        return shelf.files().stream().mapToLong(ArchiveFile::rows).sum();
    }

    /// After the readers have stopped.
    @Override
    public void close() {
        tidying.close();
        archive.close();
        past.close();
    }
}
