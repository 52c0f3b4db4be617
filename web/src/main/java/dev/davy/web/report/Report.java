package dev.davy.web.report;

import dev.davy.strict.Visible;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// One page in one file that needs nothing else: a question, its answer in words, then the
/// evidence. In light and dark, as the reader's system is; with pictures as SVG (see [Drawing]).
///
/// ```java
/// new Report("Has june.csv drifted from may.csv?", "2 of 12 columns have.", Report.State.ALARM)
///         .heading("Columns").table(heads, rows)
///         .figure("age", Drawing.histogram(...))
///         .write(path);
/// ```
public final class Report {
    /// What the lamp shows.
    public enum State {
        /// A steady amber flame: well.
        WELL("well"),
        /// A tall blue flame: something is changing.
        CHANGING("changing"),
        /// A red flame: the answer is no.
        ALARM("alarm"),
        /// A grey outline: not enough to tell.
        UNKNOWN("too early");

        private final String word;

        State(String word) {
            this.word = word;
        }
    }

    /// From how many characters on a cell is broken into lines.
    private static final int SENTENCE = 30;

    private static final String STYLE =
            """
            :root{color-scheme:light dark;--paper:#faf9f6;--ink:#22252a;--dim:#62666d;--line:#dcdad3;
            --accent:#9a5b00;--amber:#d98a00;--blue:#2f6fc4;--red:#c2341d;--band:#b9bdc4;--panel:#fff}
            @media (prefers-color-scheme:dark){:root{--paper:#16171a;--ink:#e9e4d8;--dim:#a19d93;
            --line:#33353a;--accent:#f0b04a;--amber:#f0a92e;--blue:#7fb0f5;--red:#ff7a61;--band:#5b5f68;
            --panel:#1d1f23}}
            *{box-sizing:border-box}
            body{margin:0;background:var(--paper);color:var(--ink);font:15px/1.5 system-ui,sans-serif}
            main{max-width:1080px;margin:0 auto;padding:40px 24px 64px}
            header{display:flex;gap:20px;align-items:flex-start;margin-bottom:32px}
            header svg{flex:none;margin-top:4px}header div{min-width:0}
            h1{overflow-wrap:anywhere;font-size:24px;line-height:1.25;margin:0 0 8px;font-weight:600}
            h2{font-size:18px;margin:40px 0 12px;font-weight:600}
            p{max-width:75ch;margin:0 0 12px;overflow-wrap:anywhere}
            .answer{font-size:18px;line-height:1.4}
            .dim,figcaption,footer{color:var(--dim);font-size:13px}
            .scroll{overflow-x:auto}
            table{border-collapse:collapse;font-variant-numeric:tabular-nums;margin:8px 0 16px}
            th,td{text-align:left;padding:6px 20px 6px 0;border-bottom:1px solid var(--line);
            vertical-align:top;white-space:nowrap}
            td.long{white-space:normal;min-width:24ch;overflow-wrap:anywhere}
            th{font-size:13px;font-weight:500;color:var(--dim);white-space:nowrap}
            .n{text-align:right}
            tr.mark td:first-child{box-shadow:inset 3px 0 var(--amber);padding-left:10px}
            @media (max-width:600px){main{padding:24px 16px 48px}th,td{padding-right:12px}}
            .grid{display:grid;grid-template-columns:repeat(auto-fill,minmax(310px,1fr));gap:20px}
            figure{margin:0;background:var(--panel);border:1px solid var(--line);border-radius:6px;
            padding:14px 16px}
            figure h3{font-size:15px;font-weight:600;margin:0 0 8px;overflow-wrap:anywhere}
            figure svg{width:100%;height:auto;display:block}
            figure img{max-width:100%;min-width:96px;max-height:280px;display:block;margin-bottom:8px;
            image-rendering:pixelated;background:var(--band)}figure audio{width:100%}
            .reference{fill:var(--band)}.current{fill:none;stroke:var(--accent);stroke-width:2}
            .solid{fill:var(--accent)}.axis{stroke:var(--line)}
            svg text{fill:var(--dim);font:11px system-ui,sans-serif}
            footer{margin-top:48px;border-top:1px solid var(--line);padding-top:12px}
            """;

    private final StringBuilder body = new StringBuilder();
    private final String title;
    private boolean inGrid;

    /// @param title a question
    /// @param answer in words, with the number behind it
    public Report(String title, String answer, State state) {
        this.title = title;
        body.append("<header>")
                .append(lamp(state))
                .append("<div><h1>")
                .append(escaped(title))
                .append("</h1><p class=\"answer\">")
                .append(escaped(answer))
                .append("</p></div></header>\n");
    }

    public Report heading(String text) {
        endGrid();
        body.append("<h2>").append(escaped(text)).append("</h2>\n");
        return this;
    }

    public Report paragraph(String text) {
        endGrid();
        body.append("<p>").append(escaped(text)).append("</p>\n");
        return this;
    }

    /// Columns of numbers stand to the right.
    public Report table(List<String> heads, List<List<String>> rows) {
        return table(heads, rows, List.of());
    }

