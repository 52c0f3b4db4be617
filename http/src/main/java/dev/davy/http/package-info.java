/// Routes, problems as RFC 9457 documents, and the one server that all interfaces share.
///
/// Start at `Route`. Knows `access` for roles.
@NullMarked
package dev.davy.http;

import org.jspecify.annotations.NullMarked;
