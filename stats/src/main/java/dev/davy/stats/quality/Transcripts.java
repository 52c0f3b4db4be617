package dev.davy.stats.quality;

import java.util.List;

/// How many words and characters of transcripts are wrong: substituted, left out or put in, over
/// how many there should be. Above 1 where more is put in than there was.
///
/// Words are parted by white space and compared as they are: whoever wants case or punctuation
/// ignored takes them away first, in both texts. Characters are code points, with spaces.
public record Transcripts(Ratio words, Ratio characters) {
    public static final Transcripts NONE = new Transcripts(Ratio.NONE, Ratio.NONE);

    /// One more recording.
    public Transcripts plus(String truth, String heard, double weight) {
        var said = words(truth);
        var read = words(heard);
        var letters = truth.codePoints().boxed().toList();
        var other = heard.codePoints().boxed().toList();
        return new Transcripts(
                words.plus(distance(said, read), said.size(), weight),
                characters.plus(distance(letters, other), letters.size(), weight));
    }

    public Transcripts merge(Transcripts that) {
        return new Transcripts(words.merge(that.words), characters.merge(that.characters));
    }

    private static List<String> words(String text) {
        var bare = text.strip();
        return bare.isEmpty() ? List.of() : List.of(bare.split("\\s+"));
    }

    /// The fewest substitutions, deletions and insertions that turn one into the other (Levenshtein
    /// 1966); memory for one row of the table.
    public static <T> int distance(List<T> truth, List<T> heard) {
        var row = new int[heard.size() + 1];
        for (int j = 0; j < row.length; j++) row[j] = j;
        for (int i = 1; i <= truth.size(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j < row.length; j++) {
                int kept = diagonal + (truth.get(i - 1).equals(heard.get(j - 1)) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(kept, 1 + Math.min(row[j], row[j - 1]));
            }
        }
        return row[row.length - 1];
    }

    public List<Figure> figures(double confidence) {
        return List.of(
                words.figure("wer", confidence, "word edits / words, over all recordings together"),
                characters.figure(
                        "cer", confidence, "character edits / characters, over all recordings"));
    }
}
