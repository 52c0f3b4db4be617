@NullMarked
package dev.davy.review.explain;

import org.jspecify.annotations.NullMarked;
