@NullMarked
package dev.davy.runtime.media;

import org.jspecify.annotations.NullMarked;
