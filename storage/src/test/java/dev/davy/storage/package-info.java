@NullMarked
package dev.davy.storage;

import org.jspecify.annotations.NullMarked;
