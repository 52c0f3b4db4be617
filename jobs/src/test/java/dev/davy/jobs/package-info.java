@NullMarked
package dev.davy.jobs;

import org.jspecify.annotations.NullMarked;
