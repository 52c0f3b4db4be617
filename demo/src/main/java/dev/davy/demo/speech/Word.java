package dev.davy.demo.speech;

import static dev.davy.demo.speech.Sound.gap;
import static dev.davy.demo.speech.Sound.hiss;
import static dev.davy.demo.speech.Sound.vowel;

import java.util.List;
import java.util.Locale;

/// What is said: the ten digits, as rows of sounds. Resonances are rounded from what is usual for
/// American English (Peterson and Barney 1952).
enum Word {
    ZERO(hiss(90, 3_400, 0.5, 0.3), i(110), r(70), o(180)),
    ONE(w(70), uh(130), n(120)),
    TWO(gap(20), hiss(50, 3_000, 0.8, 0), u(230)),
    THREE(hiss(80, 2_400, 0.2, 0), r(60), i(230)),
    FOUR(hiss(90, 1_900, 0.25, 0), aw(150), r(130)),
    FIVE(hiss(90, 1_900, 0.25, 0), a(220).to(i(0)), hiss(70, 1_900, 0.12, 0.3)),
    SIX(
            hiss(120, 3_500, 0.8, 0),
            ih(90),
            gap(50),
            hiss(30, 1_800, 0.6, 0),
            hiss(130, 3_500, 0.8, 0)),
    SEVEN(hiss(110, 3_500, 0.8, 0), e(100), hiss(50, 1_900, 0.1, 0.35), uh(70), n(100)),
    EIGHT(e(180).to(i(0)), gap(60), hiss(50, 3_000, 0.7, 0)),
    NINE(n(80), a(210).to(i(0)), n(110));

    @SuppressWarnings("ImmutableEnumChecker") // it is List.of, which nobody changes
    private final List<Sound> sounds;

    Word(Sound... sounds) {
        this.sounds = List.of(sounds);
    }

    List<Sound> sounds() {
        return sounds;
    }

    String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    private static Sound a(double milliseconds) {
        return vowel(milliseconds, 730, 1_090, 2_440);
    }

    private static Sound aw(double milliseconds) {
        return vowel(milliseconds, 570, 840, 2_410);
    }

    private static Sound e(double milliseconds) {
        return vowel(milliseconds, 530, 1_840, 2_480);
    }

    private static Sound i(double milliseconds) {
        return vowel(milliseconds, 290, 2_250, 2_950);
    }

    private static Sound ih(double milliseconds) {
        return vowel(milliseconds, 390, 1_990, 2_550);
    }

    private static Sound n(double milliseconds) {
        return vowel(milliseconds, 270, 1_500, 2_500).quieter(0.45);
    }

    private static Sound o(double milliseconds) {
        return vowel(milliseconds, 500, 950, 2_400).to(u(0));
    }

    private static Sound r(double milliseconds) {
        return vowel(milliseconds, 430, 1_250, 1_650).quieter(0.8);
    }

    private static Sound u(double milliseconds) {
        return vowel(milliseconds, 310, 880, 2_240);
    }

    private static Sound uh(double milliseconds) {
        return vowel(milliseconds, 640, 1_190, 2_390);
    }

    private static Sound w(double milliseconds) {
        return vowel(milliseconds, 300, 650, 2_300).quieter(0.7).to(uh(0));
    }
}
