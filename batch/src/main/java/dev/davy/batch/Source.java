package dev.davy.batch;

import dev.davy.jobs.JobStopped;
import dev.davy.schema.Block;
import java.io.IOException;
import java.util.List;
import java.util.OptionalInt;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/// The input of a batch, in chunks that are always the same: what a chunk's number says does not
/// depend on how often, by whom and in which order chunks are read.
interface Source extends AutoCloseable {
    /// Columns of the input that the endpoint does not know: they are left out.
    List<String> ignored();

    /// How many rows there are; an estimate while that is not known, 0 for no idea.
    long rows();

    /// How many chunks there are; empty while that is not known.
    OptionalInt chunks();

    /// The next chunk that is still to be done, for whichever thread asks.
    ///
    /// @param done the numbers of those that are not
    /// @return null when there are no more
    /// @throws dev.davy.strict.Problem what is wrong with the whole file
    @Nullable Chunk next(IntPredicate done) throws IOException;

    /// A piece of the input, for one thread.
    interface Chunk {
        int number();

        /// Reads it.
        void read(Into into) throws IOException, JobStopped;
    }

    /// Where the rows of a chunk go.
    interface Into {
        /// Rows that can be asked.
        ///
        /// @param block reused after this returns
        /// @param numbers of the rows in the whole input, from 0
        /// @param lines of the file on which they begin; the row's number + 1 where there are none
        /// @param files their names, where each row is a file
        void rows(Block block, long[] numbers, long[] lines, @Nullable List<String> files)
                throws IOException, JobStopped;

        /// A row that can't.
        void refused(long number, long line, @Nullable String file, String reason)
                throws IOException;
    }

    @Override
    void close() throws IOException;
}
