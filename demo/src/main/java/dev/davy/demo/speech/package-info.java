/// Spoken digits that nobody spoke: made by code, as the phones are drawn.
///
/// Start at [Word], the sounds it is made of; a [Voice] says it, a [Microphone] hears it, and
/// [SpeechFolder] writes many of them for whoever trains or tries a model.
@NullMarked
package dev.davy.demo.speech;

import org.jspecify.annotations.NullMarked;
