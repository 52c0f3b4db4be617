@NullMarked
package dev.davy.serving.feedback;

import org.jspecify.annotations.NullMarked;
