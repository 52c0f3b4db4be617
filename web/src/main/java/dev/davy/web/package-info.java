/// All pages: made on the server, kept up to date by server-sent events, with nothing in them that
/// comes from elsewhere.
///
/// Start at [Pages], the addresses. A view (`EndpointView`) is what a page says, in words and
/// numbers; a template under `src/main/jte` is how it looks. Knows `monitoring` and those before
/// it.
@NullMarked
package dev.davy.web;

import org.jspecify.annotations.NullMarked;
