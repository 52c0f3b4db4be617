/// Routes, problems as RFC 9457 documents, and the one server that all interfaces share.
///
/// Start at [dev.davy.http.Route], what a module offers, and [dev.davy.http.HttpServer], which
/// serves all of them. A request passes `wire` (is it a request at all?), then the data path
/// ([dev.davy.http.FastPath]), then [dev.davy.http.Gate] (for whom, from where, by whom?) and the
/// routes, whose handlers block on virtual threads. Knows `access` for roles.
@NullMarked
package dev.davy.http;

import org.jspecify.annotations.NullMarked;
