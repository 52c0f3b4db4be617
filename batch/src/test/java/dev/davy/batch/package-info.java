@NullMarked
package dev.davy.batch;

import org.jspecify.annotations.NullMarked;