    /// @param marked the numbers of rows, from 0, that are to be seen first
    public Report table(List<String> heads, List<List<String>> rows, List<Integer> marked) {
        endGrid();
        body.append("<div class=\"scroll\"><table><thead><tr>");
        var numbers = new boolean[heads.size()];
        for (int c = 0; c < heads.size(); c++) {
            int column = c;
            numbers[c] =
                    !rows.isEmpty()
                            && rows.stream().allMatch(row -> isNumber(row.get(column)))
                            && rows.stream().anyMatch(row -> !row.get(column).isEmpty());
            body.append(numbers[c] ? "<th class=\"n\">" : "<th>")
                    .append(escaped(heads.get(c)))
                    .append("</th>");
        }
        body.append("</tr></thead><tbody>\n");
        for (int r = 0; r < rows.size(); r++) {
            body.append(marked.contains(r) ? "<tr class=\"mark\">" : "<tr>");
            for (int c = 0; c < heads.size(); c++)
                body.append(cell(numbers[c], rows.get(r).get(c)))
                        .append(escaped(rows.get(r).get(c)))
                        .append("</td>");
            body.append("</tr>\n");
        }
        body.append("</tbody></table></div>\n");
        return this;
    }

    /// An interval or a name stays on its line, on a phone, too; a sentence does not.
    private static String cell(boolean number, String text) {
        if (number) return "<td class=\"n\">";
        return text.length() > SENTENCE ? "<td class=\"long\">" : "<td>";
    }

    /// Figures that follow each other stand side by side.
    ///
    /// @param drawing SVG of [Drawing]
    /// @param caption what it says, for those who don't see it, too
    public Report figure(String name, String drawing, String caption) {
        if (!inGrid) body.append("<div class=\"grid\">\n");
        inGrid = true;
        body.append("<figure><h3>")
                .append(escaped(name))
                .append("</h3>")
                .append(drawing)
                .append("<figcaption>")
                .append(escaped(caption))
                .append("</figcaption></figure>\n");
        return this;
    }

    /// Pictures that follow each other stand side by side, before anything that is said of them.
    ///
    /// @param source of a picture, as a `data:` address; empty where there is none
    public Report picture(String name, String source, String caption) {
        return figure(
                name,
                source.isEmpty()
                        ? ""
                        : "<img src=\"" + escaped(source) + "\" alt=\"" + escaped(name) + "\">",
                caption);
    }

    /// A recording, to be played.
    public Report recording(String name, String source, String caption) {
        return figure(name, "<audio controls src=\"" + escaped(source) + "\"></audio>", caption);
    }

    private void endGrid() {
        if (inGrid) body.append("</div>\n");
        inGrid = false;
    }

    public String html() {
        endGrid();
        return "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><meta"
                + " name=\"viewport\" content=\"width=device-width\"><title>"
                + escaped(title)
                + "</title><style>\n"
                + STYLE
                + "</style></head><body><main>\n"
                + body
                + "<footer>Made by Davy. This page needs nothing else.</footer>\n"
                + "</main></body></html>\n";
    }

    public void write(Path file) throws IOException {
        Files.writeString(file, html());
    }

    /// As text in HTML and SVG, whatever it is: names and values come from other people.
    public static String escaped(String text) {
        return Visible.text(text)
                .replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }

    private static boolean isNumber(String text) {
        return text.chars().allMatch(c -> "0123456789.,-−+eE%< ∞".indexOf(c) >= 0);
    }

    private static String lamp(State state) {
        var flame =
                switch (state) {
                    case WELL -> flame("var(--amber)", "M24 50c-5-4-5-9 0-15 5 6 5 11 0 15z");
                    case CHANGING -> flame("var(--blue)", "M24 51c-6-6-6-18 0-29 6 11 6 23 0 29z");
                    case ALARM ->
                            flame(
                                    "var(--red)",
                                    "M24 51c-9-5-8-12-4-18 1 4 3 4 3 0 0-5 2-8 5-10 0 6 7 10 6 18-1 5-4 8-10 10z");
                    case UNKNOWN ->
                            "<path d=\"M24 50c-5-4-5-9 0-15 5 6 5 11 0 15z\" fill=\"none\""
                                    + " stroke=\"var(--dim)\" stroke-dasharray=\"2 2\"/>";
                };
        return "<svg width=\"60\" height=\"82\" viewBox=\"-6 0 60 82\" role=\"img\" aria-label=\""
                + state.word
                + "\"><g fill=\"none\" stroke=\"var(--ink)\" stroke-width=\"1.6\"><path d=\"M24"
                + " 6v6M17 6h14M13 14h22M15 14v40M33 14v40M10 55h28M12 55v10h24V55\"/></g>"
                + flame
                + "<text x=\"24\" y=\"76\" text-anchor=\"middle\">"
                + state.word
                + "</text></svg>";
    }

    private static String flame(String colour, String path) {
        return "<path d=\"" + path + "\" fill=\"" + colour + "\"/>";
    }
}
