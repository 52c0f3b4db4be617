/// Pages in one file that need nothing else, to be kept and sent.
///
/// Start at [Report], the page; [Drawing] draws for it. [IncidentPage] is one that the server
/// itself makes. Knows only `strict`.
@NullMarked
package dev.davy.web.report;

import org.jspecify.annotations.NullMarked;
